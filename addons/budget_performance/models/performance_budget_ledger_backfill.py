from odoo import api, models

BACKFILL_BATCH = 500


class PerformanceBudgetLedger(models.AbstractModel):
    """How a newly approved budget learns what happened before."""

    _inherit = "performance.budget.ledger"

    @api.model
    def _backfill(self, budgets):
        """Book what already happened in the months of newly approved budgets."""
        for budget in budgets.sudo():  # the approver need not be an accountant
            accounts = budget.line_ids.position_id._get_covered_accounts()
            for model in self._get_document_models():
                documents = self.env[model].sudo()._find_for_backfill(budget, accounts)
                for start in range(0, len(documents), BACKFILL_BATCH):
                    batch = documents[start : start + BACKFILL_BATCH]
                    self._sync({model: batch})

    @api.model
    def _get_document_models(self):
        """Return the names of the models that the ledger follows."""
        return [
            name
            for name, model in self.env.registry.items()
            if not model._abstract
            and issubclass(model, self.env.registry["performance.budget.document"])
        ]
