"""Weights of a two-level scorecard, in percent: exact sums, honest rounding.

A perspective has a weight in the scorecard, an indicator a local weight in its
perspective. Numbers are read as the decimals a person typed, so 29.5 is 29.5:

>>> total([29.5, 12.5, 26.6, 17.7, 6.5, 7.2])
Decimal('100.0')
>>> global_weight(47.1, 29.5)
Decimal('13.8945')

Rounding each weight by itself loses or invents hundredths; the largest
remainders keep the sum:

>>> sevenths = [100 / 7] * 7
>>> f"{sum(round(weight, 2) for weight in sevenths):.2f}"
'100.03'
>>> sum(largest_remainder(sevenths))
Decimal('100.00')
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

HUNDRED = Decimal(100)
STEP = Decimal("0.01")
TOLERANCE = Decimal("0.005")

Number = int | float | Decimal


class WeightError(ValueError):
    """A value that cannot be a weight, or a total that cannot be reached."""


def exact(weight: Number) -> Decimal:
    """Return the weight as the decimal it is written as.

    >>> exact(0.1) + exact(0.2)
    Decimal('0.3')
    >>> exact(float("nan"))  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    WeightError: nan is not a weight
    """
    value = Decimal(str(weight))
    if not value.is_finite() or value < 0:
        raise WeightError(f"{weight} is not a weight")
    return value


def total(weights: Sequence[Number]) -> Decimal:
    """Return the exact sum of the weights."""
    return sum(map(exact, weights), Decimal(0))


def missing(weights: Sequence[Number]) -> Decimal:
    """Return what the weights lack to 100 %; negative when they exceed it.

    >>> missing([47.1, 27.8, 8.7])
    Decimal('16.4')
    >>> missing([60, 50])
    Decimal('-10')
    """
    return HUNDRED - total(weights)


def is_complete(weights: Sequence[Number]) -> bool:
    """Tell whether the weights sum to 100.00 %.

    Three thirds entered with four decimals are as good as a whole:

    >>> is_complete([33.3333, 33.3333, 33.3333])
    True
    >>> is_complete([33.33, 33.33, 33.33])
    False
    """
    return abs(missing(weights)) <= TOLERANCE


def global_weight(perspective: Number, local: Number) -> Decimal:
    """Return the share of the whole scorecard that an indicator carries."""
    return exact(perspective) * exact(local) / HUNDRED


def largest_remainder(
    weights: Sequence[Number], step: Decimal = STEP, whole: Decimal | None = None
) -> list[Decimal]:
    """Round the weights to multiples of ``step`` that sum to ``whole``.

    Every weight is rounded down, then the steps that are left go one each to
    the largest remainders; ties go to the larger weight, then to the first.
    ``whole`` defaults to the rounded sum, so an unfinished set of weights still
    shows that it is unfinished.

    >>> largest_remainder([13.8945, 5.8875, 27.318], Decimal("0.1"))
    [Decimal('13.9'), Decimal('5.9'), Decimal('27.3')]
    >>> largest_remainder([1, 2], whole=Decimal(5))  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    WeightError: 3 cannot be shown as 5
    """
    steps = [exact(weight) / step for weight in weights]
    counts = [int(value) for value in steps]
    target = sum(steps) if whole is None else whole / step
    spare = int(Decimal(target).to_integral_value(ROUND_HALF_UP)) - sum(counts)
    if not 0 <= spare <= len(counts):
        raise WeightError(f"{total(weights)} cannot be shown as {whole}")
    by_remainder = sorted(
        range(len(steps)), key=lambda i: (counts[i] - steps[i], -steps[i], i)
    )
    for index in by_remainder[:spare]:
        counts[index] += 1
    return [count * step for count in counts]


def displayed_weights(
    groups: Sequence[Sequence[Number]], step: Decimal = STEP
) -> list[list[Decimal]]:
    """Round the global weights of every perspective so that all sums agree.

    The indicators of a perspective sum to what the perspective shows, and the
    perspectives sum to what the scorecard shows.

    >>> displayed_weights([[100 / 6] * 3, [50]])
    [[Decimal('16.67'), Decimal('16.67'), Decimal('16.66')], [Decimal('50.00')]]
    """
    wholes = largest_remainder([total(group) for group in groups], step)
    return [
        largest_remainder(group, step, whole)
        for group, whole in zip(groups, wholes, strict=True)
    ]
