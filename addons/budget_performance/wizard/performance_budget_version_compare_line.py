from odoo import fields, models


class PerformanceBudgetVersionCompareLine(models.TransientModel):
    """One line of two plans, side by side."""

    _name = "performance.budget.version.compare.line"
    _description = "Compared Budget Line"

    compare_id = fields.Many2one(
        "performance.budget.version.compare",
        required=True,
        index=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="compare_id.currency_id")
    name = fields.Char(string="Budget Line", readonly=True)
    amount_before = fields.Monetary(string="From", readonly=True)
    amount_after = fields.Monetary(string="To", readonly=True)
    amount_change = fields.Monetary(string="Change", readonly=True)
