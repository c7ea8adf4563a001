"""Weights from pairwise judgements (analytic hierarchy process), and how consistent.

An expert says of two things how many times more important one is than the other. The
other half of the matrix follows from it. The published case, on a scale of 1 to 5:

>>> F, C, I, L = range(4)
>>> answers = {(F, C): 2, (F, I): 3, (F, L): 3, (C, I): 2, (C, L): 4, (I, L): 1 / 2}
>>> case = build(4, answers, 5)
>>> found = analyse(case, 5)
>>> [round(100 * weight, 2) for weight in found.weights]
[43.19, 31.27, 11.5, 14.04]
>>> round(found.lambda_max, 4), round(found.ci, 4), round(found.cr, 4)
(4.2216, 0.0739, 0.0821)

Not everything has to be compared: what is connected by a chain of judgements has
weights, what is not is a named error:

>>> chain = build(3, {(0, 1): 2, (1, 2): 2}, 9)
>>> [round(weight, 4) for weight in analyse(chain, 9).weights]
[0.5714, 0.2857, 0.1429]
>>> analyse(build(3, {(0, 1): 2}, 9), 9)  # doctest: +IGNORE_EXCEPTION_DETAIL
Traceback (most recent call last):
...
JudgementError: unconnected
"""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

EIGENVECTOR = "eigenvector"
GEOMETRIC_MEAN = "geometric_mean"
MAX_ITEMS = 15
RECIPROCITY = 1e-6

# Mean CI of random matrices by number of items. Saaty (1980) is what the literature
# compares with; the others belong to their scale: 1–9 from 500,000 random matrices
# (package ahpsurvey), 1–5 simulated for this project with 100,000 and more.
RANDOM_INDEX = dict(
    enumerate(
        [0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.54, 1.56, 1.57, 1.59],
        3,
    )
)
SCALE_RANDOM_INDEX = {
    5: dict(
        enumerate(
            [0.2534, 0.4074, 0.5035, 0.5648, 0.6050, 0.6347, 0.6566]
            + [0.6732, 0.6872, 0.6980, 0.7070, 0.7148, 0.7218],
            3,
        )
    ),
    9: dict(
        enumerate(
            [0.5252, 0.8837, 1.1081, 1.2493, 1.3416, 1.4048, 1.4507]
            + [1.4857, 1.5141, 1.5357, 1.5546, 1.5703, 1.5840],
            3,
        )
    ),
}


class JudgementError(ValueError):
    """Judgements that give no weights; ``code`` names why, ``detail`` where.

    ===============  =============================================================
    code             reason
    ===============  =============================================================
    size             fewer than one or more than 15 items, or not a square
    unknown_scale    the scale is neither 1–5 nor 1–9
    unknown_item     a judgement names an item that is not there, or itself twice
    diagonal         an item is not equal to itself
    not_positive     zero, negative, infinite or not a number
    out_of_scale     a judgement beyond the scale
    not_reciprocal   the two halves of the matrix contradict each other
    unconnected      nothing compares the groups of items in ``detail``
    no_answer        there is no expert to aggregate, or none with weight
    ===============  =============================================================
    """

    def __init__(self, code: str, detail: object = None) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


class Consistency(NamedTuple):
    """Weights (they sum to 1) and what is to be thought of them.

    ``cr`` compares with Saaty's random index, ``cr_scale`` with that of the scale in
    use; ``gci`` needs no random index.
    """

    weights: tuple[float, ...]
    lambda_max: float
    ci: float
    cr: float
    cr_scale: float
    gci: float
    missing: int


def build(size: int, ratios: Mapping[tuple[int, int], float], scale: int) -> Matrix:
    """Return the matrix of the judgements; what was not judged is NaN.

    :param ratios: by pair of items, how many times the first is the second
    :raise JudgementError: see there

    >>> build(2, {(0, 1): 6}, 5)  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    JudgementError: out_of_scale
    """
    if not 1 <= size <= MAX_ITEMS:
        raise JudgementError("size", size)
    if scale not in SCALE_RANDOM_INDEX:
        raise JudgementError("unknown_scale", scale)
    matrix = np.full((size, size), np.nan)
    np.fill_diagonal(matrix, 1.0)
    for (first, second), ratio in ratios.items():
        pair = (first, second)
        if first == second or not {first, second} <= set(range(size)):
            raise JudgementError("unknown_item", pair)
        _check_ratio(ratio, scale, pair)
        known = float(matrix[first, second])
        if not math.isnan(known) and abs(known / ratio - 1) > RECIPROCITY:
            raise JudgementError("not_reciprocal", pair)
        matrix[first, second], matrix[second, first] = ratio, 1 / ratio
    return matrix


def read(rows: Sequence[Sequence[float | None]], scale: int) -> Matrix:
    """Return the matrix of a full table, as imports bring it; None = not judged.

    >>> read([[1, 2], [2, 1]], 9)  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    JudgementError: not_reciprocal
    """
    if any(len(row) != len(rows) for row in rows):
        raise JudgementError("size", len(rows))
    ratios = {}
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            if i == j and value != 1:
                raise JudgementError("diagonal", (i, j))
            if i != j and value is not None:
                ratios[i, j] = float(value)
    return build(len(rows), ratios, scale)


def _check_ratio(ratio: float, scale: int, pair: tuple[int, int]) -> None:
    if not math.isfinite(ratio) or ratio <= 0:
        raise JudgementError("not_positive", pair)
    if max(ratio, 1 / ratio) > scale * (1 + RECIPROCITY):
        raise JudgementError("out_of_scale", pair)


def components(matrix: Matrix) -> list[list[int]]:
    """Return the groups of items that judgements connect, each in order.

    >>> components(build(4, {(0, 2): 1, (1, 3): 2}, 9))
    [[0, 2], [1, 3]]
    """
    left = set(range(len(matrix)))
    groups = []
    while left:
        found, border = set(), {min(left)}
        while border:
            found |= border
            known = (~np.isnan(matrix[sorted(border)])).any(axis=0)
            border = {int(item) for item in np.flatnonzero(known)} - found
        groups.append(sorted(found))
        left -= found
    return groups


def analyse(matrix: Matrix, scale: int, method: str = EIGENVECTOR) -> Consistency:
    """Return the weights of the matrix and its consistency.

    An incomplete matrix is weighted by logarithmic least squares and completed with
    the ratios of its weights. Completed cells agree by construction, so the random
    index shrinks with them (Ágoston and Csató 2022): with no more judgements than
    needed it is zero, and so is the ratio.

    :raise JudgementError: ``unconnected``
    """
    size = len(matrix)
    missing = int(np.isnan(matrix).sum()) // 2
    even = least_squares(matrix)
    full = np.where(np.isnan(matrix), even[:, None] / even[None, :], matrix)
    vector, lambda_max = _principal(full)
    by_eigenvector = method == EIGENVECTOR and not missing
    ci = max(0.0, (lambda_max - size) / (size - 1)) if size > 2 else 0.0
    return Consistency(
        tuple(map(float, vector if by_eigenvector else even)),
        lambda_max,
        ci,
        _ratio(ci, RANDOM_INDEX, size, missing),
        _ratio(ci, SCALE_RANDOM_INDEX[scale], size, missing),
        _geometric_index(matrix, even, missing),
        missing,
    )


def _ratio(ci: float, table: Mapping[int, float], size: int, missing: int) -> float:
    if size < 3:
        return 0.0
    known = 1 - 2 * missing / ((size - 1) * (size - 2))
    # A tree of judgements cannot contradict itself: what is left is float noise.
    return ci / (table[size] * known) if known > 1e-9 else 0.0


def least_squares(matrix: Matrix) -> Matrix:
    """Return weights nearest to the judgements in logarithms.

    For a complete matrix they are the geometric means of its rows.
    """
    groups = components(matrix)
    if len(groups) > 1:
        raise JudgementError("unconnected", groups)
    known = ~np.isnan(matrix)
    logs = np.where(known, np.log(np.where(known, matrix, 1.0)), 0.0)
    laplacian = np.diag(known.sum(axis=1).astype(float)) - known
    # The Laplacian leaves the sum of the logarithms open: fix it at zero.
    solution = np.linalg.solve(laplacian + 1.0, logs.sum(axis=1))
    weights = np.exp(solution - solution.max())
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def _principal(matrix: Matrix) -> tuple[Matrix, float]:
    """Return the principal eigenvector, summing to 1, and its eigenvalue."""
    values, vectors = np.linalg.eig(matrix)
    largest = int(np.argmax(values.real))
    vector = np.abs(vectors[:, largest].real)
    return vector / vector.sum(), float(values[largest].real)


def _geometric_index(matrix: Matrix, weights: Matrix, missing: int) -> float:
    """Return the geometric consistency index of Aguarón and Moreno-Jiménez."""
    size = len(matrix)
    freedom = (size - 1) * (size - 2) / 2 - missing
    if freedom < 1:
        return 0.0
    errors = np.log(matrix * weights[None, :] / weights[:, None])
    upper = errors[np.triu_indices(size, 1)]
    return float(np.nansum(upper**2)) / freedom
