"""What a development plan works on, and whether it helped.

>>> lines = {"a": Line(70.0, 50.0), "b": Line(40.0, 10.0), "c": Line(120.0, 40.0)}
>>> weakest(lines, 3)
[('a', 15.0), ('b', 6.0)]
>>> weakest({"a": Line(80, 20), "b": Line(80, 20), "c": Line(60, 50)}, 2)
[('c', 20.0), ('a', 4.0), ('b', 4.0)]
"""

from collections.abc import Hashable, Mapping
from typing import NamedTuple

from .ranking import rank_best

FULL = 100.0


class Line(NamedTuple):
    """What a line of a scorecard brought.

    :param points: achievement in per cent
    :param weight: weight in effect in per cent of the scorecard
    """

    points: float
    weight: float


def lost(line: Line) -> float:
    """Return the points of the total that the line leaves on the table.

    >>> lost(Line(70.0, 50.0)), lost(Line(120.0, 50.0))
    (15.0, 0.0)
    """
    return round(max(FULL - line.points, 0.0) * line.weight / FULL, 4)


def weakest(lines: Mapping[Hashable, Line], count: int) -> list[tuple]:
    """Return (key, points lost) of the lines on which most was lost, worst first.

    Lines that lost the same stay together, so there can be more than ``count``.
    """
    losses = {key: lost(line) for key, line in lines.items()}
    ranked = rank_best(
        {key: (value,) for key, value in losses.items() if value > 0}, count
    )
    return [(key, losses[key]) for key, _rank in ranked]


def progress(states: list[str]) -> float:
    """Return how much of the steps is done in per cent; dropped ones do not count.

    >>> progress(["done", "todo", "dropped"]), progress(["dropped"]), progress([])
    (50.0, 0.0, 0.0)
    """
    counted = [state for state in states if state != "dropped"]
    if not counted:
        return 0.0
    return FULL * counted.count("done") / len(counted)
