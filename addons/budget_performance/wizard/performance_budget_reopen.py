from odoo import fields, models


class PerformanceBudgetReopen(models.TransientModel):
    """Asks why a closed budget is opened again: the reason stays with it."""

    _name = "performance.budget.reopen"
    _description = "Reopen a Budget"

    budget_id = fields.Many2one("performance.budget", required=True)
    reason = fields.Text(required=True)

    def action_reopen(self):
        """Reopen with the reason given; the right is checked by the budget."""
        self.ensure_one()
        self.budget_id._reopen(self.reason)
        return self.budget_id._get_records_action()
