"""Why a budget line for the right account is not charged with a spending.

>>> line = Near("approved", False, date(2026, 1, 1), date(2026, 12, 31), frozenset({7}))
>>> why_not(line, date(2027, 1, 1), [frozenset({8})])
['dates', 'analytic']
>>> why_not(line, date(2026, 3, 3), [frozenset({7, 8})])
[]
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

IN_FORCE = ("approved", "closed")


class Near(NamedTuple):
    """A budget line as far as matching looks at it.

    :param key: its analytic accounts
    """

    state: str
    is_reserve: bool
    date_from: date
    date_to: date
    key: frozenset[int]


def why_not(line: Near, day: date, keys: Iterable[frozenset[int]]) -> list[str]:
    """Return the obstacles, none when the line is charged.

    :param keys: the analytic keys of the spending, none for no distribution
    """
    checks = {
        "not_in_force": line.state not in IN_FORCE,
        "reserve": line.is_reserve,
        "dates": not line.date_from <= day <= line.date_to,
        "analytic": bool(missing(line.key, keys)),
    }
    return [name for name, applies in checks.items() if applies]


def missing(key: frozenset[int], keys: Iterable[frozenset[int]]) -> frozenset[int]:
    """Return what the distribution key nearest to the line does not name.

    >>> sorted(missing(frozenset({1, 2}), [frozenset({1}), frozenset({3})]))
    [2]
    """
    return min((key - named for named in keys), key=len, default=key)
