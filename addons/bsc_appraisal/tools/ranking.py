"""Who is among the best; equal results are never torn apart.

>>> rank_best({"a": (4, 110.0), "b": (4, 104.5), "c": (5, 90.0), "d": (1, 99.0)}, 2)
[('c', 1), ('a', 2)]
>>> rank_best({"a": (1,), "b": (2,), "c": (2,), "d": (0,)}, 1)
[('b', 1), ('c', 1)]
"""

from collections.abc import Hashable, Mapping


def rank_best(results: Mapping[Hashable, tuple], places: int) -> list[tuple]:
    """Return (key, rank) of the best, in order; more than ``places`` only by a tie.

    :param results: what is compared, the higher the better, first value first
    :param places: how many there are room for
    """
    ordered = sorted(results.items(), key=lambda item: item[1], reverse=True)
    ranked: list[tuple] = []
    rank, before = 0, None
    for position, (key, value) in enumerate(ordered, start=1):
        if value != before:
            rank, before = position, value
        if rank > places:
            break
        ranked.append((key, rank))
    return ranked
