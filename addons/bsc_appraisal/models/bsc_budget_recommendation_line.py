from odoo import fields, models


class BscBudgetRecommendationLine(models.Model):
    """More money for one budget line, as a share of what it plans: only proposed."""

    _name = "bsc.budget.recommendation.line"
    _description = "Recommended Budget Line"
    _order = "recommendation_id, amount desc, id"
    _rec_name = "line_id"

    recommendation_id = fields.Many2one(
        "bsc.budget.recommendation",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="recommendation_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    line_id = fields.Many2one(
        "performance.budget.line",
        string="Budget Line",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    planned = fields.Monetary(readonly=True)
    amount = fields.Monetary(string="Proposed", readonly=True)
