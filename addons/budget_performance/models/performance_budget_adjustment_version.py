from odoo import models


class PerformanceBudgetAdjustment(models.Model):
    """A revision makes a new version of the budget and keeps the one before."""

    _inherit = "performance.budget.adjustment"

    def _apply(self):
        # EXTENDS: the plan before and after a revision are versions
        revised = self.line_ids.budget_id if self.kind == "revision" else None
        if revised:
            self._keep_unversioned(revised)
        result = super()._apply()
        if revised:
            self.env["performance.budget.version"]._keep(revised, self)
        return result

    def _keep_unversioned(self, budgets):
        """Keep the predecessor where adjustments changed the plan since it was kept."""
        Version = self.env["performance.budget.version"]
        for budget in budgets:
            last = Version.search([("budget_id", "=", budget.id)], limit=1)
            if not last or last.change_ref != Version._get_last_change(budget):
                Version._keep(budget)
