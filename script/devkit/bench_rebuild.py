"""What it costs to take all balances of a budget anew from their entries."""

from __future__ import annotations

import contextlib
from typing import Any

import psycopg2

from odoo import api
from odoo.modules.registry import Registry

from . import bench_checks
from .bench_odoo import Sample, measure, transaction

# Too much in every month, past all code: a line that is left out stays wrong.
SPOIL = """
    UPDATE performance_budget_allocation SET amount_actual = amount_actual + 1
     WHERE company_id = %s RETURNING line_id"""
# Other sections find the tables as they were, not full of rows that were replaced.
CLEAN = "VACUUM ANALYZE performance_budget_allocation, performance_budget_balance"


def run(request: dict[str, Any], registry: Registry) -> dict[str, Any]:
    """Return what the job costs for all lines, and how many they are."""
    field = request["fields"]["controlled"]
    _rebuild(registry, field)  # warms up
    lines, sample = _rebuild(registry, field)
    with contextlib.closing(psycopg2.connect(dbname=request["database"])) as connection:
        connection.autocommit = True
        connection.cursor().execute(CLEAN)
    return {"lines": lines, "sample": sample}


def _rebuild(registry: Registry, field: dict[str, Any]) -> tuple[int, Sample]:
    """Spoil all lines and have the job put them right; return how many they are.

    :raise UnsoundError: the job did not do all of it
    """
    company = field["company"]
    with transaction(registry, company) as env:
        budget = _find_budget(env, field)
        budget.with_user(field["boss"]).action_rebuild()
        lines = set(budget.line_ids.ids)
        env.cr.execute(SPOIL, [company])
        if {line for (line,) in env.cr.fetchall()} != lines:
            raise bench_checks.UnsoundError("not every line has months to spoil")
    sample, _none = measure(registry, company, api.SUPERUSER_ID, _work)
    with transaction(registry, company) as env:
        if _find_budget(env, field).rebuild_state != "done":
            raise bench_checks.UnsoundError("the rebuild did not come to its end")
        bench_checks.refuse_unsound(env.cr)
    return len(lines), sample


def _find_budget(env: api.Environment, field: dict[str, Any]) -> Any:
    _account, _centre, line = field["slots"][0]
    return env["performance.budget.line"].browse(line).budget_id


def _work(env: api.Environment) -> None:
    """Do the job, which commits after every few lines."""
    env["performance.budget"]._cron_rebuild()
