"""Do results and raises go together? Spearman's rank correlation, equal ones shared.

>>> rank_correlation([1, 2, 3, 4, 5], [2, 4, 6, 8, 10])
1.0
>>> rank_correlation([1, 2, 3, 4, 5], [5, 4, 3, 2, 1])
-1.0
>>> round(rank_correlation([1, 2, 2, 4, 5], [1, 3, 2, 2, 5]), 4)
0.7632
>>> rank_correlation([1, 2, 3, 4], [1, 2, 3, 4]) is None
True
>>> rank_correlation([1, 2, 3, 4, 5], [3, 3, 3, 3, 3]) is None
True
"""

from collections.abc import Sequence

# Fewer people say nothing, and would show single ones.
FEWEST = 5


def ranks(values: Sequence[float]) -> list[float]:
    """Return the rank of each value; equal values share the mean of their ranks.

    >>> ranks([10, 20, 20, 5])
    [2.0, 3.5, 3.5, 1.0]
    """
    ordered = sorted(values)
    first = {}
    for position, value in enumerate(ordered, start=1):
        first.setdefault(value, position)
    return [first[value] + (ordered.count(value) - 1) / 2 for value in values]


def rank_correlation(left: Sequence[float], right: Sequence[float]) -> float | None:
    """Return the correlation of two rankings, None when nothing can be said.

    That is so for fewer than five pairs, and when one side does not differ at all.
    """
    if len(left) != len(right) or len(left) < FEWEST:
        return None
    one, other = ranks(left), ranks(right)
    mean = (len(left) + 1) / 2
    spread_one = sum((rank - mean) ** 2 for rank in one)
    spread_other = sum((rank - mean) ** 2 for rank in other)
    if not spread_one or not spread_other:
        return None
    shared = sum((a - mean) * (b - mean) for a, b in zip(one, other, strict=True))
    return shared / (spread_one * spread_other) ** 0.5
