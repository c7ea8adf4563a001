from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools import distribution


class PerformanceBudgetDocument(models.AbstractModel):
    """What a document tells the ledger.

    To put one more document under the budget, inherit this, say what the document
    holds in its present state, and call :meth:`_mark_for_budget` from an
    ``@api.constrains`` on every stored field that this depends on and from an
    ``@api.ondelete(at_uninstall=True)``. Constraints are the one hook that sees every
    way a field can change (form, RPC, import, recomputation); what they mark is
    synchronised once, before the commit.
    """

    _name = "performance.budget.document"
    _description = "Document Followed by the Budget"

    # Which control rules apply; None follows the document and never refuses it.
    _budget_document_type = None

    def _get_budget_spendings(self):
        """Return what the documents should hold now, as plain values.

        :return: list of :class:`~..tools.ledger.Spending`; a document that should
            hold nothing (draft, refused, …), or has no figures, has none
        """
        raise NotImplementedError

    def _get_budget_obstacles(self):
        """Return why documents that should hold something cannot be judged.

        Asked of documents that ask for budget only; nobody else is stopped by them.
        """
        return []

    def _get_budget_source_states(self):
        """Return ``{id: state}``, kept on the entries as the reason they were made."""
        raise NotImplementedError

    def _find_for_backfill(self, budget, accounts):
        """Return the documents that a newly approved budget has to know of."""
        raise NotImplementedError

    def _mark_for_budget(self, deleted=False, asking=True):
        """Have the ledger follow these documents when the transaction commits.

        :param deleted: True when they are about to be deleted
        :param asking: False when they only follow another document that changed
        """
        self.env["performance.budget.ledger"]._mark(self, deleted, asking)

    def _continue_authorized(self):
        """Take the step that the budget held, after it was authorised."""
        raise NotImplementedError

    def _check_budget_coverage(self, spending, uncovered):
        """Refuse what cannot be planned against.

        :param uncovered: analytic keys of the spending that no budget line covers
        :raise UserError: the amount, the distribution or the budget is missing
        """
        for problem in self._get_budget_coverage_problems(spending, uncovered):
            raise UserError(problem)

    def _get_budget_coverage_problems(self, spending, uncovered):
        """Return sentences; empty when the spending can be judged by its lines."""
        self.ensure_one()
        if spending.amount <= 0:
            return [
                self.env._(
                    "“%s”: the amount must be above zero to be checked against the"
                    " budget.",
                    self.display_name,
                )
            ]
        matcher = self.env["performance.budget.matcher"]
        plan_of = matcher._get_plans([spending])
        totals = distribution.plan_totals(spending.keys, plan_of)
        incomplete = [total for total in totals.values() if total != distribution.WHOLE]
        if incomplete:
            return [
                self.env._(
                    "“%(document)s”: the analytic distribution adds up to %(total)s %%,"
                    " not to 100 %%. Complete it, so that every part has its budget.",
                    document=self.display_name,
                    total=incomplete[0].normalize(),
                )
            ]
        return [self._get_unbudgeted_message(spending, key) for key in uncovered]

    def _get_unbudgeted_message(self, spending, key):
        """Say what is not in the budget: account, month and analytic accounts."""
        # sudo: the names of the person's own document, he need not be an accountant
        account_sudo = self.env["account.account"].sudo().browse(spending.account_id)
        centres_sudo = self.env["account.analytic.account"].sudo().browse(sorted(key))
        return self.env._(
            "“%(document)s” is not in the budget: no approved budget line covers"
            " %(account)s%(centres)s on %(date)s. Choose another category, or ask the"
            " finance department for a budget line.",
            document=self.display_name,
            account=account_sudo.name or self.env._("a document without account"),
            centres="".join(f" · {centre.name}" for centre in centres_sudo),
            date=format_date(self.env, spending.date),
        )
