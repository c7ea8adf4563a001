from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    budget_show_amounts = fields.Boolean(
        related="company_id.budget_show_amounts", readonly=False
    )
