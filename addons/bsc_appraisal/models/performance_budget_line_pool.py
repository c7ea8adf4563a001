from odoo import fields, models


class PerformanceBudgetLine(models.Model):
    """Lines from which raises and bonuses are paid: HR managers see these only."""

    _inherit = "performance.budget.line"

    is_pay_pool = fields.Boolean(
        string="Pays Raises and Bonuses",
        help="HR managers see the line and can spend it on raises and bonuses. Use a"
        " line of its own, on which no salaries are booked.",
    )

    def _compute_display_name(self):
        # sudo: a line is named after cost centres that HR managers need not read
        return super(PerformanceBudgetLine, self.sudo())._compute_display_name()
