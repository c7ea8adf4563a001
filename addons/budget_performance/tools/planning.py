"""A year's amount in months, what last year tells about them, and what to look at.

>>> [str(part) for part in spread(Decimal("100.00"), [1, 1, 1], Decimal("0.01"))]
['33.34', '33.33', '33.33']
>>> [str(part) for part in spread(Decimal("10"), [0, 3, 1], Decimal("0.01"))]
['0.00', '7.50', '2.50']
>>> risk(Decimal(130), Decimal(100), Decimal("0.2"), over_frame=False)
'growth'
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from . import money

RISKS = ("none", "new", "growth", "frame")


def spread(amount: Decimal, weights: Sequence, unit: Decimal) -> list[Decimal]:
    """Return parts in proportion to the weights that add up to the amount exactly.

    Each part is rounded down to the unit; what is left goes, a unit each, to the parts
    that lost most, the earlier first. Weights below zero count as none; without any
    weight all parts are equal.

    :param amount: zero or more, a multiple of the unit
    """
    scaled = [max(0, int(Decimal(weight) / money.FINEST)) for weight in weights]
    total = sum(scaled)
    if not total:
        scaled, total = [1] * len(scaled), len(scaled)
    steps = int(amount / unit)
    quotas = [divmod(steps * weight, total) for weight in scaled]
    parts = [whole for whole, _lost in quotas]
    most = sorted(range(len(parts)), key=lambda i: (-quotas[i][1], i))
    for index in most[: steps - sum(parts)]:
        parts[index] += 1
    return [part * unit for part in parts]


def season(
    months: Sequence[date],
    actual: Mapping[date, Decimal],
    planned: Mapping[date, Decimal],
    today: date,
) -> list[Decimal]:
    """Return the weight of each month: what last year's month was.

    A month that is over counts with what was booked in it, a month still to come with
    what was planned.

    >>> season([date(2027, 1, 1), date(2027, 12, 1)],
    ...        {date(2026, 1, 1): Decimal(5)},
    ...        {date(2026, 1, 1): Decimal(9), date(2026, 12, 1): Decimal(7)},
    ...        date(2026, 11, 20))
    [Decimal('5'), Decimal('7')]
    """
    weights = []
    for month in months:
        before = month.replace(year=month.year - 1)
        over = (before.year, before.month) < (today.year, today.month)
        source = actual if over else planned
        weights.append(source.get(before, Decimal(0)))
    return weights


def uplifted(amount: Decimal, percent: Decimal, unit: Decimal) -> Decimal:
    """Return the amount with so many percent more, never below zero.

    >>> uplifted(Decimal("1000"), Decimal("-2.5"), Decimal("0.01"))
    Decimal('975.00')
    """
    raised = amount * (100 + percent) / 100
    return max(Decimal(0), raised).quantize(unit, ROUND_HALF_UP)


def growth(proposed: Decimal, before: Decimal) -> Decimal | None:
    """Return by which share more is asked for than before, None without a before.

    >>> growth(Decimal(120), Decimal(100))
    Decimal('0.2')
    """
    return proposed / before - 1 if before > 0 else None


def risk(
    proposed: Decimal, before: Decimal, limit: Decimal, *, over_frame: bool
) -> str:
    """Return what finance should look at first, one of :data:`RISKS`.

    >>> risk(Decimal(120), Decimal(100), Decimal("0.2"), over_frame=False)
    'none'
    >>> risk(Decimal(1), Decimal(0), Decimal("0.2"), over_frame=False)
    'new'
    """
    if over_frame:
        return "frame"
    if not proposed:
        return "none"
    rate = growth(proposed, before)
    if rate is None:
        return "new"
    return "growth" if rate > limit else "none"
