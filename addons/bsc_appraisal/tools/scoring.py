"""From the points of the lines to the score of a card.

A card is a list of lines, each with its share of the whole and what is known of it.
What was not measured is not zero: its weight goes to the other lines of its
perspective, and the coverage says how much of the card was measured.

>>> card = score_card([
...     Line("F", 40, REPORTED, 110, 110), Line("F", 30, MISSING),
...     Line("F", 20, REPORTED, 80, 80), Line("F", 10, REPORTED, 200, 120)])
>>> round(card.total, 3), card.coverage, card.is_complete
(102.857, 70.0, False)
>>> [round(line.contribution, 3) for line in card.lines]
[62.857, 0.0, 22.857, 17.143]

A perspective without any measured line gives its weight to the others:

>>> score_card([Line("F", 60, REPORTED, 90, 90), Line("C", 40, NOT_APPLICABLE)]).total
90.0
"""

import math
from collections.abc import Hashable, Iterable, Sequence
from typing import NamedTuple, TypeVar

from .achievement import rounded

REPORTED = "reported"
NOT_APPLICABLE = "not_applicable"
MISSING = "missing"
FAILED = "failed"

SCORE_DECIMALS = 2
Key = TypeVar("Key", bound=Hashable)


class Line(NamedTuple):
    """One line as it is known: its weight is a percentage of the whole card.

    A confirmed zero is a reported value like any other. ``FAILED`` lines were
    measured but their rule gives no score; like missing ones they hold up the result.
    """

    group: Hashable
    weight: float
    status: str = MISSING
    raw: float = 0.0
    points: float = 0.0


class LineScore(NamedTuple):
    """What a line brings: the weight it really had, and its part of the total."""

    weight: float
    contribution: float


class CardScore(NamedTuple):
    """The result of a card; ``total`` is None when nothing at all was measured."""

    total: float | None
    raw_total: float | None
    coverage: float
    is_complete: bool
    groups: dict[Hashable, float]
    lines: list[LineScore]


class Member(NamedTuple):
    """A card below another one, with its weight in the roll-up."""

    weight: float
    total: float | None
    raw_total: float | None
    coverage: float
    is_complete: bool


def score_card(lines: Sequence[Line]) -> CardScore:
    """Return the total, the coverage and what every line brings.

    ``groups`` holds what each measured perspective brings to the total.
    """
    factors = _spread(lines)
    scores = []
    groups: dict[Hashable, float] = {}
    raw_parts = []
    for line in lines:
        if line.status != REPORTED:
            scores.append(LineScore(0.0, 0.0))
            continue
        weight = line.weight * factors[line.group]
        contribution = weight * line.points / 100
        scores.append(LineScore(weight, contribution))
        raw_parts.append(weight * line.raw / 100)
        groups[line.group] = groups.get(line.group, 0.0) + contribution
    measured = any(factors.values())
    return CardScore(
        math.fsum(score.contribution for score in scores) if measured else None,
        math.fsum(raw_parts) if measured else None,
        _coverage(lines),
        all(line.status in (REPORTED, NOT_APPLICABLE) for line in lines),
        groups,
        scores,
    )


def _spread(lines: Sequence[Line]) -> dict[Hashable, float]:
    """Return by perspective the factor that makes up for what was not measured."""
    wholes: dict[Hashable, float] = {}
    measured: dict[Hashable, float] = {}
    for line in lines:
        wholes[line.group] = wholes.get(line.group, 0.0) + line.weight
        if line.status == REPORTED:
            measured[line.group] = measured.get(line.group, 0.0) + line.weight
    alive = math.fsum(wholes[group] for group, weight in measured.items() if weight)
    total = math.fsum(wholes.values())
    return {
        group: wholes[group] / measured[group] * total / alive
        if measured.get(group)
        else 0.0
        for group in wholes
    }


def _coverage(lines: Sequence[Line]) -> float:
    whole = math.fsum(line.weight for line in lines)
    measured = math.fsum(line.weight for line in lines if line.status == REPORTED)
    return rounded(100 * measured / whole, SCORE_DECIMALS) if whole else 0.0


def roll_up(members: Sequence[Member]) -> CardScore:
    """Return the weighted mean of the cards below; those without a score count as
    not measured.

    >>> both = [Member(3, 90, 90, 100, True), Member(1, 110, 130, 80, False)]
    >>> result = roll_up(both)
    >>> result.total, result.raw_total, result.coverage, result.is_complete
    (95.0, 100.0, 95.0, False)
    >>> roll_up(both[:1] + [Member(1, None, None, 0, False)]).coverage
    75.0
    """
    whole = math.fsum(member.weight for member in members)
    known = [member for member in members if member.total is not None]
    measured = math.fsum(member.weight for member in known)
    lines = []
    for member in members:
        weight = member.weight * 100 / measured if measured else 0.0
        if member.total is None:
            lines.append(LineScore(0.0, 0.0))
        else:
            lines.append(LineScore(weight, weight * member.total / 100))
    covered = math.fsum(member.weight * member.coverage for member in members)
    raw_parts = [m.weight * (m.raw_total or 0.0) / measured for m in known if measured]
    return CardScore(
        math.fsum(line.contribution for line in lines) if measured else None,
        math.fsum(raw_parts) if measured else None,
        rounded(covered / whole, SCORE_DECIMALS) if whole else 0.0,
        bool(members) and all(member.is_complete for member in members),
        {},
        lines,
    )


def grade(bands: Iterable[tuple[float, Key]], score: float | None) -> Key | None:
    """Return the band that a score reaches; lower bounds are inclusive.

    >>> bands = [(100, "A"), (85, "B"), (60, "C")]
    >>> grade(bands, 84.996), grade(bands, 59), grade(bands, None)
    ('B', None, None)
    """
    if score is None:
        return None
    shown = rounded(score, SCORE_DECIMALS)
    reached = [(bound, key) for bound, key in bands if shown >= bound]
    return max(reached, key=lambda band: band[0])[1] if reached else None


def time_weighted(dated: Sequence[tuple[int, float]], first: int, last: int) -> float:
    """Return the mean of dated values over the days ``first`` to ``last``.

    ``dated`` holds (day from which it counts, value) in order; before the first one
    its own value counts.

    >>> time_weighted([(0, 100.0), (90, 200.0)], 0, 119)
    125.0
    """
    days = last - first + 1
    ends = [day for day, _value in dated[1:]] + [last + 1]
    starts = [first] + [day for day, _value in dated[1:]]
    total = 0.0
    for start, end, (_day, value) in zip(starts, ends, dated, strict=True):
        span = min(max(end, first), last + 1) - min(max(start, first), last + 1)
        total += max(span, 0) * value
    return total / days
