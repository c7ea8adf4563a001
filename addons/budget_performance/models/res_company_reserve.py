from odoo import fields, models


class ResCompany(models.Model):
    """How large the reserve of a budget has to be."""

    _inherit = "res.company"

    budget_reserve_min_rate = fields.Float(
        string="Least Reserve",
        default=0.05,
        digits=(16, 4),
        help="Share of the budget, with its reserve, that the reserve has to reach.",
    )
    budget_reserve_max_rate = fields.Float(
        string="Largest Reserve",
        default=0.10,
        digits=(16, 4),
        help="Share of the budget, with its reserve, that the reserve may not exceed.",
    )
    budget_reserve_required = fields.Boolean(
        string="Every Budget Needs a Reserve",
        help="Off: a budget without any reserve line is approved, with a note.",
    )

    _budget_reserve_range = models.Constraint(
        "CHECK (budget_reserve_min_rate >= 0 AND budget_reserve_max_rate <= 1"
        " AND budget_reserve_min_rate <= budget_reserve_max_rate)",
        "The bounds of the reserve lie between 0 % and 100 %, the least below the"
        " largest.",
    )
