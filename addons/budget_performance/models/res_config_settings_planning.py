from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Who may propose when the next budget is planned."""

    _inherit = "res.config.settings"

    budget_grant_heads = fields.Boolean(
        related="company_id.budget_grant_heads", readonly=False
    )
