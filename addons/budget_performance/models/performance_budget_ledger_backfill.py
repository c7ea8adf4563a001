from datetime import timedelta

from odoo import api, fields, models

BACKFILL_BATCH = 500

# No request takes longer; who began before a budget was approved and ended after it
# did not see the budget, and the approval did not see him.
LONGEST_REQUEST = timedelta(minutes=10)


class PerformanceBudgetLedger(models.AbstractModel):
    """How a newly approved budget learns what happened before."""

    _inherit = "performance.budget.ledger"

    @api.model
    def _backfill(self, budgets):
        """Book what already happened in the months of newly approved budgets."""
        for budget in budgets.sudo():  # the approver need not be an accountant
            for documents in self._find_batches(budget):
                self._sync({documents._name: documents})
        # sudo: who approves a budget administers no scheduled jobs
        self.env.ref("budget_performance.ir_cron_budget_catch_up").sudo()._trigger(
            at=fields.Datetime.now() + LONGEST_REQUEST
        )

    @api.model
    def _cron_catch_up(self):
        """Book what was on its way while a budget was approved."""
        budgets = self.env["performance.budget"].search(
            [
                ("state", "=", "approved"),
                ("approved_date", ">=", fields.Datetime.now() - timedelta(days=1)),
            ]
        )
        for done, budget in enumerate(budgets, start=1):
            since = budget.approved_date - LONGEST_REQUEST
            for documents in self._find_batches(budget, since):
                self._sync({documents._name: documents})
            self.env["ir.cron"]._commit_progress(
                processed=1, remaining=len(budgets) - done
            )

    @api.model
    def _find_batches(self, budget, since=None):
        """Yield the documents that a budget has to know of, some hundred at a time.

        :param since: only those that were changed after this moment
        """
        accounts = budget.line_ids.position_id._get_covered_accounts()
        for model in self._get_document_models():
            # sudo: whoever approves need not see the documents
            documents = self.env[model].sudo()._find_for_backfill(budget, accounts)
            if since:
                documents = documents.search(
                    [("id", "in", documents.ids), ("write_date", ">=", since)]
                )
            for start in range(0, len(documents), BACKFILL_BATCH):
                batch = documents[start : start + BACKFILL_BATCH]
                batch = batch.with_prefetch(batch.ids)
                batch._fetch_for_budget()
                yield batch
                self.env.invalidate_all()  # a year of documents does not fit the cache

    @api.model
    def _get_document_models(self):
        """Return the names of the models that the ledger follows."""
        return [
            name
            for name, model in self.env.registry.items()
            if not model._abstract
            and issubclass(model, self.env.registry["performance.budget.document"])
        ]
