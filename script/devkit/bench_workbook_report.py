"""The figures of the section ``workbook`` as a table in Markdown."""

from __future__ import annotations

from typing import Any

from .bench_report import table

WORDS = {
    "read": "read and preview new lines",
    "create": "create them",
    "export": "export",
    "read changes": "read and preview changes",
    "change": "change all lines",
}


def workbook(found: dict[str, Any]) -> str:
    """Return what each step with a workbook costs."""
    rows = [
        [WORDS[name], str(one["rows"]), *_spent(sample)]
        for one in found["measured"]
        for name, sample in one["steps"].items()
    ]
    refused = found["refused"]
    rows.append(
        ["refuse too many rows", str(refused["rows"]), *_spent(refused["sample"])]
    )
    head = ["step", "rows", "queries", "CPU s", "wall s"]
    return table("A plan as a workbook of twelve months, one process", head, rows)


def _spent(sample: list[float]) -> list[str]:
    queries, cpu, wall = sample
    return [f"{queries:g}", f"{cpu / 1000:.1f}", f"{wall / 1000:.1f}"]
