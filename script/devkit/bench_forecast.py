"""The rolling forecast: how good on months it has not seen, how long for all lines."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from odoo import api
from odoo.modules.registry import Registry

from .bench_checks import UnsoundError
from .bench_odoo import measure, open_registry
from .bench_size import Size

SHAPES = ("level", "trend", "step", "season", "peak", "yearly", "sparse")
HISTORIES = (9, 12, 18, 24, 36, 48)
HELD_BACK = 12
WORSE = 1.1  # times the error of seasonal naive: a line that is worse for it
LINES = 1000
MANY_LINES, MANY_MONTHS, HORIZON = 5000, 48, 18
SEED = 20260101


def run(request: dict[str, Any]) -> dict[str, Any]:
    """Return the quality on generated series, and what it costs to forecast."""
    registry = open_registry(request)  # also says where the addons are
    from odoo.addons.budget_performance.tools import forecast

    quality = [
        {"shape": shape, "months": months, **_judge(shape, months)}
        for shape in SHAPES
        for months in HISTORIES
    ]
    start = time.perf_counter()
    many = generate("season", MANY_MONTHS, MANY_LINES)
    forecast.forecast(many.tolist(), HORIZON)
    computed = time.perf_counter() - start
    return {
        "quality": quality,
        "computed": {"lines": MANY_LINES, "months": HORIZON, "seconds": computed},
        "snapshot": _snapshot(registry, request),
    }


def generate(shape: str, months: int, lines: int) -> np.ndarray:
    """Return series of a shape with 15 % noise, the same on every run.

    A step changes the level in the last year that is known; the months held back come
    after those.
    """
    dice = np.random.default_rng(SEED)
    when = np.arange(months)
    level = dice.uniform(500, 50_000, (lines, 1))
    noise = dice.normal(1, 0.15, (lines, months))
    if shape == "trend":
        noise *= 1 + dice.uniform(-0.015, 0.03, (lines, 1)) * when
    elif shape == "season":
        phase = dice.uniform(0, 12, (lines, 1))
        noise *= 1 + 0.6 * np.sin(2 * np.pi * (when + phase) / 12)
    elif shape == "step":
        since = months - HELD_BACK - dice.integers(1, 12, (lines, 1))
        noise *= np.where(when >= since, dice.uniform(0.4, 1.8, (lines, 1)), 1)
    elif shape in ("peak", "yearly"):
        is_due = when % 12 == dice.integers(0, 12, (lines, 1))
        noise *= np.where(is_due, 4, 1) if shape == "peak" else is_due
    elif shape == "sparse":
        noise = dice.gamma(4, 0.25, (lines, months))
        noise *= dice.random((lines, months)) < 0.2
    return np.maximum(level * noise, 0.0)


def _judge(shape: str, months: int) -> dict[str, Any]:
    """Compare forecasts with the months that were held back, and with seasonal naive.

    :raise UnsoundError: a line has a method that did worse than naive when tried
    """
    from odoo.addons.budget_performance.tools import forecast
    from odoo.addons.budget_performance.tools.forecast_methods import seasonal_naive

    series = generate(shape, months + HELD_BACK, LINES)
    known, came = series[:, :months], series[:, months:]
    found = forecast.forecast(known.tolist(), HELD_BACK)
    if any(one.error > one.naive_error for one in found):
        raise UnsoundError("a forecast did worse than seasonal naive when tried")
    ours = np.array([one.values for one in found])
    naive = seasonal_naive(known, HELD_BACK)
    low = np.array([one.low for one in found])
    high = np.array([one.high for one in found])
    return {
        "month": _ratio(np.abs(came - ours).sum(), np.abs(came - naive).sum()),
        "square": _ratio(_root(came - ours).sum(), _root(came - naive).sum()),
        "year": _ratio(
            np.abs((came - ours).sum(axis=1)).sum(),
            np.abs((came - naive).sum(axis=1)).sum(),
        ),
        "worse": float(np.mean(_root(came - ours) > WORSE * _root(came - naive))),
        "held": float(np.mean((came >= low) & (came <= high))),
    }


def _root(misses: np.ndarray) -> np.ndarray:
    return np.sqrt(np.mean(misses**2, axis=1))


def _ratio(ours: float, naive: float) -> float:
    return float(ours / naive)


def _snapshot(registry: Registry, request: dict[str, Any]) -> dict[str, Any]:
    """Forecast all lines of the bench's company, as its manager does."""
    size = Size(**request["size"])
    field = request["fields"]["controlled"]

    def make(env: api.Environment) -> int:
        company = env["res.company"].browse(field["company"])
        company.sudo().budget_forecast_months = HORIZON
        snapshot = env["performance.budget.forecast"].sudo()._refresh(company)
        return len(snapshot.line_ids)

    sample, lines = measure(registry, field["company"], field["boss"], make)
    expected = size.lines + size.rounds  # those with little money, too
    if lines != expected:
        raise UnsoundError(f"{lines} lines were forecast, not {expected}")
    return {"lines": lines, "months": HORIZON, "sample": list(sample)}
