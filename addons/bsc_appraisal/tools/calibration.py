"""Guidelines for a distribution of ratings, and what they mean for so many people.

Guidelines are advice for people who talk about ratings; nothing here changes one. How
percentages become people follows the notes of a widely used product (SAP KBA 2245773
and 3634696): shares by the largest remainder, upper bounds rounded up, lower bounds
down, and people with the same score are never told apart.

>>> quotas(37, [10, 20, 40, 20, 10])
[4, 7, 15, 7, 4]
>>> quotas(4, [33.3, 33.4, 33.3])
[1, 2, 1]
>>> allowed(19, AT_MOST, 10), allowed(19, AT_LEAST, 20), allowed(19, ABOUT, 40, 7)
((0, 2), (3, 19), (7, 7))
>>> suggest([90, 80, 80, 70, 60], [2, 2, 1])
[0, 1, 1, 1, 2]
>>> leniency_shift([92, 90, 88, 86], 80)
4.0
"""

import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from .weights import exact, largest_remainder

ABOUT, AT_MOST, AT_LEAST = "about", "at_most", "at_least"
# How many people it takes until the mean of a team says as much as the whole.
SHRINKAGE = 5
# Below, a distribution is chance; a strict guideline wants three times as many.
FEWEST, FEWEST_STRICT = 10, 30
ONE = Decimal(1)


def quotas(count: int, shares: Sequence[float]) -> list[int]:
    """Return how many of ``count`` people each share stands for; they sum to count.

    :param shares: percentages in any order that sum to 100
    :raise WeightError: the shares do not sum to 100
    """
    whole = Decimal(count)
    parts = [exact(share) * count / 100 for share in shares]
    return [int(part) for part in largest_remainder(parts, ONE, whole)]


def allowed(
    count: int, kind: str, share: float, quota: int | None = None
) -> tuple[int, int]:
    """Return the fewest and the most people a guideline allows.

    :param kind: ABOUT allows its quota only, AT_MOST and AT_LEAST are open to one side
    :param share: percentage of ``count`` people
    :param quota: the people ABOUT stands for, where the shares of all grades give it
    """
    people = Fraction(str(share)) * count / 100
    if kind == AT_MOST:
        return 0, math.ceil(people)
    if kind == AT_LEAST:
        return math.floor(people), count
    exactly = math.floor(people) if quota is None else quota
    return exactly, exactly


def suggest(scores: Sequence[float], sizes: Sequence[int]) -> list[int]:
    """Return for every score the place of the grade that the sizes would give it.

    Equal scores get the same grade: those that do not fit into one of the upper grades
    together go down, those that do not fit into one of the lower ones go up.

    :param scores: in any order
    :param sizes: how many people each grade takes, the best grade first
    """
    ranked = sorted(scores, reverse=True)
    first = {score: place for place, score in reversed(list(enumerate(ranked)))}
    last = {score: place + 1 for place, score in enumerate(ranked)}
    bounds = []
    end = 0
    for place, size in enumerate(sizes[:-1]):
        end = min(end + size, len(ranked))
        if 0 < end < len(ranked) and ranked[end - 1] == ranked[end]:
            is_upper = place < (len(sizes) - 1) / 2
            bounds.append((first if is_upper else last)[ranked[end]])
        else:
            bounds.append(end)
    return [sum(first[score] >= bound for bound in bounds) for score in scores]


def leniency_shift(
    team: Sequence[float], whole_mean: float, shrinkage: int = SHRINKAGE
) -> float:
    """Return by how much a team is rated above (below: negative) the whole.

    The difference of the means, shrunk for small teams: n / (n + shrinkage) of it. A
    sign to talk about, not a correction: the team may simply be better.
    """
    if not team:
        return 0.0
    count = len(team)
    mean = math.fsum(team) / count
    return (mean - whole_mean) * count / (count + shrinkage)


def third(place: int, count: int) -> int:
    """Return 0, 1 or 2: the lower, middle or upper third of ``count`` ordered places.

    :param place: 0 is the best of them

    >>> [third(place, 5) for place in range(5)]
    [2, 2, 1, 0, 0]
    >>> [third(place, 3) for place in range(3)], third(0, 1)
    ([2, 1, 0], 1)
    """
    if count < 2:
        return 1
    share = Fraction(count - 1 - place, count - 1)
    return 0 if share < Fraction(1, 3) else 2 if share > Fraction(2, 3) else 1
