"""The figures of the section ``score`` as a table in Markdown."""

from __future__ import annotations

from typing import Any

from .bench_report import table


def score(found: dict[str, Any]) -> str:
    """Return what scoring costs."""
    rows = []
    for one in found["scored"]:
        queries, cpu, wall = one["sample"]
        rows.append(
            [
                f"{one['cards']} × {found['lines']}",
                f"{queries:g}",
                f"{cpu / 1000:.1f}",
                f"{wall / 1000:.1f}",
            ]
        )
    head = ["scorecards × lines", "queries", "CPU s", "wall s"]
    return table("Scoring, one process", head, rows)
