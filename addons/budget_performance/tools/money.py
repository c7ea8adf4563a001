"""Exact amounts.

The ORM hands out floats; sums, shares and comparisons are made on decimals that were
rounded to the unit of the currency first.
"""

from decimal import ROUND_HALF_UP, Decimal

# What people may plan or claim: far from where a float no longer holds cents.
MAX_AMOUNT = Decimal(10) ** 12

# What may stand in the books, which the ledger follows and never refuses.
MAX_BOOKED = Decimal(10) ** 18

# Fine enough for every currency; for amounts that were rounded before.
FINEST = Decimal("0.000001")


def unit(decimal_places: int) -> Decimal:
    """Return the smallest amount of a currency.

    >>> unit(2), unit(0)
    (Decimal('0.01'), Decimal('1'))
    """
    return Decimal(1).scaleb(-decimal_places)


def exact(amount: float, smallest: Decimal, largest: Decimal = MAX_AMOUNT) -> Decimal:
    """Return a float amount as decimal, rounded half up to the smallest unit.

    :raise ValueError: the amount is not finite or larger than ``largest``

    >>> exact(0.1 + 0.2, Decimal("0.01"))
    Decimal('0.30')
    """
    value = Decimal(repr(float(amount)))
    if not value.is_finite() or abs(value) > largest:
        raise ValueError(f"{amount!r} is not an amount")
    return value.quantize(smallest, ROUND_HALF_UP)
