"""What a department's result means for its next budget: the rule and its amounts.

>>> met, old = Rule(1, 100.0, 0.0, None), Rule(2, 0.0, 100.0, 7)
>>> rules = [met, old, Rule(3, 0.0, 100.0, None)]
>>> choose(rules, 104.2, None), choose(rules, 88.0, 7), choose(rules, 88.0, None)
(1, 2, 3)
>>> choose(rules[:2], 88.0, None) is None
True
"""

from collections.abc import Hashable, Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple


class Rule(NamedTuple):
    """When a rule fits.

    :param low: lowest score, itself included
    :param high: first score that does not fit any more, 0 for none
    :param cause: why the targets were missed; None fits every cause, and none
    """

    key: Hashable
    low: float
    high: float
    cause: Hashable | None


def choose(rules: Iterable[Rule], score: float, cause: Hashable | None):
    """Return the key of the first rule that fits, None if there is none."""
    for rule in rules:
        in_band = score >= rule.low and (not rule.high or score < rule.high)
        if in_band and rule.cause in (None, cause):
            return rule.key
    return None


def amounts(
    planned: Mapping[Hashable, float], percent: float, digits: int = 2
) -> dict[Hashable, Decimal]:
    """Return what each line gets: a share of its plan, rounded; nothing for nothing.

    >>> amounts({"a": 1000.0, "b": 0.0, "c": 333.33}, 5.0)
    {'a': Decimal('50.00'), 'c': Decimal('16.67')}
    """
    unit = Decimal(1).scaleb(-digits)
    result = {}
    for line, plan in planned.items():
        share = Decimal(str(plan)) * Decimal(str(percent)) / 100
        amount = share.quantize(unit, rounding=ROUND_HALF_UP)
        if amount > 0:
            result[line] = amount
    return result
