"""What must hold before and after measuring; figures of a wrong ledger say nothing."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

from odoo import api

INVARIANTS = "addons/budget_performance/tests/ledger_invariants.py"
SAMPLE = 100
# One statement over the whole ledger: balances against months against entries.
DRIFT = """
    SELECT line.id FROM performance_budget_line line
      JOIN performance_budget_balance balance ON balance.id = line.balance_id
      LEFT JOIN (SELECT line_id, SUM(amount) AS used,
                        SUM(amount) FILTER (WHERE kind = 'actual') AS actual
                   FROM performance_budget_entry GROUP BY line_id) entered
        ON entered.line_id = line.id
     WHERE balance.amount_used <> COALESCE(entered.used, 0)
        OR balance.amount_actual <> COALESCE(entered.actual, 0)"""
MORE = {
    "a line has entries of what is in the journals, month by month": """
        WITH booked AS (
            SELECT line.id AS line_id, date_trunc('month', item.date)::date AS month,
                   SUM(item.balance) AS amount
              FROM account_move_line item
              JOIN performance_budget_position_account_rel rel
                ON rel.account_id = item.account_id
              JOIN performance_budget_line line ON line.position_id = rel.position_id
               AND line.company_id = item.company_id
               AND item.analytic_distribution
                   = jsonb_build_object(line.analytic_key, 100.0)
              JOIN res_company company ON company.id = line.company_id
             WHERE item.parent_state = 'posted' AND company.name LIKE 'Bench %%'
          GROUP BY 1, 2),
        entered AS (
            SELECT line_id, month, SUM(amount) AS amount
              FROM performance_budget_entry entry
              JOIN res_company company ON company.id = entry.company_id
             WHERE kind = 'actual' AND company.name LIKE 'Bench %%' GROUP BY 1, 2)
        SELECT line_id, month, booked.amount, entered.amount
          FROM booked FULL JOIN entered USING (line_id, month)
         WHERE COALESCE(booked.amount, 0) <> COALESCE(entered.amount, 0)""",
    "no line holds more than its plan": """
        SELECT line.id, amount_used, amount_planned FROM performance_budget_balance
          JOIN performance_budget_line line ON line.balance_id
               = performance_budget_balance.id
          JOIN res_company company ON company.id = line.company_id
         WHERE company.name LIKE 'Bench %%' AND amount_used > amount_planned""",
    "submitted and approved claims are what is reserved and committed": """
        SELECT claims.amount, held.amount FROM
               (SELECT SUM(total_amount) AS amount FROM hr_expense
                  JOIN res_company company ON company.id = company_id
                 WHERE company.name = 'Bench controlled'
                   AND state IN ('submitted', 'approved')) claims,
               (SELECT SUM(amount_reserved + amount_committed) AS amount
                  FROM performance_budget_balance
                  JOIN res_company company ON company.id = company_id
                 WHERE company.name = 'Bench controlled') held
         WHERE COALESCE(claims.amount, 0) <> COALESCE(held.amount, 0)""",
    "balances are the sums of the entries": DRIFT,
}


class UnsoundError(Exception):
    """The ledger is wrong: there is nothing to measure."""


def refuse_unsound(cr: Any) -> None:
    """:raise UnsoundError: an invariant is broken; names it and the first rows"""
    path = Path(__file__).resolve().parents[2] / INVARIANTS
    invariants = runpy.run_path(str(path))["SQL_INVARIANTS"]
    problems = []
    for name, query in {**invariants, **MORE}.items():
        cr.execute(query.replace("%%", "%"))
        problems += [f"{name}: {row}" for row in cr.fetchmany(3)]
    if problems:
        raise UnsoundError("; ".join(problems))


def refuse_strange(env: api.Environment, field: dict[str, Any]) -> None:
    """Ask the addon itself: it would write nothing for the entries made in bulk.

    :raise UnsoundError: it would
    """
    Entry = env["performance.budget.entry"]
    domain = [("company_id", "=", field["company"]), ("state", "=", "posted")]
    moves = env["account.move"].search(domain, limit=SAMPLE, order="id desc")
    before = Entry.search_count([])
    env["performance.budget.ledger"]._sync({"account.move": moves})
    if not moves or Entry.search_count([]) != before:
        raise UnsoundError("the ledger would book the generated items differently")
