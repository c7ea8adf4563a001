from odoo import models
from odoo.exceptions import UserError

from ..tools import periods


class PerformanceBudgetDocument(models.AbstractModel):
    """Keeps what a document is told that is not in the budget."""

    _inherit = "performance.budget.document"

    def _check_budget_coverage(self, matches):
        # EXTENDS: a refusal is remembered, although it undoes the request
        try:
            return super()._check_budget_coverage(matches)
        except UserError:
            self._keep_uncovered(matches)
            raise

    def _keep_uncovered(self, matches):
        """Have the stops written of those that are not in the budget."""
        months = {
            spending.res_id: periods.month_start(spending.date)
            for spending, _charges, _uncovered in matches
        }
        problems = {}
        for policy, document, text in self._get_budget_uncovered(matches):
            if policy == "block":
                problems.setdefault(document, []).append(text)
        Stop = self.env["performance.budget.stop"]
        Stop._keep_afterwards(
            [
                Stop._prepare_vals(document, (), texts, months.get(document.id))
                for document, texts in problems.items()
            ]
        )
