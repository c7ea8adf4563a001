"""What it costs to look at a budget, to check it for drift and to rebuild it."""

from __future__ import annotations

import ast
from typing import Any

from lxml import etree

from odoo import api
from odoo.modules.registry import Registry

from . import bench_checks, bench_rebuild
from .bench_odoo import Act, Sample, measure, open_registry, transaction
from .bench_size import Size

PAGE = 80
LINE = "performance.budget.line"


def run(request: dict[str, Any]) -> dict[str, Any]:
    """Return ``{"looks": {what was read: samples}, "rebuild": {…}}``."""
    size = Size(**request["size"])
    field = request["fields"]["controlled"]
    domain = [("company_id", "=", field["company"])]
    registry = open_registry(request)
    with transaction(registry, field["company"]) as env:
        looks = looks_at(env, LINE, domain)
    looks["pivot position × month"] = _pivot(domain)
    looks["drift check of the whole ledger"] = _drift
    figures = {
        name: repeat(registry, field["company"], field["boss"], act, size.pairs)
        for name, act in looks.items()
    }
    return {"looks": figures, "rebuild": bench_rebuild.run(request, registry)}


def repeat(
    registry: Registry, company_id: int, uid: int, act: Act, times: int
) -> list[Sample]:
    """Return samples of a look that finds something, after one to warm up."""
    measured = [measure(registry, company_id, uid, act) for _n in range(times + 1)]
    if not all(found for _sample, found in measured):
        raise bench_checks.UnsoundError("there is nothing to read")
    return [sample for sample, _found in measured[1:]]


def looks_at(env: api.Environment, model: str, domain: list[Any]) -> dict[str, Act]:
    """Return what the web client asks for a page, and what an export asks."""
    columns = _list_columns(env, model)
    amounts = [
        name
        for name in columns
        if env[model]._fields[name].type in {"monetary", "float"}
    ]
    specification = {
        name: _specify(node) if env[model]._fields[name].relational else {}
        for name, node in columns.items()
    }

    def page(env: api.Environment) -> int:
        lines = env[model].web_search_read(domain, specification, 0, PAGE, None, 10001)
        return len(lines["records"])

    def everything(env: api.Environment) -> int:
        return len(env[model].search(domain).read(amounts))

    return {
        f"list page of {PAGE} lines": page,
        "all amounts of all lines": everything,
    }


def _list_columns(env: api.Environment, model: str) -> dict[str, etree._Element]:
    """Return the columns of the model's first list view by field name."""
    view = env["ir.ui.view"].search(
        [("model", "=", model), ("type", "=", "list"), ("mode", "=", "primary")],
        limit=1,
    )
    arch = env[model].get_view(view.id, "list")["arch"]
    return {node.get("name"): node for node in etree.fromstring(arch).xpath("//field")}


def _specify(node: etree._Element) -> dict[str, Any]:
    """Return what the web client asks of a record that a column points to.

    A name in the context of the column, and nothing when the column never shows.
    """
    if node.get("column_invisible") in {"True", "1"}:
        return {"fields": {}}
    context = ast.literal_eval(node.get("context") or "{}")
    return {"fields": {"display_name": {}}, "context": context}


def _pivot(domain: list[Any]) -> Act:
    def read(env: api.Environment) -> int:
        groups = env["performance.budget.analysis"].formatted_read_grouping_sets(
            domain,
            [[], ["position_id"], ["month:month"], ["position_id", "month:month"]],
            ["amount_planned:sum", "amount_used:sum", "amount_available:sum"],
        )
        return len(groups[-1])

    return read


def _drift(env: api.Environment) -> bool:
    env.cr.execute(bench_checks.DRIFT)
    if env.cr.fetchall():
        raise bench_checks.UnsoundError("a balance differs from its entries")
    return True
