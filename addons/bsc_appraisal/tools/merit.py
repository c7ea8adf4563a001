"""Raises and bonuses inside a pool, as plain values.

The order is fixed: who is eligible, the percentage of the grid, proration, the pool,
the maximum of the pay range, and the cents last.

>>> band = Band(Decimal("0"), Decimal("0"), Decimal("7"), Decimal("9"))
>>> person = Person(1, Decimal("80000"), (band,), Range(Decimal("80000"),
...     Decimal("100000"), Decimal("120000")))
>>> wish = wish_of(person)
>>> wish.compa_ratio, wish.raw
(Decimal('0.8'), Decimal('5600'))
>>> funding = fund([wish], Decimal("5000"))
>>> funding.amounts[1], funding.factor.quantize(Decimal("0.0001"))
(Decimal('5000.00'), Decimal('0.8929'))
>>> split(Decimal("118000"), Decimal("3800.33"), Decimal("120000"))
(Decimal('2000'), Decimal('1800.33'))
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import NamedTuple

CENT = Decimal("0.01")
ZERO = Decimal(0)
ONE = Decimal(1)
HUNDRED = Decimal(100)


class MeritError(ValueError):
    """Awards that cannot be computed; ``code`` names why, ``needed`` how much.

    ==========  ==================================================================
    code        reason
    ==========  ==================================================================
    minimums    the minimums of the grid alone need more than the pool
    pool        the pool is negative
    bands       the compa-ratio bands of a rating do not start at 0
    ==========  ==================================================================
    """

    def __init__(self, code: str, needed: Decimal = ZERO) -> None:
        super().__init__(code)
        self.code = code
        self.needed = needed


class Band(NamedTuple):
    """The cell of a grid: percentages from a compa-ratio on, up to the next band."""

    ratio_from: Decimal
    low: Decimal
    default: Decimal
    high: Decimal


class Range(NamedTuple):
    """What a full-time post is paid, for the same period as the salary."""

    low: Decimal
    mid: Decimal
    high: Decimal


class Person(NamedTuple):
    """Whom an award is computed for.

    :param salary: what is paid now
    :param bands: of the person's rating; none = the policy knows no such rating
    :param range: of the post; None = nobody set one
    :param work_rate: 1 is full-time
    :param proration: the part of the period that counts
    :param percent: chosen by hand, in place of the default of the cell
    :param obstacles: why the person is not eligible, as codes
    """

    key: int
    salary: Decimal
    bands: Sequence[Band] = ()
    range: Range | None = None
    work_rate: Decimal = ONE
    proration: Decimal = ONE
    percent: Decimal | None = None
    obstacles: tuple[str, ...] = ()


class Wish(NamedTuple):
    """What a person would get if the pool had no end.

    :param reasons: codes: ``unrated``, ``no_range``, ``by_hand``, ``outside``,
        ``prorated``, ``cell_zero`` and the obstacles
    """

    key: int
    raw: Decimal
    minimum: Decimal = ZERO
    percent: Decimal = ZERO
    compa_ratio: Decimal | None = None
    penetration: Decimal | None = None
    band: Band | None = None
    reasons: tuple[str, ...] = ()


class Funding(NamedTuple):
    """What the pool lets people have.

    :param amounts: by key, in whole cents
    :param factor: by what wishes above their minimum were multiplied
    :param at_minimum: keys that got their minimum instead
    """

    amounts: dict[int, Decimal]
    factor: Decimal
    at_minimum: frozenset[int]
    raw: Decimal


def compa_ratio(
    salary: Decimal, midpoint: Decimal, work_rate: Decimal = ONE
) -> Decimal:
    """Return the full-time salary as a part of the midpoint.

    >>> compa_ratio(Decimal("30000"), Decimal("64000"), Decimal("0.5"))
    Decimal('0.9375')
    """
    return salary / work_rate / midpoint


def penetration(salary: Decimal, pay: Range, work_rate: Decimal = ONE) -> Decimal:
    """Return where the full-time salary lies between minimum (0) and maximum (1).

    >>> penetration(Decimal("90"), Range(Decimal(80), Decimal(100), Decimal(120)))
    Decimal('0.25')
    """
    if pay.high == pay.low:
        return ONE if salary / work_rate >= pay.high else ZERO
    return (salary / work_rate - pay.low) / (pay.high - pay.low)


def find_band(bands: Iterable[Band], ratio: Decimal) -> Band:
    """Return the band that holds a compa-ratio: from its bound up to the next.

    :raise MeritError: ``bands``, no band starts at 0
    """
    fitting = [band for band in bands if band.ratio_from <= ratio]
    if not fitting:
        raise MeritError("bands")
    return max(fitting, key=lambda band: band.ratio_from)


def wish_of(person: Person) -> Wish:
    """Return what the grid gives, before the pool is looked at.

    Without a pay range people count as paid at the midpoint. Unrated is an explicit
    zero, as is whoever is not eligible.
    """
    ratio = place = None
    if person.range:
        ratio = compa_ratio(person.salary, person.range.mid, person.work_rate)
        place = penetration(person.salary, person.range, person.work_rate)
    if person.obstacles or not person.bands:
        reasons = person.obstacles or ("unrated",)
        return Wish(person.key, ZERO, ZERO, ZERO, ratio, place, None, reasons)
    band = find_band(person.bands, ONE if ratio is None else ratio)
    reasons = () if person.range else ("no_range",)
    percent, low = band.default, band.low
    if person.percent is not None:
        percent, low = person.percent, min(band.low, person.percent)
        reasons += ("by_hand",)
        if not band.low <= percent <= band.high:
            reasons += ("outside",)
    if person.proration != ONE:
        reasons += ("prorated",)
    if not percent:
        reasons += ("cell_zero",)
    part = person.salary * person.proration / HUNDRED
    raw, minimum = part * percent, part * low
    return Wish(person.key, raw, minimum, percent, ratio, place, band, reasons)


def fund(
    wishes: Iterable[Wish],
    pool: Decimal,
    keep_minimums: bool = False,
    unit: Decimal = CENT,
) -> Funding:
    """Cut wishes to the pool and round them, so that it is hit to the cent.

    :param keep_minimums: False multiplies everybody by one factor; True lets nobody
        fall below his minimum and multiplies the others by a smaller one
    :raise MeritError: ``pool`` or ``minimums``
    """
    wishes = list(wishes)
    if pool < 0:
        raise MeritError("pool")
    pool = pool.quantize(unit, ROUND_DOWN)
    minimums = {
        wish.key: wish.minimum.quantize(unit, ROUND_HALF_UP) if keep_minimums else ZERO
        for wish in wishes
    }
    raws = {wish.key: max(wish.raw, minimums[wish.key]) for wish in wishes}
    raw = sum(raws.values(), ZERO)
    needed = sum(minimums.values(), ZERO)
    if needed > pool:
        raise MeritError("minimums", needed)
    factor, fixed = ONE, frozenset[int]()
    if raw > pool:
        factor, fixed = _fill(raws, minimums, pool)
    exact = {
        key: minimums[key] if key in fixed else value * factor
        for key, value in raws.items()
    }
    target = min(pool, raw.quantize(unit, ROUND_HALF_UP))
    return Funding(round_to(exact, target, unit), factor, fixed, raw)


def _fill(
    raws: Mapping[int, Decimal], minimums: Mapping[int, Decimal], pool: Decimal
) -> tuple[Decimal, frozenset[int]]:
    """Return the factor of those above their minimum, and who is at it."""
    fixed: set[int] = set()
    while True:
        free = sum((raw for key, raw in raws.items() if key not in fixed), ZERO)
        left = pool - sum((minimums[key] for key in fixed), ZERO)
        factor = left / free if free else ZERO
        below = {
            key
            for key, raw in raws.items()
            if key not in fixed and raw * factor < minimums[key]
        }
        if not below:
            return factor, frozenset(fixed)
        fixed |= below


def round_to(
    exact: Mapping[int, Decimal], target: Decimal, unit: Decimal = CENT
) -> dict[int, Decimal]:
    """Return amounts in whole units that sum to the target: largest remainder.

    >>> thirds = dict.fromkeys((1, 2, 3), Decimal(10) / 3)
    >>> list(round_to(thirds, Decimal(10)).values())
    [Decimal('3.34'), Decimal('3.33'), Decimal('3.33')]
    """
    amounts = {key: value.quantize(unit, ROUND_DOWN) for key, value in exact.items()}
    left = int((target - sum(amounts.values(), ZERO)) / unit)
    by_remainder = sorted(exact, key=lambda key: (amounts[key] - exact[key], key))
    for key in by_remainder[: max(left, 0)]:
        amounts[key] += unit
    return amounts


def split(
    salary: Decimal, amount: Decimal, maximum: Decimal | None
) -> tuple[Decimal, Decimal]:
    """Return (raise of the salary, lump sum): what passes the maximum is paid once.

    >>> split(Decimal("50000"), Decimal("2000"), Decimal("51000"))
    (Decimal('1000'), Decimal('1000'))
    >>> split(Decimal("60000"), Decimal("900"), Decimal("60000"))
    (Decimal('0'), Decimal('900'))
    """
    if maximum is None:
        return amount, ZERO
    base = min(amount, max(maximum - salary, ZERO))
    return base, amount - base


def exceeds(amount: Decimal, salary: Decimal, cap: Decimal) -> bool:
    """Tell whether an award, lump sum included, is more than so many percent.

    >>> exceeds(Decimal("2.06"), Decimal("39.31"), Decimal("4"))
    True
    """
    return amount * HUNDRED > salary * cap


def grid_cost(
    ratings: Sequence[Decimal], bands: Sequence[Decimal], grid: Sequence
) -> Decimal:
    """Return what a grid costs in percent of pay, from the shares of people.

    :param ratings: the share of people with each rating
    :param bands: the share of people in each compa-ratio band
    :param grid: per rating, per band the percentage
    """
    return sum(
        (
            rating * band * Decimal(percent)
            for rating, row in zip(ratings, grid, strict=True)
            for band, percent in zip(bands, row, strict=True)
        ),
        ZERO,
    )
