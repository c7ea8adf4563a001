"""From expected months to what is left of a plan at the end, and when it runs out.

A month never costs less than what is known of it: booked, or bound by open documents.

>>> ahead = {date(2026, 11, 1): 100.0, date(2026, 12, 1): 100.0}
>>> spent = outlook(400.0, 250.0, ahead)
>>> spent.expected, spent.runs_out, spent.left_rate
(450.0, datetime.date(2026, 12, 1), -0.125)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Month:
    """What a month plans and what is known of it.

    ``bound`` is reserved or committed by documents that are still open.
    """

    month: date
    planned: float = 0.0
    actual: float = 0.0
    bound: float = 0.0

    @property
    def known(self) -> float:
        return self.actual + self.bound


@dataclass(frozen=True)
class Outlook:
    """What a plan comes to: ``left_rate`` is below zero when it will not do."""

    planned: float
    expected: float
    runs_out: date | None

    @property
    def left(self) -> float:
        return self.planned - self.expected

    @property
    def left_rate(self) -> float:
        return round(self.left / self.planned, 4) if self.planned else 0.0


def expect(known: float, predicted: float) -> float:
    """Return what a month will cost: what was predicted, at least what is known.

    >>> expect(120.0, 100.0), expect(0.0, -5.0)
    (120.0, 0.0)
    """
    return max(known, predicted, 0.0)


def from_plan(months: Sequence[Month], planned: Mapping[date, float]) -> list[float]:
    """Return the plan as prediction, for a line without enough history.

    :param months: the months to predict
    :param planned: all planned months; their mean stands for months without a plan

    >>> from_plan([Month(date(2026, 1, 1)), Month(date(2027, 1, 1))],
    ...           {date(2026, 1, 1): 30.0, date(2026, 2, 1): 50.0})
    [30.0, 40.0]
    """
    mean = sum(planned.values()) / len(planned) if planned else 0.0
    return [planned.get(month.month, mean) for month in months]


def outlook(planned: float, used: float, ahead: Mapping[date, float]) -> Outlook:
    """Return what a plan comes to.

    :param used: booked in the months that are over
    :param ahead: what each month from now on will cost until the budget ends

    >>> outlook(100.0, 120.0, {date(2026, 12, 1): 0.0}).runs_out
    datetime.date(2026, 12, 1)
    """
    total, runs_out = used, None
    for month in sorted(ahead):
        total += ahead[month]
        if runs_out is None and round(total - planned, 6) > 0:
            runs_out = month
    return Outlook(planned, round(total, 6), runs_out)


def propose(left: Mapping[int, float]) -> dict[int, float]:
    """Return what to add to and take from lines, so that nobody runs out.

    A line that runs out gets what it lacks; it comes from those that keep most, as far
    as they have it. Where nobody lacks money, what is left is given back.

    :param left: what each line leaves at the end, below zero if it runs out

    >>> propose({1: -30.0, 2: 20.0, 3: 50.0})
    {1: 30.0, 3: -30.0}
    >>> propose({1: -30.0, 2: 20.0})
    {1: 30.0, 2: -20.0}
    >>> propose({2: 20.0})
    {2: -20.0}
    """
    changes = {line: round(-rest, 6) for line, rest in left.items() if rest < 0}
    givers = sorted(
        ((rest, line) for line, rest in left.items() if rest > 0),
        key=lambda giver: (-giver[0], giver[1]),
    )
    lacking = sum(changes.values()) if changes else None
    for rest, line in givers:
        given = rest if lacking is None else min(rest, lacking)
        if given > 0:
            changes[line] = round(-given, 6)
        if lacking is not None:
            lacking = round(lacking - given, 6)
    return changes
