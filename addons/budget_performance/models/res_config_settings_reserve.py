from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """How large the reserve of a budget has to be."""

    _inherit = "res.config.settings"

    budget_reserve_min_rate = fields.Float(
        related="company_id.budget_reserve_min_rate", readonly=False
    )
    budget_reserve_max_rate = fields.Float(
        related="company_id.budget_reserve_max_rate", readonly=False
    )
    budget_reserve_required = fields.Boolean(
        related="company_id.budget_reserve_required", readonly=False
    )
