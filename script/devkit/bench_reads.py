"""What it costs to look at a budget: list, all lines, pivot, and the drift check."""

from __future__ import annotations

from typing import Any

from lxml import etree

from odoo import api
from odoo.modules.registry import Registry

from . import bench_checks
from .bench_odoo import Act, Sample, measure, open_registry, transaction
from .bench_size import Size

PAGE = 80
LINE = "performance.budget.line"


def run(request: dict[str, Any]) -> dict[str, list[Sample]]:
    """Return ``{what was read: samples}``."""
    size = Size(**request["size"])
    field = request["fields"]["controlled"]
    domain = [("company_id", "=", field["company"])]
    registry = open_registry(request)
    with transaction(registry, field["company"]) as env:
        looks = looks_at(env, LINE, domain)
    looks["pivot position × month"] = _pivot(domain)
    looks["drift check of the whole ledger"] = _drift
    return {
        name: repeat(registry, field["company"], field["boss"], act, size.pairs)
        for name, act in looks.items()
    }


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
    shown = _list_fields(env, model)
    amounts = [n for n, field in shown.items() if field.type in {"monetary", "float"}]
    specification = {
        name: {"fields": {"display_name": {}}} if field.relational else {}
        for name, field in shown.items()
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


def _list_fields(env: api.Environment, model: str) -> dict[str, Any]:
    """Return the fields of the model's first list view."""
    view = env["ir.ui.view"].search(
        [("model", "=", model), ("type", "=", "list"), ("mode", "=", "primary")],
        limit=1,
    )
    arch = env[model].get_view(view.id, "list")["arch"]
    names = etree.fromstring(arch).xpath("//field/@name")
    return {name: env[model]._fields[name] for name in names}


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
