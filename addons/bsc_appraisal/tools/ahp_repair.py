"""Which judgement contradicts the others most, and what they would say instead.

It is for the expert to decide: nothing here changes an answer.

>>> circle = build(3, {(0, 1): 3, (1, 2): 3, (0, 2): 1 / 3}, 9)
>>> found = find_repair(circle, 9)
>>> found.first, found.second, found.proposed, round(found.cr, 2)
(0, 1, 0.1111111111111111, 0.0)
"""

import math
from typing import NamedTuple

import numpy as np

from .ahp import EIGENVECTOR, Matrix, analyse, build, components, least_squares

__all__ = ["Repair", "build", "find_repair", "nearest"]


class Repair(NamedTuple):
    """The judgement that contradicts the others most, and what they would say.

    ``first`` is judged ``ratio`` times ``second``; ``proposed`` is the value of the
    scale next to what the other judgements imply, ``cr`` what it would lead to.
    """

    first: int
    second: int
    ratio: float
    proposed: float
    cr: float


def find_repair(matrix: Matrix, scale: int, method: str = EIGENVECTOR) -> Repair | None:
    """Return the judgement to look at first, or None when all agree.

    Judgements are ranked by how far they are from the ratio of the weights (Saaty
    2003). Two values are tried: the one next to that ratio, and the one next to what
    the others say when this judgement is left out; the more consistent is proposed.
    """
    found = analyse(matrix, scale, method)
    weights = np.array(found.weights)
    distance = np.abs(np.log(matrix * weights[None, :] / weights[:, None]))
    pairs = np.argwhere(np.triu(~np.isnan(matrix), 1))
    ranked = sorted(pairs.tolist(), key=lambda p: (-round(distance[p[0], p[1]], 9), p))
    for first, second in ranked:
        ratio = float(matrix[first, second])
        implied = [float(weights[first] / weights[second])]
        left_out = _with(matrix, first, second, math.nan)
        if len(components(left_out)) == 1:
            rest = least_squares(left_out)
            implied.append(float(rest[first] / rest[second]))
        options = {nearest(value, scale) for value in implied}
        tries = [
            (analyse(_with(matrix, first, second, value), scale, method).cr, value)
            for value in options
        ]
        cr, proposed = min(tries)
        if cr < found.cr - 1e-9:
            return Repair(first, second, ratio, proposed, cr)
    return None


def nearest(ratio: float, scale: int) -> float:
    """Return the value of the scale next to the ratio, in proportion.

    >>> nearest(2.4, 9), nearest(1 / 2.6, 9), nearest(40, 5)
    (2.0, 0.3333333333333333, 5.0)
    """
    size = max(ratio, 1 / ratio)
    step = min(range(1, scale + 1), key=lambda value: abs(math.log(value / size)))
    return float(step) if ratio >= 1 else 1 / step


def _with(matrix: Matrix, first: int, second: int, ratio: float) -> Matrix:
    changed = matrix.copy()
    changed[first, second], changed[second, first] = ratio, 1 / ratio
    return changed
