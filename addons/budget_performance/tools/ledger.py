"""What a document should hold, against what the ledger says it holds.

>>> key = (7, 3, date(2026, 3, 1), "reserved")
>>> more = differences({key: Decimal(120)}, {key: (Decimal(100), 55)})
>>> [(row.month, row.kind, row.amount, row.corrects) for row in more]
[(datetime.date(2026, 3, 1), 'reserved', Decimal('20'), None)]
>>> differences({}, {key: (Decimal(100), 55)})[0].corrects
55
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

# Document id, line id, month and kind.
Position = tuple[int, int, date, str]


class Spending(NamedTuple):
    """One amount a document wants from the budget.

    :param kind: reserved, committed or actual
    :param amount: in company currency, what has to be borne: no recoverable tax
    :param keys: parsed analytic distribution
    """

    res_id: int
    kind: str
    company_id: int
    account_id: int
    date: date
    amount: Decimal
    keys: dict

    @property
    def analytic_ids(self) -> set[int]:
        return set().union(*self.keys)


class Difference(NamedTuple):
    """One ledger row to write.

    :param corrects: id of the row that this one takes back, None for new use
    """

    res_id: int
    line_id: int
    month: date
    kind: str
    amount: Decimal
    corrects: int | None


def differences(
    desired: Mapping[Position, Decimal], held: Mapping[Position, tuple]
) -> list[Difference]:
    """Return the rows that turn ``held`` into ``desired``; none when they agree.

    :param held: ``{position: (amount, id of the last row)}``
    """
    rows = []
    for position in sorted({**desired, **held}):
        now, last_id = held.get(position, (Decimal(0), None))
        amount = desired.get(position, Decimal(0)) - now
        if amount:
            corrects = last_id if amount * now < 0 else None
            rows.append(Difference(*position, amount, corrects))
    return rows
