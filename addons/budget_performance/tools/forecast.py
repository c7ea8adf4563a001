"""Forecasts of monthly amounts: several methods, the best on its own past is taken.

All lines of one length are computed at once, as a matrix of lines by months; lines of
different lengths are sorted out by :func:`forecast`. Each method is tried on months
that are known (rolling origin: forecast from each of the last months, compare with
what came). The error is the root of the mean square, because a budget is a sum: the
mean matters, not the median, which is nil for a line that is used twice a year. The
method with the smallest error is taken, seasonal naive among them, so none is ever
taken that did worse than "the same month a year ago".

>>> found = forecast([[10.0, 20.0, 30.0] * 8, [5.0]], 3)
>>> found[0].method, [round(value) for value in found[0].values]
('seasonal_naive', [10, 20, 30])
>>> found[1].method is None  # one month is no history
True
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .forecast_methods import METHODS, NAIVE, Matrix, Method

MIN_HISTORY = 4  # months: three to learn from and one to compare with
MIN_TRAINING = 3
FULL_TRAINING = 24  # what the most demanding method needs before the first comparison
ORIGINS = (6, 12)  # fewest and most months from which a forecast is tried
EDGE = 1.05  # a method has to be that much better than seasonal naive to replace it
BAND = (0.1, 0.9)  # an 80 % band

Steps = npt.NDArray[np.int_]


@dataclass(frozen=True)
class Forecast:
    """What is expected of one line.

    ``method`` is ``None`` for a line with too short a history: it has no values.
    ``error`` and ``naive_error`` are what one month was off on average in the
    back-test, by the chosen method and by seasonal naive.
    """

    method: str | None
    values: tuple[float, ...] = ()
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    error: float = 0.0
    naive_error: float = 0.0


@dataclass(frozen=True)
class _Trial:
    """The misses of one method: lines × (origin, step) pairs, and the step of each."""

    misses: Matrix
    steps: Steps

    @property
    def error(self) -> Matrix:
        return np.sqrt(np.mean(self.misses**2, axis=1))


def forecast(histories: Sequence[Sequence[float]], horizon: int) -> list[Forecast]:
    """Return the expected amounts of the next ``horizon`` months of each line.

    :param histories: amounts of whole months without a gap, oldest first; each line
        may begin in another month, all end with the same one
    :raise ValueError: an amount is not finite or there is nothing to look ahead to
    """
    if horizon < 1:
        raise ValueError("a forecast looks at least one month ahead")
    found: list[Forecast] = [Forecast(None)] * len(histories)
    by_length: dict[int, list[int]] = {}
    for place, history in enumerate(histories):
        by_length.setdefault(len(history), []).append(place)
    for length, places in by_length.items():
        if length < MIN_HISTORY:
            continue
        matrix = np.array([histories[place] for place in places], dtype=float)
        if not np.isfinite(matrix).all():
            raise ValueError("a history has an amount that is no number")
        for place, one in zip(places, _forecast_matrix(matrix, horizon), strict=True):
            found[place] = one
    return found


def first_origin(length: int) -> int:
    """Return the first month from which a history of ``length`` months is tried.

    >>> [first_origin(length) for length in (4, 9, 18, 30, 36, 48)]
    [3, 3, 12, 24, 24, 36]
    """
    fewest, most = ORIGINS
    tried = min(most, max(fewest, length - FULL_TRAINING))
    return max(MIN_TRAINING, length - tried)


def _forecast_matrix(history: Matrix, horizon: int) -> list[Forecast]:
    first = first_origin(history.shape[1])
    methods = [method for method in METHODS if method.needs <= first]
    trials = [_try(method, history, first, horizon) for method in methods]
    errors = np.array([trial.error for trial in trials])
    naive_errors = errors[0]  # it stands first in METHODS, and first of equals wins
    handicap = np.where([method.name == NAIVE for method in methods], 1.0, EDGE)
    best = np.argmin(np.round(errors * handicap[:, None], 9), axis=0)
    found: list[Forecast] = [Forecast(None)] * len(history)
    for number, (method, trial) in enumerate(zip(methods, trials, strict=True)):
        places = np.flatnonzero(best == number)
        if not len(places):
            continue
        values = np.maximum(method.predict(history[places], horizon), 0.0)
        low, high = _band(values, trial.misses[places], trial.steps)
        for row, place in enumerate(places):
            found[place] = Forecast(
                method.name,
                tuple(values[row].tolist()),
                tuple(low[row].tolist()),
                tuple(high[row].tolist()),
                float(errors[number, place]),
                float(naive_errors[place]),
            )
    return found


def _try(method: Method, history: Matrix, first: int, horizon: int) -> _Trial:
    """Forecast from each month since ``first`` as if it were the last known one."""
    length = history.shape[1]
    misses, steps = [], []
    for origin in range(first, length):
        ahead = min(horizon, length - origin)
        values = np.maximum(method.predict(history[:, :origin], ahead), 0.0)
        misses.append(history[:, origin : origin + ahead] - values)
        steps.append(np.arange(1, ahead + 1))
    return _Trial(np.concatenate(misses, axis=1), np.concatenate(steps))


def _band(values: Matrix, misses: Matrix, steps: Steps) -> tuple[Matrix, Matrix]:
    """Return the 80 % band around the values, from how far the trials were off.

    The further ahead, the wider: never narrower than for a nearer month. A few trials
    show too little of what can happen (six hold 68 % of what comes), so the band is
    widened the fewer there were.
    """
    widened = 1 + (ORIGINS[1] - min(ORIGINS[1], int((steps == 1).sum()))) / 22
    misses = misses * widened
    low, high = np.empty_like(values), np.empty_like(values)
    lowest = np.zeros(len(values))
    highest = np.zeros(len(values))
    for step in range(1, values.shape[1] + 1):
        if step <= steps.max():
            known = misses[:, (steps <= step) & (steps > step - 3)]
            down, up = np.quantile(known, BAND, axis=1, method="weibull")
            lowest, highest = np.minimum(lowest, down), np.maximum(highest, up)
        low[:, step - 1] = np.maximum(values[:, step - 1] + lowest, 0.0)
        high[:, step - 1] = values[:, step - 1] + highest
    return low, high
