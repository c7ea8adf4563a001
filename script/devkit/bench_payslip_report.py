"""The figures of the section ``payslip`` as a table in Markdown."""

from __future__ import annotations

from statistics import median
from typing import Any

from .bench_report import compared, table


def payslip(found: dict[str, Any]) -> str:
    """Return what a payslip costs without and with raises and bonuses."""
    rows = []
    for case, samples in found["slips"].items():
        pairs = list(zip(samples["alone"], samples["with"], strict=True))
        queries, cpu, wall = ([(a[n], b[n]) for a, b in pairs] for n in range(3))
        before, after = (median(column) for column in zip(*queries, strict=True))
        cells = [case, f"{before:.1f}", f"{after:.1f}", f"{after - before:+.1f}"]
        rows.append([*cells, *compared(cpu), *compared(wall)])
    head = ["a slip", "queries", "with addon", "added", "CPU ms", "with addon"]
    head += ["ratio", "wall ms", "with addon", "ratio"]
    title = f"Payslips, {found['people']} computed at a time, one process"
    return table(title, head, rows)
