"""The same lines and items in OCA's account_budget_oca, in a database of its own."""

from __future__ import annotations

from datetime import date
from typing import Any

from odoo import Command, api

from . import bench_checks, bench_data, bench_items
from .bench_odoo import Sample, open_registry, transaction
from .bench_reads import looks_at, repeat
from .bench_size import Size

LINE = "crossovered.budget.lines"
# It reads analytic items: the ones that Odoo makes for a posted journal item.
ANALYSE = """
    INSERT INTO account_analytic_line
           (name, date, amount, unit_amount, account_id, company_id, currency_id,
            general_account_id, move_line_id, user_id, category)
    SELECT 'Bench', item.date, -item.balance, item.quantity, slot.analytic_id,
           item.company_id, item.company_currency_id, item.account_id, item.id, %s,
           'other'
      FROM account_move_line item
      JOIN account_move move ON move.id = item.move_id
      JOIN bench_slot slot ON slot.account_id = item.account_id
       AND item.analytic_distribution
           = jsonb_build_object(slot.analytic_id::text, 100.0)
     WHERE move.sequence_prefix = %s"""


def run(request: dict[str, Any]) -> dict[str, list[Sample]]:
    """Make the data and return ``{what was read: samples}``."""
    size = Size(**request["size"])
    registry = open_registry(request)
    with transaction(registry, 1) as env:
        field = bench_data.make_company(env, "peer", size)
    with transaction(registry, field["company"]) as env:
        bench_items.book(env, field, size)
        env.cr.execute(ANALYSE, [env.uid, bench_items.PREFIX])
        _budget(env, field)
    bench_items.analyse(registry)
    domain = [("company_id", "=", field["company"])]
    with transaction(registry, field["company"]) as env:
        looks = looks_at(env, LINE, domain)
    return {
        name: repeat(registry, field["company"], api.SUPERUSER_ID, act, size.pairs)
        for name, act in looks.items()
    }


def _budget(env: api.Environment, field: dict[str, Any]) -> None:
    """Plan on every slot, and see that the peer finds all that was booked."""
    positions = {
        account: env["account.budget.post"].create(
            {"name": f"Cost {account}", "account_ids": [Command.set([account])]}
        )
        for account in dict.fromkeys(slot[0] for slot in field["slots"])
    }
    year = date.today().year
    span = {"date_from": date(year, 1, 1), "date_to": date(year, 12, 31)}
    budget = env["crossovered.budget"].create({"name": "Bench", **span})
    lines = env[LINE].create(
        [
            {
                "crossovered_budget_id": budget.id,
                "general_budget_id": positions[account].id,
                "analytic_account_id": centre,
                "planned_amount": bench_data.AMPLE,
                **span,
            }
            for account, centre, _line in field["slots"]
        ]
    )
    env.cr.execute(
        """SELECT SUM(balance) FROM account_move_line WHERE company_id = %s
              AND parent_state = 'posted' AND analytic_distribution IS NOT NULL""",
        [field["company"]],
    )
    (booked,) = env.cr.fetchone()
    if round(sum(lines.mapped("practical_amount")) + float(booked), 2):
        raise bench_checks.UnsoundError("the peer does not see what was booked")
