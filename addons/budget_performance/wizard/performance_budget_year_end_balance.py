from odoo import fields, models


class PerformanceBudgetYearEndBalance(models.TransientModel):
    """What a line did not use, and how much of it goes on in the next budget."""

    _name = "performance.budget.year.end.balance"
    _description = "Balance at Year-end"
    _order = "id"

    year_end_id = fields.Many2one(
        "performance.budget.year.end", required=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="year_end_id.currency_id")
    line_id = fields.Many2one("performance.budget.line", readonly=True)
    amount_left = fields.Monetary(string="Left", readonly=True)
    amount_carried = fields.Monetary(string="Carry")
