"""What an adjustment does to the plan, as plain values.

An adjustment has legs: so much more or less for a line, in one month or spread. A
transfer only moves money: what one line gives another one gets. Lines inside a pool are
charged together with it, so they give and get among themselves, unless the pool takes
part: then the pool stands for them.

>>> inside, other = Leg(11, 10, Decimal(-100)), Leg(20, None, Decimal(100))
>>> unbalanced([inside, other])
{10: Decimal('-100'), None: Decimal('100')}
>>> unbalanced([inside, Leg(10, None, Decimal(-100)), other])
{}
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import NamedTuple

from . import distribution, periods

Amounts = dict[date, Decimal]


class Leg(NamedTuple):
    """More or less for one line.

    :param pool_id: the line that is charged with all that this one is charged
    """

    line_id: int
    pool_id: int | None
    amount: Decimal


class Shortage(NamedTuple):
    """Months whose plan would fall below what they use."""

    interval: str
    months: tuple
    planned: Decimal
    used: Decimal


def unbalanced(legs: Iterable[Leg]) -> dict[int | None, Decimal]:
    """Return what does not add up to zero, by pool; None is outside of any pool."""
    legs = list(legs)
    touched = {leg.line_id for leg in legs}
    sums: dict[int | None, Decimal] = defaultdict(Decimal)
    for leg in legs:
        if leg.pool_id not in touched:
            sums[leg.pool_id] += leg.amount
    return {pool: amount for pool, amount in sums.items() if amount}


def missing_pool_legs(
    legs: Iterable[Leg], pool_of: Mapping[int, int | None]
) -> list[Leg]:
    """Return the legs on pools that balance what their lines give and get.

    >>> legs = [Leg(11, 10, Decimal(-100)), Leg(20, None, Decimal(100))]
    >>> missing_pool_legs(legs, {10: None})
    [Leg(line_id=10, pool_id=None, amount=Decimal('-100'))]
    """
    legs = list(legs)
    added: list[Leg] = []
    while open_pools := {
        pool_id: amount
        for pool_id, amount in unbalanced(legs + added).items()
        if pool_id is not None
    }:
        added += [
            Leg(pool_id, pool_of.get(pool_id), amount)
            for pool_id, amount in open_pools.items()
        ]
    return added


def spread(
    amount: Decimal,
    today: date,
    planned: Amounts,
    used: Amounts,
    unit: Decimal,
    blocks: Iterable[Sequence[date]] = (),
) -> Amounts:
    """Return how an amount without a month falls on the months of its line.

    More falls evenly on the months that are left, the present one included, or on all
    when none is left. Less is taken where there is room: first from the months that
    are left, in proportion to their room, then from the earlier ones, latest first.

    :param blocks: months whose plan must stay above their use together as well
    :raise ValueError: the months have less room than the amount

    >>> jan, feb, mar = (date(2026, month, 1) for month in (1, 2, 3))
    >>> plan = dict.fromkeys((jan, feb, mar), Decimal(100))
    >>> parts = spread(Decimal(-250), feb, plan, {feb: Decimal(40)}, Decimal(1))
    >>> [str(parts[month]) for month in (jan, feb, mar)]
    ['-90', '-60', '-100']
    >>> parts = spread(Decimal(-150), jan, plan, {jan: Decimal(150)}, Decimal(1),
    ...                [[jan, feb, mar]])
    >>> [str(parts[month]) for month in (feb, mar)]
    ['-50', '-100']
    >>> spread(Decimal(50), mar, plan, {}, Decimal(1))
    {datetime.date(2026, 3, 1): Decimal('50')}
    """
    months = sorted(planned)
    left = [month for month in months if month >= periods.month_start(today)] or months
    if amount >= 0:
        parts = distribution.spread_even(amount, len(left), unit)
        return dict(zip(left, parts, strict=True))
    room = _room(planned, used, blocks)
    earlier = [month for month in reversed(months) if month not in left]
    taken = _take(-amount, {month: room[month] for month in left}, unit)
    for month in earlier:
        rest = -amount - sum(taken.values())
        taken[month] = min(rest, room[month])
    if sum(taken.values()) < -amount:
        raise ValueError(f"{-amount} is more than the room of {sum(room.values())}")
    return {month: -part for month, part in taken.items() if part}


def _room(planned: Amounts, used: Amounts, blocks: Iterable[Sequence[date]]) -> Amounts:
    """Return what each month can give, so that no block gives more than it has."""
    zero = Decimal(0)
    room = {
        month: max(amount - max(used.get(month, zero), zero), zero)
        for month, amount in planned.items()
    }
    for block in sorted(blocks, key=len):
        has = sum((planned[m] - used.get(m, zero) for m in block), zero)
        excess = sum((room[m] for m in block), zero) - max(has, zero)
        for month in sorted(block):
            kept = min(max(excess, zero), room[month])
            room[month] -= kept
            excess -= kept
    return room


def _take(amount: Decimal, room: Amounts, unit: Decimal) -> Amounts:
    """Take up to ``amount`` in proportion to the room, never more than a month has."""
    total = sum(room.values(), Decimal(0))
    if total <= amount:
        return dict(room)
    taken = {
        month: (amount * part / total).quantize(unit, ROUND_DOWN)
        for month, part in room.items()
    }
    rest = amount - sum(taken.values())
    for month, part in room.items():
        more = min(rest, part - taken[month])
        taken[month] += more
        rest -= more
    return taken


def shortages(
    planned: Amounts,
    used: Amounts,
    deltas: Amounts,
    intervals: Iterable[str],
    interval_months: Callable[[str, date], Sequence[date]],
) -> list[Shortage]:
    """Return where a change leaves less than is used.

    Looked at are the months that get less and every interval around them that gets
    less. What was overspent before and does not get less is not the change's fault.

    :param interval_months: the months of an interval around a month

    >>> jan, feb = date(2026, 1, 1), date(2026, 2, 1)
    >>> def whole(interval, month):
    ...     return [jan, feb] if interval == "budget" else [month]
    >>> plan, use = dict.fromkeys((jan, feb), Decimal(100)), {jan: Decimal(150)}
    >>> moved = {feb: Decimal(-60)}
    >>> [short.interval for short in shortages(plan, use, moved, ["budget"], whole)]
    ['budget']
    >>> shortages(plan, use, {feb: Decimal(-50)}, ["month", "budget"], whole)
    []
    """
    found = {}
    for interval in intervals:
        # A cumulative interval may get less before the month that gets it back.
        for month in sorted(planned):
            months = tuple(interval_months(interval, month))
            change = sum((deltas.get(m, Decimal(0)) for m in months), Decimal(0))
            if change >= 0 or (interval, months) in found:
                continue
            after = sum((planned[m] for m in months), change)
            use = sum((used.get(m, Decimal(0)) for m in months), Decimal(0))
            if after < max(use, Decimal(0)):
                found[interval, months] = Shortage(interval, months, after, use)
    return list(found.values())
