from odoo import models

from ..tools import distribution


class AccountMove(models.Model):
    """What a journal entry tells the ledger: its items, as they are or would be."""

    _inherit = "account.move"

    def _get_budget_spendings(self):
        posted = self.filtered(lambda move: move.state == "posted")
        return posted.line_ids._prepare_budget_spendings()

    def _get_budget_spendings_ahead(self):
        # EXTENDS 'performance.budget.document': as if they were posted
        items = self.line_ids | self.invoice_line_ids  # those just typed are here only
        return items._prepare_budget_spendings()

    def _get_budget_handed_over(self):
        # EXTENDS 'performance.budget.document': a claim is spent when its entry is
        drafts_sudo = self.sudo().filtered(lambda move: move.state == "draft")
        return drafts_sudo.line_ids.expense_id._get_budget_spendings()

    def _fetch_for_budget(self):
        # EXTENDS 'performance.budget.document': the columns that are read here
        self.fetch(["state", "company_id", "date", "name", "ref", "line_ids"])
        self.line_ids.fetch(
            ["move_id", "account_id", "balance", "analytic_distribution"]
        )

    def _is_budget_expected(self, spending):
        # EXTENDS 'performance.budget.document': but not what a claim has asked for
        return super()._is_budget_expected(spending) and not self._is_claimed(spending)

    def _is_claimed(self, spending):
        """Tell whether a claim of this entry says where the spending belongs."""
        # sudo: who posts need not see the claims
        return any(
            claim_sudo.account_id.id == spending.account_id
            and distribution.parse(claim_sudo.analytic_distribution) == spending.keys
            for claim_sudo in self.line_ids.sudo().expense_id
        )
