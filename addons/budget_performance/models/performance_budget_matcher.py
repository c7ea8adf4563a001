from collections import defaultdict
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ..tools import distribution, money
from .performance_budget_function import Function


class Candidate(NamedTuple):
    """A budget line that may be charged for an account of a company."""

    line_id: int
    account_id: int
    company_id: int
    key: frozenset  # its analytic accounts
    date_from: object
    date_to: object


class PerformanceBudgetMatcher(models.AbstractModel):
    """Finds the budget lines that a spending charges.

    A line matches on company, account, date and analytic accounts; all lines that
    match are charged, the department's own and the pool above it.
    """

    _name = "performance.budget.matcher"
    _inherit = ["performance.budget.function"]
    _description = "Budget Matcher"

    @api.model
    def _match(self, spendings):
        """Find the lines that each spending charges, with one query for all.

        :return: list of ``(spending, [(line_id, Decimal), …], uncovered keys)``
        """
        if not spendings:
            return []
        candidates = defaultdict(list)
        for candidate in self._find_candidates(spendings):
            candidates[candidate.company_id, candidate.account_id].append(candidate)
        plan_of = self._get_plans(spendings) if candidates else {}
        return [
            (
                spending,
                *self._charge(
                    spending,
                    candidates[spending.company_id, spending.account_id],
                    plan_of,
                ),
            )
            for spending in spendings
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

    @api.model
    def _find_candidates(self, spendings):
        """Return the lines in force that the spendings may charge.

        A line that wants an analytic account which none of them names is left out.
        """
        self.env["performance.budget.line"].flush_model(["analytic_key"])
        self.env["performance.budget"].flush_model(["state"])  # just approved
        rows = self.env.execute_query(
            SQL(
                "SELECT * FROM performance_budget_candidates(%s, %s, %s, %s, %s)",
                list({spending.account_id for spending in spendings}),
                list({spending.company_id for spending in spendings}),
                list(
                    {
                        acc
                        for spending in spendings
                        for key in spending.keys
                        for acc in key
                    }
                ),
                max(spending.date for spending in spendings),
                min(spending.date for spending in spendings),
            )
        )
        return [Candidate(*row[:3], _parse_key(row[3]), *row[4:]) for row in rows]

    @api.model
    def _get_functions(self):
        # EXTENDS 'performance.budget.function'
        return [*super()._get_functions(), self._candidates_function()]

    @api.model
    def _candidates_function(self):
        return Function(
            "performance_budget_candidates",
            SQL(
                """p_accounts int[], p_companies int[], p_analytic int[],
                       p_latest date, p_earliest date"""
            ),
            SQL(
                """RETURN QUERY
                   SELECT DISTINCT line.id, rel.account_id, line.company_id,
                          COALESCE(line.analytic_key, '')::text, budget.date_from,
                          budget.date_to
                     FROM performance_budget_position_account_rel rel
                     JOIN performance_budget_position leaf ON leaf.id = rel.position_id
                     JOIN performance_budget_line line ON line.position_id = ANY(
                          string_to_array(rtrim(leaf.parent_path, '/'), '/')::int[])
                     JOIN performance_budget budget ON budget.id = line.budget_id
                    WHERE rel.account_id = ANY(p_accounts)
                      AND line.company_id = ANY(p_companies)
                      AND line.is_reserve IS NOT TRUE
                      AND string_to_array(COALESCE(line.analytic_key, ''), ',')::int[]
                          <@ p_analytic
                      AND budget.state IN ('approved', 'closed')
                      AND budget.date_from <= p_latest
                      AND budget.date_to >= p_earliest;"""
            ),
            returns=SQL(
                """line_id int, account_id int, company_id int, analytic_key text,
                       date_from date, date_to date"""
            ),
        )


def _parse_key(text):
    return frozenset(int(part) for part in text.split(",") if part)
