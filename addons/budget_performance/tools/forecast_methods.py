"""The ways to continue a series of monthly amounts, each for many lines at once.

A method takes a matrix (lines × months, oldest first) and returns one of lines ×
steps. It may return amounts below zero; the caller cuts them off.

>>> run_rate(np.array([[0.0, 6.0, 9.0, 12.0]]), 2).tolist()
[[9.0, 9.0]]
>>> seasonal_naive(np.arange(1.0, 15.0).reshape(1, -1), 3).tolist()
[[3.0, 4.0, 5.0]]
"""

from collections.abc import Callable
from itertools import product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

SEASON = 12
RECENT = 3  # months of the run rate
TREND_MONTHS = 24
DAMPING = 0.9

# Holt-Winters: what is tried for level, trend and season; each line takes its best.
SMOOTHING = tuple(product((0.05, 0.2, 0.5), (0.0, 0.1), (0.0, 0.2)))
SBA_SMOOTHING = 0.15

Matrix = npt.NDArray[np.float64]
NAIVE = "seasonal_naive"


class Method(NamedTuple):
    """A way to continue a series, and the months it needs.

    ``risk`` says how easily it looks good by chance, beside a mean over long (1).
    """

    name: str
    predict: Callable[[Matrix, int], Matrix]
    needs: int
    risk: float


def seasonal_naive(history: Matrix, steps: int) -> Matrix:
    """Repeat the same month a year ago; the last month where there is none."""
    length = history.shape[1]
    places = []
    for step in range(steps):
        place = length + step - SEASON
        while place >= length:
            place -= SEASON
        places.append(place if place >= 0 else length - 1)
    return history[:, places]


def run_rate(history: Matrix, steps: int) -> Matrix:
    """Go on as in the last three months."""
    return _repeat(history[:, -RECENT:].mean(axis=1), steps)


def mean(history: Matrix, steps: int) -> Matrix:
    """Go on as in all months of the last two years."""
    return _repeat(history[:, -TREND_MONTHS:].mean(axis=1), steps)


def trend(history: Matrix, steps: int) -> Matrix:
    """Follow a straight line that flattens out.

    >>> trend(np.array([[1.0, 2.0, 3.0, 4.0]]), 2).round(2).tolist()
    [[4.9, 5.71]]
    """
    recent = history[:, -TREND_MONTHS:]
    length = recent.shape[1]
    months = np.arange(length) - (length - 1) / 2
    slope = recent @ months / (months @ months)
    level = recent.mean(axis=1) + slope * months[-1]
    return level[:, None] + slope[:, None] * np.cumsum(
        DAMPING ** np.arange(1, steps + 1)
    )


def seasonal_mean(history: Matrix, steps: int) -> Matrix:
    """Repeat the mean of the same month in two years, the older year made comparable.

    Comparable: multiplied by what the months since amount to beside the same months of
    the year before. Where only one year has the month, that is repeated.

    >>> lines = np.array([[10.0, 30.0] * 6 + [30.0, 50.0] * 6])
    >>> seasonal_mean(lines, 2).tolist()
    [[25.0, 55.0]]
    """
    length = history.shape[1]
    compared = min(SEASON, length - SEASON)
    now = history[:, -compared:].sum(axis=1)
    before = history[:, -compared - SEASON : length - SEASON].sum(axis=1)
    ratio = np.divide(now, before, out=np.ones_like(now), where=before > 0)
    ratio = np.clip(ratio, 0.5, 2.0)[:, None]
    newer = seasonal_naive(history, steps)
    older = seasonal_naive(history[:, :-SEASON], steps) * ratio
    months = np.arange(steps) % SEASON
    return np.where(length + months >= 2 * SEASON, (newer + older) / 2, newer)


def sparse(history: Matrix, steps: int) -> Matrix:
    """Spread rare amounts: size over interval, both smoothed (Croston).

    The ratio is too high by what Syntetos and Boylan found, the more so the rarer the
    amounts; where every month has one there is nothing to correct.

    >>> sparse(np.array([[0.0, 0.0, 60.0, 0.0, 0.0, 60.0]]), 1).round(1).tolist()
    [[19.0]]
    """
    lines = len(history)
    size, interval = np.zeros(lines), np.ones(lines)
    waited = np.ones(lines)
    started = np.zeros(lines, dtype=bool)
    for amounts in history.T:
        hit = amounts != 0
        first, again = hit & ~started, hit & started
        size = np.where(first, amounts, size)
        interval = np.where(first, waited, interval)
        size += np.where(again, SBA_SMOOTHING * (amounts - size), 0.0)
        interval += np.where(again, SBA_SMOOTHING * (waited - interval), 0.0)
        started |= hit
        waited = np.where(hit, 1.0, waited + 1.0)
    bias = SBA_SMOOTHING / 2 * (1 - 1 / interval)
    return _repeat((1 - bias) * size / interval, steps)


def holt_winters(history: Matrix, steps: int) -> Matrix:
    """Smooth level, damped trend and season, all additive; the best smoothing a line.

    Best is what was least off one month ahead after the two years to start from.
    """
    values = np.zeros((len(history), steps))
    least = np.full(len(history), np.inf)
    for alpha, beta, gamma in SMOOTHING:
        tried, error = _smooth(history, steps, alpha, beta, gamma)
        better = error < least
        values[better], least[better] = tried[better], error[better]
    return values


def _smooth(
    history: Matrix, steps: int, alpha: float, beta: float, gamma: float
) -> tuple[Matrix, Matrix]:
    """Return the forecast and the sum of the squares of the misses on the way."""
    years = history[:, : 2 * SEASON].reshape(len(history), 2, SEASON)
    slope = (years[:, 1].mean(axis=1) - years[:, 0].mean(axis=1)) / SEASON
    middle = (SEASON - 1) / 2
    tilt = (np.arange(SEASON) - middle)[None, :] * slope[:, None]
    season = (years - years.mean(axis=2, keepdims=True)).mean(axis=1) - tilt
    level = years[:, 0].mean(axis=1) - slope * (middle + 1)
    error = np.zeros(len(history))
    for place, amounts in enumerate(history.T):
        month = place % SEASON
        expected = level + DAMPING * slope
        miss = amounts - expected - season[:, month]
        error += miss**2
        level = expected + alpha * miss
        slope = DAMPING * slope + beta * alpha * miss
        season[:, month] += gamma * (1 - alpha) * miss
    ahead = slope[:, None] * np.cumsum(DAMPING ** np.arange(1, steps + 1))
    months = (history.shape[1] + np.arange(steps)) % SEASON
    return level[:, None] + ahead + season[:, months], error


def _repeat(level: Matrix, steps: int) -> Matrix:
    return np.repeat(level[:, None], steps, axis=1)


# Seasonal naive first: what is as good as it does not replace it.
METHODS = (
    Method(NAIVE, seasonal_naive, 1, 0.0),
    Method("run_rate", run_rate, 1, 2.0),
    Method("mean", mean, 1, 1.0),
    Method("sparse", sparse, 1, 1.0),
    Method("trend", trend, 9, 2.0),
    Method("seasonal_mean", seasonal_mean, SEASON + RECENT, 2.0),
    Method("holt_winters", holt_winters, 2 * SEASON, 2.0),
)
