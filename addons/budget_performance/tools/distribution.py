"""Split the amount of a document over the analytic keys it names.

Odoo writes a distribution as ``{"12,34": 60.0, "56": 40.0}``: each key lists analytic
accounts of different plans, each value is a percentage. Here keys are frozensets of
account ids. A budget line stands for a set of accounts too; it receives what is
distributed to every key that contains all of them, and the empty set (the whole
company) always receives the whole amount.

>>> a, b = frozenset({1, 7}), frozenset({2, 7})
>>> shares = line_shares(Decimal("100.00"), {a: Decimal(60), b: Decimal(40)},
...                      {1: 10, 2: 10, 7: 20}, [frozenset(), frozenset({1}),
...                                              frozenset({7})], Decimal("0.01"))
>>> [str(shares[k]) for k in (frozenset(), frozenset({1}), frozenset({7}))]
['100.00', '60.00', '100.00']
"""

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate, pairwise

Key = frozenset[int]
WHOLE = Decimal(100)

# Clients add percentages up in binary: what they write is taken to this precision.
PERCENT_UNIT = Decimal("0.000001")
MAX_PERCENT = Decimal(10) ** 9


def parse(distribution: Mapping[str, float] | None) -> dict[Key, Decimal]:
    """Return the distribution of a document with its keys as sets of account ids.

    The keys come in ascending order, however the client or the database ordered them,
    so that a rounding remainder always falls to the same one.

    :raise ValueError: a key is not a list of ids or a percentage is not a number

    >>> parse({"12,34": 60.0, "34,12": 1.5})
    {frozenset({34, 12}): Decimal('61.500000')}
    """
    keys: dict[Key, Decimal] = {}
    for text, percentage in (distribution or {}).items():
        if text.startswith("__"):  # Odoo's marker for partial updates
            continue
        key = frozenset(int(account_id) for account_id in text.split(","))
        share = Decimal(repr(float(percentage)))
        if not share.is_finite() or abs(share) > MAX_PERCENT:
            raise ValueError(f"{percentage!r} is not a percentage")
        share = share.quantize(PERCENT_UNIT, ROUND_HALF_UP)
        keys[key] = keys.get(key, Decimal(0)) + share
    return dict(sorted(keys.items(), key=lambda item: sorted(item[0])))


def plan_totals(keys: Mapping[Key, Decimal], plan_of: Mapping[int, int]) -> dict:
    """Return ``{plan: percentage}`` as distributed over the keys of each plan.

    >>> plan_totals({frozenset({1}): Decimal(60), frozenset({2}): Decimal(30)},
    ...             {1: 10, 2: 10})
    {10: Decimal('90')}
    """
    totals: dict[int, Decimal] = {}
    for key, percentage in keys.items():
        for plan in {plan_of[account] for account in key}:
            totals[plan] = totals.get(plan, Decimal(0)) + percentage
    return totals


def split(amount: Decimal, percentages: list[Decimal], unit: Decimal) -> list[Decimal]:
    """Return the parts of ``amount``, rounded to ``unit``.

    When the percentages make up 100 the parts add up to the amount: each is rounded
    together with the ones before it, so that the remainder falls to the last part and
    no part is off by more than a unit, however many there are.

    >>> [str(p) for p in split(Decimal("100.00"), [Decimal("33.33")] * 2
    ...                        + [Decimal("33.34")], Decimal("0.01"))]
    ['33.33', '33.33', '33.34']
    >>> [str(p) for p in split(Decimal("0.05"), [Decimal(25)] * 4, Decimal("0.01"))]
    ['0.01', '0.02', '0.01', '0.01']
    """
    if sum(percentages) == WHOLE:
        marks = [
            (amount * reached / WHOLE).quantize(unit, ROUND_HALF_UP)
            for reached in accumulate(percentages, initial=Decimal(0))
        ]
        return [after - before for before, after in pairwise(marks)]
    return [
        (amount * percentage / WHOLE).quantize(unit, ROUND_HALF_UP)
        for percentage in percentages
    ]


def line_shares(
    amount: Decimal,
    keys: Mapping[Key, Decimal],
    plan_of: Mapping[int, int],
    lines: Iterable[Key],
    unit: Decimal,
) -> dict[Key, Decimal]:
    """Return what each budget line key receives of ``amount``.

    A key's percentage is never divided by its number of plans: an amount that is
    given to a department and to a project charges both in full.

    :param amount: document amount in company currency
    :param keys: parsed distribution
    :param plan_of: root plan of every account in ``keys``
    :param lines: the analytic sets of the budget lines; keys that receive nothing
        are left out of the result
    :param unit: smallest amount of the currency, e.g. ``Decimal("0.01")``
    """
    shares: dict[Key, Decimal] = {}
    parts_by_plan: dict[int, dict[Key, Decimal]] = {}
    for line in lines:
        if not line:
            shares[line] = amount
            continue
        plan = plan_of.get(min(line))
        if plan is None:
            continue
        if plan not in parts_by_plan:
            own = [key for key in keys if any(plan_of[acc] == plan for acc in key)]
            parts = split(amount, [keys[key] for key in own], unit)
            parts_by_plan[plan] = dict(zip(own, parts, strict=True))
        matching = [part for key, part in parts_by_plan[plan].items() if line <= key]
        if matching:
            shares[line] = sum(matching, Decimal(0))
    return shares


def uncovered(keys: Iterable[Key], lines: Iterable[Key]) -> list[Key]:
    """Return the distribution keys that no budget line covers.

    A document without distribution has one key, the empty one.

    >>> uncovered([frozenset({1}), frozenset({2})], [frozenset({1})])
    [frozenset({2})]
    """
    lines = list(lines)
    return [
        key
        for key in (list(keys) or [frozenset()])
        if not any(line <= key for line in lines)
    ]


def spread_even(amount: Decimal, count: int, unit: Decimal) -> list[Decimal]:
    """Return ``count`` nearly equal parts, rounded to ``unit``, that add up exactly.

    >>> [str(p) for p in spread_even(Decimal("100.00"), 3, Decimal("0.01"))]
    ['33.33', '33.34', '33.33']
    """
    marks = [
        (amount * step / count).quantize(unit, ROUND_HALF_UP)
        for step in range(count + 1)
    ]
    return [after - before for before, after in pairwise(marks)]
