"""Which line of a budget lies inside which pool.

A document charges every line it matches, so a line on a wider position or with fewer
analytic accounts is charged with all that the narrower ones are charged: it is their
pool. Totals add up the lines that lie in no pool, or money would count twice.

>>> travel, flights = 1, 2
>>> sales = frozenset({7})
>>> nearest_pools([Place(10, (travel,), frozenset()),
...                Place(11, (flights, travel), sales),
...                Place(12, (travel,), sales)])
{10: None, 11: 12, 12: 10}
"""

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import NamedTuple


class Place(NamedTuple):
    """Where a line stands.

    :param path: its position and the parents of it, nearest first
    :param key: its analytic accounts
    """

    line_id: int
    path: tuple
    key: frozenset


def nearest_pools(places: Iterable[Place]) -> dict[int, int | None]:
    """Return for each line the narrowest other line that covers it, or None."""
    places = list(places)
    line_at = {(place.path[0], place.key): place.line_id for place in places}
    return {
        place.line_id: next(
            (
                line_at[around]
                for around in _wider(place)
                if around in line_at and line_at[around] != place.line_id
            ),
            None,
        )
        for place in places
    }


def _wider(place: Place) -> Iterator[tuple]:
    """Yield positions and keys that cover the place, narrowest first."""
    for position in place.path:
        for size in range(len(place.key), -1, -1):
            for accounts in combinations(sorted(place.key), size):
                yield position, frozenset(accounts)
