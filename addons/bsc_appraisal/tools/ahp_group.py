"""Judgements of several experts as one: aggregate, weigh, and how much they agree.

Judgements are averaged as ratios, so that the group's matrix stays reciprocal:

>>> two = [build(2, {(0, 1): 4}, 5), build(2, {(0, 1): 1}, 5)]
>>> float(aggregate(two, [1, 1])[0, 1])
2.0
>>> round(float(aggregate(two, [3, 1])[0, 1]), 3)
2.828
>>> consensus([(0.8, 0.2), (0.8, 0.2)], 5)
1.0
>>> consensus([(5 / 6, 1 / 6), (1 / 6, 5 / 6)], 5)
0.0
"""

import math
from collections.abc import Sequence

import numpy as np

from .ahp import EIGENVECTOR, Consistency, JudgementError, Matrix, analyse, build

__all__ = ["aggregate", "analyse_group", "build", "consensus"]


def aggregate(matrices: Sequence[Matrix], weights: Sequence[float]) -> Matrix:
    """Return the weighted geometric mean of the judgements, cell by cell.

    A pair counts with the experts who judged it; judged by nobody, it stays open.

    :raise JudgementError: ``no_answer``
    """
    shares = np.asarray(weights, dtype=np.float64)
    if not matrices or not (shares > 0).any() or (shares < 0).any():
        raise JudgementError("no_answer")
    stack = np.log(np.stack(matrices))
    known = ~np.isnan(stack) & (shares > 0)[:, None, None]
    part = np.where(known, shares[:, None, None], 0.0)
    whole = part.sum(axis=0)
    total = (part * np.where(known, stack, 0.0)).sum(axis=0)
    mean = np.divide(total, whole, out=np.full(whole.shape, np.nan), where=whole > 0)
    return np.asarray(np.exp(mean), dtype=np.float64)


def analyse_group(
    matrices: Sequence[Matrix],
    weights: Sequence[float],
    scale: int,
    method: str = EIGENVECTOR,
) -> Consistency:
    """Return the weights of the group and the consistency of its matrix."""
    return analyse(aggregate(matrices, weights), scale, method)


def consensus(priorities: Sequence[Sequence[float]], scale: int) -> float:
    """Return how much the experts agree, from 0 (not at all) to 1.

    It is Goepel's S*: the diversity between the experts' weights (Shannon), measured
    against the least agreement that the scale lets them express.
    """
    shares = np.asarray(priorities, dtype=np.float64)
    size = shares.shape[1]
    if size < 2:
        return 1.0
    within = float(np.mean([_entropy(row) for row in shares]))
    between = _entropy(shares.mean(axis=0)) - within
    most = scale + size - 1
    extreme = np.array([scale / most] + [1 / most] * (size - 1))
    floor = math.exp(_entropy(extreme)) / size
    agreement = (math.exp(-between) - floor) / (1 - floor)
    return min(1.0, max(0.0, round(agreement, 12)))


def _entropy(shares: Matrix) -> float:
    positive = shares[shares > 0]
    return float(-(positive * np.log(positive)).sum())
