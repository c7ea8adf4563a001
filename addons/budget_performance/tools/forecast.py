"""Forecasts of monthly amounts: several methods, the best on its own past is taken.

All lines of one length are computed at once, as a matrix of lines by months; lines of
different lengths are sorted out by :func:`forecast`. Each method is tried on months
that are known (rolling origin: forecast from each of the last months, compare with
what came). The error is the root of the mean square, because a budget is a sum: the
mean matters, not the median, which is nil for a line that is used twice a year. The
method with the smallest error is taken, seasonal naive among them and ahead of the
others by an edge, so none is ever taken that did worse than "the same month a year
ago". Where the trial could not look, the values lean towards last year's.

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

from .forecast_methods import METHODS, SEASON, Matrix, Method, seasonal_naive

MIN_HISTORY = 4  # months: three to learn from and one to compare with
MIN_TRAINING = 3
ORIGINS = (6, 12)  # fewest and most months from which a forecast is tried
EDGE = 1.5  # how much better than seasonal naive a method has to be, over the amounts
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

    A whole year if a year to learn from remains, so that every month is compared with
    the one a year before.

    >>> [first_origin(length) for length in (4, 9, 18, 24, 30, 48)]
    [3, 3, 12, 12, 18, 36]
    """
    fewest, most = ORIGINS
    tried = min(most, max(fewest, length - SEASON))
    return max(MIN_TRAINING, length - tried)


def _forecast_matrix(history: Matrix, horizon: int) -> list[Forecast]:
    first = first_origin(history.shape[1])
    methods = [method for method in METHODS if method.needs <= first]
    trials = [_try(method, history, first, horizon) for method in methods]
    errors = np.array([trial.error for trial in trials])
    naive_errors = errors[0]  # it stands first in METHODS, and first of equals wins
    best = np.argmin(errors * _edges(methods, history), axis=0)
    found: list[Forecast] = [Forecast(None)] * len(history)
    for number, (method, trial) in enumerate(zip(methods, trials, strict=True)):
        places = np.flatnonzero(best == number)
        if not len(places):
            continue
        values = _remember(history[places], method.predict(history[places], horizon))
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


def _edges(methods: Sequence[Method], history: Matrix) -> Matrix:
    """Return by what factor each method has to be the better one: methods × lines.

    At least 1, so what is taken never did worse than seasonal naive. The fewer amounts
    there are, the easier a method looks good by chance; the more so one that follows
    the last of them.
    """
    amounts = (history != 0).sum(axis=1)
    risks = np.array([method.risk for method in methods])
    return 1 + EDGE * risks[:, None] / (1 + amounts[None, :])


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


def _remember(history: Matrix, values: Matrix) -> Matrix:
    """Return the values, nearer to last year's where the trial could not look.

    Whether a month that the history has only once always costs more than the others,
    no trial can tell. So it is repeated the more, the further it stood out of what the
    line usually changes from one month to the next; what remains is spread, so that
    these months come to the same sum as last year.
    """
    length, steps = history.shape[1], values.shape[1]
    places = length + np.arange(steps) % SEASON - SEASON
    once = (places >= 0) & (places < SEASON)
    if not once.any():
        return np.maximum(values, 0.0)
    differs = (seasonal_naive(history, steps) - values)[:, once]
    usual = np.mean(np.diff(history, axis=1) ** 2, axis=1)[:, None] / 2
    square = differs**2
    weight = np.divide(
        square, square + usual, out=np.zeros_like(square), where=square > 0
    )
    kept = weight * differs
    rest = (differs - kept).mean(axis=1, keepdims=True)
    values = values.copy()
    values[:, once] += kept + rest
    return np.maximum(values, 0.0)


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
