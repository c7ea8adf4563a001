"""Exact amounts.

The ORM hands out floats; sums, shares and comparisons are made on decimals that were
rounded to the unit of the currency first.
"""

from decimal import ROUND_HALF_UP, Decimal

# Beyond this a float no longer holds cents exactly, and no budget is that large.
MAX_AMOUNT = Decimal(10) ** 12

# Fine enough for every currency; for amounts that were rounded before.
FINEST = Decimal("0.000001")


def unit(decimal_places: int) -> Decimal:
    """Return the smallest amount of a currency.

    >>> unit(2), unit(0)
    (Decimal('0.01'), Decimal('1'))
    """
    return Decimal(1).scaleb(-decimal_places)


def exact(amount: float, smallest: Decimal) -> Decimal:
    """Return a float amount as decimal, rounded half up to the smallest unit.

    :raise ValueError: the amount is not finite or larger than :data:`MAX_AMOUNT`

    >>> exact(0.1 + 0.2, Decimal("0.01"))
    Decimal('0.30')
    """
    value = Decimal(repr(float(amount)))
    if not value.is_finite() or abs(value) > MAX_AMOUNT:
        raise ValueError(f"{amount!r} is not an amount")
    return value.quantize(smallest, ROUND_HALF_UP)
