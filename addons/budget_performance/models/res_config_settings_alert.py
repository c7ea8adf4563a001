from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """How people hear of their budget lines."""

    _inherit = "res.config.settings"

    budget_alert_email = fields.Boolean(
        related="company_id.budget_alert_email", readonly=False
    )
