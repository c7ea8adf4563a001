from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    budget_uncovered_order = fields.Selection(
        related="company_id.budget_uncovered_order", readonly=False, required=True
    )
