from odoo import fields, models


class PerformanceBudgetReviewLine(models.Model):
    """What a budget line stood at when its department reviewed the quarter."""

    _name = "performance.budget.review.line"
    _description = "Figures of a Budget Review"
    _order = "review_id desc, id"
    _rec_name = "line_id"
    _log_access = False

    review_id = fields.Many2one(
        "performance.budget.review",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    line_id = fields.Many2one(
        "performance.budget.line",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    is_in_pool = fields.Boolean(
        readonly=True, help="Counted in another line of the review already."
    )
    quarter_planned = fields.Monetary(string="Quarter: Planned", readonly=True)
    quarter_used = fields.Monetary(string="Quarter: Used", readonly=True)
    amount_planned = fields.Monetary(string="Budget", readonly=True)
    amount_used = fields.Monetary(string="Used", readonly=True)
    amount_expected = fields.Monetary(
        string="Expected at the End",
        readonly=True,
        help="By the latest forecast of that day; what is used if there was none.",
    )
    amount_left = fields.Monetary(string="Left at the End", readonly=True)
    warning = fields.Char(string="Outlook", readonly=True)
