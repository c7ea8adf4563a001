"""The figures of the section ``forecast`` as tables in Markdown."""

from __future__ import annotations

from typing import Any

from .bench_report import table


def forecast(found: dict[str, Any]) -> str:
    """Return quality and cost of the rolling forecast."""
    rows = [
        [
            f"{one['shape']}, {one['months']} months known",
            *(f"× {one[name]:.2f}" for name in ("square", "month", "year")),
            f"{one['worse']:.0%}",
            f"{one['held']:.0%}",
        ]
        for one in found["quality"]
    ]
    head = ["series", "a month (RMSE)", "a month (MAE)", "sum of 12"]
    head += ["lines worse", "80 % band holds"]
    quality = table(
        "Error on 12 months held back, beside repeating last year's", head, rows
    )
    computed, made = found["computed"], found["snapshot"]
    queries, cpu, wall = made["sample"]
    rows = [
        [
            "computing alone",
            f"{computed['lines']} × {computed['months']}",
            "0",
            "–",
            f"{computed['seconds']:.1f}",
        ],
        [
            "snapshot in the database",
            f"{made['lines']} × {made['months']}",
            f"{queries:g}",
            f"{cpu / 1000:.1f}",
            f"{wall / 1000:.1f}",
        ],
    ]
    head = ["what", "lines × months", "queries", "CPU s", "wall s"]
    return f"{quality}\n{table('Making a forecast, one process', head, rows)}"
