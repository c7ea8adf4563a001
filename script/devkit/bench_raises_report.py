"""The figures of the section ``raises`` as a table in Markdown."""

from __future__ import annotations

from typing import Any

from .bench_report import table


def raises(found: dict[str, Any]) -> str:
    """Return what each step of a batch of raises costs."""
    rows = [
        [
            name,
            f"{one['people']}",
            f"{queries:g}",
            f"{queries / one['people']:.2f}",
            f"{cpu / 1000:.1f}",
            f"{wall / 1000:.1f}",
        ]
        for one in found["batches"]
        for name, (queries, cpu, wall) in one["steps"].items()
    ]
    head = ["step", "raises", "queries", "a raise", "CPU s", "wall s"]
    return table("Raises, one process", head, rows)
