"""Who is above whom, and where that goes in a circle.

>>> circles({1: 2, 2: 1, 3: 1, 4: None})
{1: [1, 2], 2: [1, 2]}
>>> circles({1: 1})
{1: [1]}
>>> circles({1: 2, 2: 3, 3: None})
{}
"""

from collections.abc import Mapping


def circles(above: Mapping[int, int | None]) -> dict[int, list[int]]:
    """Return for everybody on a circle its members in ascending order.

    Whoever only hangs below a circle is not on it.

    :param above: superior by person; a missing one ends the way up
    """
    found = {}
    done = set()
    for start in above:
        way = []
        one = start
        while one and one not in done:
            done.add(one)
            way.append(one)
            one = above.get(one)
        if one in way:
            circle = sorted(way[way.index(one) :])
            found.update(dict.fromkeys(circle, circle))
    return found
