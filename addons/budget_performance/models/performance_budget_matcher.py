from typing import NamedTuple

from odoo import api, models

from ..tools import distribution, money


class Candidate(NamedTuple):
    """A budget line in force that may be charged for an account of a company."""

    line_id: int
    key: frozenset  # its analytic accounts
    date_from: object
    date_to: object


class PerformanceBudgetMatcher(models.AbstractModel):
    """Finds the budget lines that a spending charges.

    A line matches on company, account, date and analytic accounts; all lines that
    match are charged, the department's own and the pool above it.
    """

    _name = "performance.budget.matcher"
    _description = "Budget Matcher"

    @api.model
    def _match(self, spendings):
        """Find the lines that each spending charges.

        :return: list of ``(spending, [(line_id, Decimal), …], uncovered keys)``
        """
        if not spendings:
            return []
        companies = tuple(sorted({spending.company_id for spending in spendings}))
        shelf = self._get_shelf(companies)
        found = [self._find_candidates(shelf, spending) for spending in spendings]
        plan_of = self._get_plans(spendings) if any(found) else {}
        return [
            (spending, *self._charge(spending, candidates, plan_of))
            for spending, candidates in zip(spendings, found, strict=True)
        ]

    @api.model
    def _find_candidates(self, shelf, spending):
        """Return the lines that a spending may charge.

        A line that wants an analytic account which the spending does not name is left
        out.

        :param shelf: the lines in force, see ``_get_shelf``
        """
        analytic_ids = {account_id for key in spending.keys for account_id in key}
        place = spending.company_id, spending.account_id
        return [
            candidate
            for mark in (None, *sorted(analytic_ids))
            for candidate in shelf.get((*place, mark), ())
            if candidate.key <= analytic_ids
        ]

    @api.model
    def _charge(self, spending, candidates, plan_of):
        """Return ``([(line_id, Decimal), …], uncovered keys)`` of one spending."""
        lines = {
            candidate.line_id: candidate.key
            for candidate in candidates
            if candidate.date_from <= spending.date <= candidate.date_to
        }
        uncovered = distribution.uncovered(spending.keys, lines.values())
        if not lines:
            return [], uncovered
        company = self.env["res.company"].browse(spending.company_id)
        shares = distribution.line_shares(
            spending.amount,
            spending.keys,
            plan_of,
            set(lines.values()),
            money.unit(company.currency_id.decimal_places),
        )
        charges = [
            (line_id, shares[key]) for line_id, key in lines.items() if key in shares
        ]
        return charges, uncovered

    @api.model
    def _get_plans(self, spendings):
        """Return ``{analytic account id: root plan id}``.

        Plans only matter where amounts are split: without several keys in one
        distribution all accounts count as of one plan.
        """
        accounts = {
            acc for spending in spendings for key in spending.keys for acc in key
        }
        if all(len(spending.keys) <= 1 for spending in spendings):
            return dict.fromkeys(accounts, 0)
        # sudo: asked on behalf of people without analytic rights
        accounts_sudo = self.env["account.analytic.account"].sudo().browse(accounts)
        return {account.id: account.root_plan_id.id for account in accounts_sudo}
