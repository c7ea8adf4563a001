"""What lets a refused document pass: how far a permission reaches.

>>> reaches("block", "hold"), reaches("hold", "block"), reaches("closed", "block")
(True, False, True)
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from .control import Verdict

# What stands in the way, mildest first; a permission for one is good for those before.
LEVELS = ("hold", "block", "closed")


class Right(NamedTuple):
    """What somebody may let pass.

    :param limit: the most that a document may take from one line
    """

    id: int
    limit: Decimal
    may_pass_closed: bool
    date_from: date
    date_to: date


class Need(NamedTuple):
    """What a document has to be let pass with on one line."""

    line_id: int
    level: str
    amount: Decimal


def level_of(verdict: Verdict) -> str:
    """Return what stands in the way of a document that is refused."""
    return "closed" if verdict.usage.closed else verdict.action


def reaches(permitted: str, level: str) -> bool:
    """Tell whether a permission for one level is good for another."""
    return LEVELS.index(permitted) >= LEVELS.index(level)


def why_not(rights: Iterable[Right], needs: Iterable[Need], day: date) -> str | None:
    """Return what the rights lack, None when one of them covers all needs.

    :return: ``no_right``, ``closed``, ``limit``, or None

    >>> right = Right(1, Decimal(500), False, date(2026, 1, 1), date(2026, 12, 31))
    >>> more = [Need(7, "block", Decimal("500.01"))]
    >>> why_not([right], more, date(2026, 3, 3)), why_not([right], [], date(2027, 1, 1))
    ('limit', 'no_right')
    """
    needs = list(needs)
    valid = [right for right in rights if right.date_from <= day <= right.date_to]
    if not valid:
        return "no_right"
    if any(need.level == "closed" for need in needs):
        valid = [right for right in valid if right.may_pass_closed]
        if not valid:
            return "closed"
    if largest(needs) > max(right.limit for right in valid):
        return "limit"
    return None


def choose(rights: Iterable[Right], needs: Iterable[Need], day: date) -> Right | None:
    """Return the smallest right that covers all needs."""
    needs = list(needs)
    covering = [right for right in rights if why_not([right], needs, day) is None]
    return min(covering, key=lambda right: right.limit, default=None)


def largest(needs: Iterable[Need]) -> Decimal:
    """Return the most that is taken from one line, over all months."""
    totals: dict[int, Decimal] = {}
    for need in needs:
        totals[need.line_id] = totals.get(need.line_id, Decimal(0)) + need.amount
    return max(totals.values(), default=Decimal(0))
