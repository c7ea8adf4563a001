from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """What the nightly audit looks for besides differences."""

    _inherit = "res.config.settings"

    budget_stale_days = fields.Integer(
        related="company_id.budget_stale_days", readonly=False
    )
