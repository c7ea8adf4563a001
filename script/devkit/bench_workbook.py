"""A plan as a workbook: to take along, to bring back, to change, to refuse."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from datetime import date
from typing import Any

import openpyxl

from odoo import api
from odoo.exceptions import ValidationError
from odoo.modules.registry import Registry

from .bench_checks import UnsoundError
from .bench_odoo import measure, open_registry, transaction

BUDGET, WIZARD = "performance.budget", "performance.budget.workbook.import"
ROWS, SMALL_ROWS = (5000, 100), (20, 10)
TOO_MANY = 50_000
POSITIONS = 50
YEAR = date.today().year + 10  # nobody else plans it
NAME_ROW, FIRST_ROW = 3, 6  # as people count


def run(request: dict[str, Any]) -> dict[str, Any]:
    """Return what each step costs, with many rows and with a few."""
    registry = open_registry(request)
    field = request["fields"]["controlled"]
    who = (field["company"], field["boss"])
    sizes = SMALL_ROWS if request["size"]["pairs"] == 1 else ROWS
    with transaction(registry, field["company"]) as env:
        names = _make_choices(env, max(sizes))
    _plan(registry, who, names[:2])  # what a process keeps is warm from here on
    measured = [
        {"rows": count, **_plan(registry, who, names[:count])} for count in sizes
    ]
    refused = _refuse(registry, who, names, max(sizes) * (TOO_MANY // max(ROWS)))
    return {"measured": measured, "refused": refused}


def _make_choices(env: api.Environment, count: int) -> list[tuple[str, str]]:
    """Return the names of a position and a department for each row."""
    company = env.company
    codes = [f"WB{number}" for number in range(POSITIONS)]
    accounts = env["account.account"].create(
        [{"code": f"78{n:04}", "name": code} for n, code in enumerate(codes)]
    )
    env["performance.budget.position"].create(
        [
            {"name": code, "code": code, "account_ids": [(6, 0, account.ids)]}
            for code, account in zip(codes, accounts, strict=True)
        ]
    )
    rooms = [f"Room {number}" for number in range(-(-count // POSITIONS))]
    env["hr.department"].create(
        [{"name": name, "company_id": company.id} for name in rooms]
    )
    places = [(f"[{code}] {code}", room) for room in rooms for code in codes]
    return places[:count]


def _plan(
    registry: Registry, who: tuple[int, int], names: list[tuple[str, str]]
) -> dict[str, Any]:
    """Fill in a plan, bring it back, take it along, change it and bring it back."""
    with transaction(registry, *who) as env:
        budget = _make_budget(env, len(names))
        empty = env[BUDGET].browse(budget)._get_workbook()
    steps = {}
    amounts = {f"{YEAR}-{month:02}": 10.25 * month for month in range(1, 13)}
    filled = _fill(empty, ({**amounts, **_texts(name)} for name in names))
    wizard = _upload(registry, who, budget, filled)
    for name in ("read", "create"):
        steps[name] = _step(registry, who, wizard, name)
    _check(registry, who, budget, len(names), sum(amounts.values()) * len(names))
    sample, full = measure(
        registry, *who, lambda env: env[BUDGET].browse(budget)._get_workbook()
    )
    steps["export"] = list(sample)
    changed = _fill(full, ({f"{YEAR}-03": 1000.0} for _name in names))
    wizard = _upload(registry, who, budget, changed)
    for name in ("read changes", "change"):
        steps[name] = _step(registry, who, wizard, name)
    total = (sum(amounts.values()) - amounts[f"{YEAR}-03"] + 1000.0) * len(names)
    _check(registry, who, budget, len(names), total)
    return {"steps": steps}


def _refuse(
    registry: Registry, who: tuple[int, int], names: list[tuple[str, str]], rows: int
) -> dict[str, Any]:
    """Return what it costs to say no to a workbook with far too many rows."""
    with transaction(registry, *who) as env:
        budget = _make_budget(env, 0)
        empty = env[BUDGET].browse(budget)._get_workbook()
    texts = [_texts(name) for name in names]
    content = _fill(empty, (texts[number % len(texts)] for number in range(rows)))
    wizard = _upload(registry, who, budget, content)
    sample, _answer = measure(
        registry, *who, lambda env: env[WIZARD].browse(wizard).action_read()
    )
    with transaction(registry, *who) as env:
        if env[WIZARD].browse(wizard).state != "wrong":
            raise UnsoundError(f"{rows} rows were not refused")
    return {"rows": rows, "sample": list(sample)}


def _make_budget(env: api.Environment, number: int) -> int:
    values = {"name": f"Bench {number}"}
    days = {"date_from": date(YEAR, 1, 1), "date_to": date(YEAR, 12, 31)}
    return int(env[BUDGET].create({**values, **days}).id)


def _texts(name: tuple[str, str]) -> dict[str, Any]:
    return dict(zip(("position", "department"), name, strict=True))


def _fill(content: bytes, rows: Iterator[dict[str, Any]]) -> bytes:
    """Return the workbook with rows filled in, as a person does."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    places = {cell.value: cell.column for cell in sheet[NAME_ROW]}
    for number, row in enumerate(rows, start=FIRST_ROW):
        for name, value in row.items():
            sheet.cell(number, places[name]).value = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _upload(
    registry: Registry, who: tuple[int, int], budget: int, content: bytes
) -> int:
    with transaction(registry, *who) as env:
        values = {"document_ref": f"{BUDGET},{budget}", "filename": "plan.xlsx"}
        values["content"] = base64.b64encode(content).decode()
        return int(env[WIZARD].create(values).id)


def _step(
    registry: Registry, who: tuple[int, int], wizard: int, name: str
) -> list[float]:
    def act(env: api.Environment) -> None:
        record = env[WIZARD].browse(wizard)
        if name.startswith("read"):
            record.action_read()
            if record.state != "ready":
                reasons = record.problem_ids[:3].mapped("reason")
                raise ValidationError("\n".join(reasons))
        else:
            record.action_apply()

    sample, _answer = measure(registry, *who, act)
    return list(sample)


def _check(
    registry: Registry, who: tuple[int, int], budget: int, rows: int, total: float
) -> None:
    """:raise UnsoundError: the plan is not what the workbook said"""
    with transaction(registry, *who) as env:
        record = env[BUDGET].browse(budget)
        planned = sum(record.line_ids.mapped("amount_planned"))
        if len(record.line_ids) != rows or abs(planned - total) > 0.005:
            raise UnsoundError(f"{len(record.line_ids)} lines plan {planned}")
