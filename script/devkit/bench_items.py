"""Journal items in bulk, and the ledger entries that they stand for.

Odoo posts one journal entry; the others are clones of its rows that differ in number,
date and what they charge. So every column has a value that Odoo gave it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from odoo import Command, api
from odoo.modules.registry import Registry

from .bench_size import ITEMS_PER_MOVE, Size

PREFIX = "BENCH/"
SLOTS = """
    CREATE TEMP TABLE bench_slot ON COMMIT DROP AS
    SELECT slot.number - 1 AS number, slot.account_id, slot.analytic_id, slot.line_id
      FROM unnest(%s::int[], %s::int[], %s::int[])
           WITH ORDINALITY AS slot(account_id, analytic_id, line_id, number)"""
CLONE_MOVES = """
    INSERT INTO account_move ({columns})
    SELECT {values} FROM account_move source, generate_series(1, %(count)s) AS clone(n)
     WHERE source.id = %(move)s"""
MOVE_VALUES = {
    "name": f"'{PREFIX}' || clone.n",
    "sequence_prefix": f"'{PREFIX}'",
    "sequence_number": "clone.n",
    "access_token": "NULL",
    "date": "make_date(%(year)s, 1 + clone.n %% 12, 1 + clone.n %% 28)",
}
CLONE_ITEMS = """
    INSERT INTO account_move_line ({columns})
    SELECT {values} FROM account_move_line source
      JOIN account_move clone ON clone.sequence_prefix = %(prefix)s
       AND clone.company_id = source.company_id
      JOIN (SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS n FROM account_move_line
             WHERE move_id = %(move)s) place ON place.id = source.id
      JOIN bench_slot slot
        ON slot.number = (clone.sequence_number * %(step)s + place.n) %% %(slots)s
     WHERE source.move_id = %(move)s"""
ITEM_VALUES = {
    "move_id": "clone.id",
    "move_name": "clone.name",
    "date": "clone.date",
    "account_id": "CASE WHEN source.analytic_distribution IS NULL"
    " THEN source.account_id ELSE slot.account_id END",
    "analytic_distribution": "CASE WHEN source.analytic_distribution IS NOT NULL"
    " THEN jsonb_build_object(slot.analytic_id::text, 100.0) END",
}
ENTER = """
    INSERT INTO performance_budget_entry
           (line_id, budget_id, company_id, month, kind, amount, res_model, res_id,
            document_name, source_state, user_id, date)
    SELECT line.id, line.budget_id, line.company_id,
           date_trunc('month', item.date)::date, 'actual', SUM(item.balance),
           'account.move', item.move_id, MAX(item.move_name), 'posted', %(uid)s,
           now() AT TIME ZONE 'UTC'
      FROM account_move move
      JOIN account_move_line item ON item.move_id = move.id
      JOIN bench_slot slot ON slot.account_id = item.account_id
       AND item.analytic_distribution
           = jsonb_build_object(slot.analytic_id::text, 100.0)
      JOIN performance_budget_line line ON line.id = slot.line_id
     WHERE move.sequence_prefix = %(prefix)s AND move.company_id = line.company_id
  GROUP BY line.id, item.move_id, date_trunc('month', item.date)"""
SUM_MONTHS = """
    UPDATE performance_budget_allocation allocation SET amount_actual = entered.amount
      FROM (SELECT line_id, month, SUM(amount) AS amount FROM performance_budget_entry
             WHERE company_id = %(company)s AND kind = 'actual' GROUP BY line_id, month)
           entered
     WHERE entered.line_id = allocation.line_id AND entered.month = allocation.month"""
SUM_LINES = """
    UPDATE performance_budget_balance balance
       SET amount_actual = booked.amount, amount_used = booked.amount,
           amount_available = amount_planned - booked.amount,
           usage_rate = ROUND(booked.amount / NULLIF(amount_planned, 0), 4)
      FROM (SELECT line.balance_id, SUM(amount_actual) AS amount
              FROM performance_budget_allocation allocation
              JOIN performance_budget_line line ON line.id = allocation.line_id
             WHERE line.company_id = %(company)s GROUP BY line.balance_id) booked
     WHERE booked.balance_id = balance.id"""


def book(env: api.Environment, field: dict[str, Any], size: Size) -> None:
    """Post one journal entry and clone it until the company has ``size.items``."""
    values = {
        "move": _post(env, field["slots"]),
        "count": size.moves - 1,
        "year": date.today().year,
        "prefix": PREFIX,
        "step": ITEMS_PER_MOVE - 1,
        "slots": len(field["slots"]),
    }
    _make_slots(env, field)
    _clone(env, "account_move", CLONE_MOVES, MOVE_VALUES, values)
    env.cr.execute("ANALYZE account_move")
    _clone(env, "account_move_line", CLONE_ITEMS, ITEM_VALUES, values)


def enter(env: api.Environment, field: dict[str, Any]) -> None:
    """Write the entries of the cloned items, and the sums that the ledger keeps."""
    values = {"uid": env.uid, "prefix": PREFIX, "company": field["company"]}
    _make_slots(env, field)
    for statement in (ENTER, SUM_MONTHS, SUM_LINES):
        env.cr.execute(statement, values)
    env.invalidate_all()


def analyse(registry: Registry) -> None:
    """Let PostgreSQL see what it has, as it would after a night."""
    with registry.cursor() as cr:
        cr.execute("ANALYZE")


def _post(env: api.Environment, slots: list[list[int]]) -> int:
    """Have Odoo post an entry: nine items that charge a slot each, and their sum."""
    amounts = [10 + number * 0.37 for number in range(ITEMS_PER_MOVE - 1)]
    charged = zip(slots, amounts, strict=False)
    asset = env["account.account"].search(
        [
            ("account_type", "=", "asset_current"),
            ("company_ids", "in", env.company.ids),
        ],
        limit=1,
    )
    journal = env["account.journal"].search(
        [("type", "=", "general"), ("company_id", "=", env.company.id)], limit=1
    )
    items = [
        {
            "account_id": account,
            "balance": amount,
            "analytic_distribution": {str(centre): 100},
        }
        for (account, centre, _line), amount in charged
    ]
    items.append({"account_id": asset.id, "balance": -round(sum(amounts), 2)})
    move = env["account.move"].create(
        {"journal_id": journal.id, "line_ids": [Command.create(item) for item in items]}
    )
    move.action_post()
    env.cr.flush()
    return move.id


def _make_slots(env: api.Environment, field: dict[str, Any]) -> None:
    columns = zip(*field["slots"], strict=True)
    env.cr.execute(SLOTS, [list(column) for column in columns])


def _clone(
    env: api.Environment,
    table: str,
    statement: str,
    own: dict[str, str],
    values: dict[str, Any],
) -> None:
    env.cr.execute(
        """SELECT quote_ident(column_name) FROM information_schema.columns
            WHERE table_name = %s AND table_schema = current_schema
              AND column_name <> 'id'""",
        [table],
    )
    columns = [name for (name,) in env.cr.fetchall()]
    sources = [own.get(name.strip('"'), f"source.{name}") for name in columns]
    statement = statement.format(columns=", ".join(columns), values=", ".join(sources))
    env.cr.execute(statement, values)
