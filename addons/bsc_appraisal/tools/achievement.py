"""How far one indicator came: a percentage of its target, raw and capped.

A rule says how the actual value (AV) is compared with the target value (TV):

>>> achieve(Rule("ratio", target=24), 36.21).points
150.875
>>> achieve(Rule("ratio", direction=-1, target=20), 25).points
75.0
>>> achieve(Rule("ratio", target=24, cap=120.0), 36.21)
Achievement(raw=150.875, points=120.0)

The ratio is measured from the target in units of its size, so a negative target is
as good as any other, and a baseline as well:

>>> achieve(Rule("ratio", target=-2), 3).points
350.0
>>> round(achieve(Rule("baseline", target=-2, baseline=-5), 3).points, 1)
266.7

What cannot be computed is a named error, never a zero that looks like a result:

>>> achieve(Rule("ratio", target=0), 5)  # doctest: +IGNORE_EXCEPTION_DETAIL
Traceback (most recent call last):
...
RuleError: zero_target
"""

import math
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import NamedTuple

LARGEST = 1e15
WHOLE = 100.0


class RuleError(ValueError):
    """A rule that cannot give a score; ``code`` names why.

    =================  ===========================================================
    code               reason
    =================  ===========================================================
    no_target          the kind compares with a target and none is set
    zero_target        a ratio to a target of zero, and no other way is allowed
    no_baseline        the kind starts from a baseline and none is set
    flat_baseline      baseline and target are the same
    no_tolerance       closeness needs a tolerance above zero
    bad_range          the limits of a range are missing or out of order
    bad_points         points are missing, or not strictly increasing
    bad_limits         the floor lies above the cap
    not_positive       TV / AV is defined for positive values only
    not_a_number       a value is not a finite number of reasonable size
    unknown_kind       there is no such calculation
    =================  ===========================================================
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Rule(NamedTuple):
    """How one line is scored: the kind, and the numbers that it needs."""

    kind: str
    direction: int = 1
    target: float | None = None
    baseline: float | None = None
    tolerance: float | None = None
    deviation_unit: float | None = None
    zero_passes: bool = False
    low: float | None = None
    high: float | None = None
    zero_low: float | None = None
    zero_high: float | None = None
    points: tuple[tuple[float, float], ...] = ()
    floor: float | None = None
    cap: float | None = None
    decimals: int | None = None


class Achievement(NamedTuple):
    """The percentage before (raw) and after floor and cap (points)."""

    raw: float
    points: float


def finite(value: float) -> float:
    """Return the value when one can calculate with it.

    >>> finite(float("nan"))  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    RuleError: not_a_number
    """
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        raise RuleError("not_a_number") from None
    if not math.isfinite(number) or abs(number) > LARGEST:
        raise RuleError("not_a_number")
    return number


def rounded(value: float, decimals: int | None) -> float:
    """Round half up as people do, so that 79.9999 with two decimals is 80.

    >>> rounded(79.9999, 2), rounded(0.125, 2), rounded(2.5, None)
    (80.0, 0.13, 2.5)
    """
    if decimals is None:
        return value
    step = Decimal(1).scaleb(-decimals)
    return float(Decimal(repr(value)).quantize(step, ROUND_HALF_UP))


def achieve(rule: Rule, actual: float) -> Achievement:
    """Compare an actual value with its rule.

    :raise RuleError: the rule or the value cannot give a score
    """
    check(rule)
    raw = finite(_KINDS[rule.kind][1](rule, finite(actual)))
    points = raw
    if rule.cap is not None:
        points = min(points, rule.cap)
    if rule.floor is not None:
        points = max(points, rule.floor)
    return Achievement(raw, points)


def parse_points(text: str) -> tuple[tuple[float, float], ...]:
    """Return the points a person typed, one per line.

    >>> parse_points(chr(10).join(["60: 80", "90: 100 %"]))
    ((60.0, 80.0), (90.0, 100.0))
    """
    points = []
    for line in filter(None, map(str.strip, text.splitlines())):
        bound, separator, value = line.replace("：", ":").partition(":")
        if not separator:
            raise RuleError("bad_points")
        try:
            points.append((finite(bound), finite(value.strip().removesuffix("%"))))
        except RuleError:
            raise RuleError("bad_points") from None
    _check_points(Rule("steps", points=tuple(points)))
    return tuple(points)


def check(rule: Rule) -> None:
    """Refuse a rule that could not score whatever is measured.

    :raise RuleError: with the first reason found
    """
    if rule.kind not in _KINDS:
        raise RuleError("unknown_kind")
    for value in (rule.target, rule.baseline, rule.tolerance, rule.floor, rule.cap):
        if value is not None:
            finite(value)
    if rule.floor is not None and rule.cap is not None and rule.floor > rule.cap:
        raise RuleError("bad_limits")
    _KINDS[rule.kind][0](rule)


def _check_target(rule: Rule) -> None:
    if rule.target is None:
        raise RuleError("no_target")


def _check_ratio(rule: Rule) -> None:
    _check_target(rule)
    if rule.target:
        return
    if rule.baseline is not None:
        _check_baseline(rule)
    elif not (rule.deviation_unit or 0) > 0 and not rule.zero_passes:
        raise RuleError("zero_target")


def _ratio(rule: Rule, actual: float) -> float:
    target = rule.target or 0.0
    if target > 0:
        # As people write it; the general form below gives the same with more noise.
        share = actual / target
        return WHOLE * (share if rule.direction > 0 else 2 - share)
    if target < 0:
        return WHOLE * (1 + rule.direction * (actual - target) / abs(target))
    if rule.baseline is not None:
        return _from_baseline(rule, actual)
    if rule.deviation_unit:
        return WHOLE * (1 + rule.direction * actual / rule.deviation_unit)
    return _pass_fail(rule, actual)


def _check_inverse(rule: Rule) -> None:
    _check_target(rule)
    if not (rule.target or 0) > 0:
        raise RuleError("not_positive")


def _inverse(rule: Rule, actual: float) -> float:
    if actual <= 0:
        raise RuleError("not_positive")
    return WHOLE * (rule.target or 0.0) / actual


def _check_baseline(rule: Rule) -> None:
    _check_target(rule)
    if rule.baseline is None:
        raise RuleError("no_baseline")
    if rule.baseline == rule.target:
        raise RuleError("flat_baseline")


def _from_baseline(rule: Rule, actual: float) -> float:
    baseline, target = rule.baseline or 0.0, rule.target or 0.0
    return WHOLE * (actual - baseline) / (target - baseline)


def _check_closeness(rule: Rule) -> None:
    _check_target(rule)
    if not (rule.tolerance or 0) > 0:
        raise RuleError("no_tolerance")


def _closeness(rule: Rule, actual: float) -> float:
    distance = abs(actual - (rule.target or 0.0))
    return WHOLE * (1 - distance / (rule.tolerance or 1.0))


def _check_range(rule: Rule) -> None:
    if rule.low is None or rule.high is None:
        raise RuleError("bad_range")
    limits = [rule.low, rule.high]
    limits[:0] = [] if rule.zero_low is None else [rule.zero_low]
    limits += [] if rule.zero_high is None else [rule.zero_high]
    ordered = all(a <= b for a, b in pairwise(map(finite, limits)))
    if not ordered or rule.zero_low == rule.low or rule.zero_high == rule.high:
        raise RuleError("bad_range")


def _in_range(rule: Rule, actual: float) -> float:
    low, high = rule.low or 0.0, rule.high or 0.0
    if low <= actual <= high:
        return WHOLE
    edge, zero = (low, rule.zero_low) if actual < low else (high, rule.zero_high)
    if zero is None or abs(actual - edge) >= abs(zero - edge):
        return 0.0
    return WHOLE * (actual - zero) / (edge - zero)


def _check_points(rule: Rule) -> None:
    bounds = [finite(bound) for bound, _points in rule.points]
    for _bound, points in rule.points:
        finite(points)
    if not bounds or any(a >= b for a, b in pairwise(bounds)):
        raise RuleError("bad_points")


def _steps(rule: Rule, actual: float) -> float:
    value = rounded(actual, rule.decimals)
    reached = [points for bound, points in rule.points if value >= bound]
    return reached[-1] if reached else 0.0


def _piecewise(rule: Rule, actual: float) -> float:
    """Follow straight lines; nothing before the worst point, flat after the best."""
    mirrored = rule.direction < 0
    points = [(-x, y) for x, y in reversed(rule.points)] if mirrored else rule.points
    value = -actual if mirrored else actual
    if value < points[0][0]:
        return 0.0
    for (x0, y0), (x1, y1) in pairwise(points):
        if value <= x1:
            return y0 + (y1 - y0) * (value - x0) / (x1 - x0)
    return points[-1][1]


def _pass_fail(rule: Rule, actual: float) -> float:
    value = rounded(actual, rule.decimals)
    target = rule.target or 0.0
    passed = value == target or (value - target) * rule.direction > 0
    return WHOLE if passed else 0.0


_Kind = tuple[Callable[[Rule], None], Callable[[Rule, float], float]]
_KINDS: dict[str, _Kind] = {
    "ratio": (_check_ratio, _ratio),
    "inverse": (_check_inverse, _inverse),
    "baseline": (_check_baseline, _from_baseline),
    "closeness": (_check_closeness, _closeness),
    "range": (_check_range, _in_range),
    "steps": (_check_points, _steps),
    "piecewise": (_check_points, _piecewise),
    "pass_fail": (_check_target, _pass_fail),
}
