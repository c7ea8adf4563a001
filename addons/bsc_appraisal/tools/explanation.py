"""Every score as the calculation that a person can repeat on paper.

>>> rule = Rule("ratio", target=24.0)
>>> explain(rule, 36.21, achieve(rule, 36.21), 12.5286, 18.9024)
'AV 36.21 / TV 24 = 1.51 × 12.53 % = 18.90'
>>> rule = Rule("ratio", direction=-1, target=18.0, cap=70.0)
>>> explain(rule, 21.54, achieve(rule, 21.54), 8.3367, 5.8357)
'2 − AV 21.54 / TV 18 = 0.80 → 0.70 × 8.34 % = 5.84'

AV is the actual value, TV the target, BV the baseline; an arrow shows where the
floor or the cap bit.
"""

from .achievement import Achievement, Rule, achieve

__all__ = ["achieve", "arithmetic", "explain", "number"]


def number(value: float) -> str:
    """Return the number as typed, with at most four decimals.

    >>> number(1234.50), number(-0.00001), number(24.0)
    ('1,234.5', '0', '24')
    """
    text = f"{value:,.4f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def explain(
    rule: Rule,
    actual: float,
    achievement: Achievement,
    weight: float,
    contribution: float,
) -> str:
    """Return the whole way from the actual value to what it brings."""
    result = f"{achievement.raw / 100:.2f}"
    if achievement.points != achievement.raw:
        result += f" → {achievement.points / 100:.2f}"
    return (
        f"{arithmetic(rule, actual)} = {result} × {weight:.2f} % = {contribution:.2f}"
    )


def arithmetic(rule: Rule, actual: float) -> str:
    """Return how actual and target are compared, in numbers.

    >>> arithmetic(Rule("baseline", target=-2.0, baseline=-5.0), 3.0)
    '(AV 3 − BV -5) / (TV -2 − BV -5)'
    >>> arithmetic(Rule("ratio", target=0.0, zero_passes=True), 0.0)
    'AV 0 ≥ TV 0'
    """
    av = f"AV {number(actual)}"
    kind = rule.kind
    if kind == "ratio":
        return _ratio(rule, av)
    if kind in ("steps", "piecewise"):
        return f"{av} ∈ {_points(rule)}"
    if kind == "range":
        return f"{av} ∈ [{number(rule.low or 0)}; {number(rule.high or 0)}]"
    tv = f"TV {number(rule.target or 0)}"
    if kind == "inverse":
        return f"{tv} / {av}"
    if kind == "baseline":
        bv = f"BV {number(rule.baseline or 0)}"
        return f"({av} − {bv}) / ({tv} − {bv})"
    if kind == "closeness":
        return f"1 − |{av} − {tv}| / {number(rule.tolerance or 0)}"
    return f"{av} {_better(rule)} {tv}"


def _ratio(rule: Rule, av: str) -> str:
    target = rule.target or 0.0
    tv = f"TV {number(target)}"
    sign = "+" if rule.direction > 0 else "−"
    if target > 0:
        return f"{av} / {tv}" if rule.direction > 0 else f"2 − {av} / {tv}"
    if target < 0:
        return f"1 {sign} ({av} − {tv}) / {number(abs(target))}"
    if rule.baseline is not None:
        bv = f"BV {number(rule.baseline)}"
        return f"({av} − {bv}) / ({tv} − {bv})"
    if rule.deviation_unit:
        return f"1 {sign} {av} / {number(rule.deviation_unit)}"
    return f"{av} {_better(rule)} {tv}"


def _better(rule: Rule) -> str:
    return {1: "≥", -1: "≤"}.get(rule.direction, "=")


def _points(rule: Rule) -> str:
    return ", ".join(f"{number(x)} ↦ {number(y)}" for x, y in rule.points)
