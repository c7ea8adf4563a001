"""Months and control intervals of a budget.

A month is written as its first day. Intervals are counted from the start of the
budget, so a budget from April to March has its quarters where its owners have them.

>>> months_between(date(2026, 11, 1), date(2027, 1, 31))
[datetime.date(2026, 11, 1), datetime.date(2026, 12, 1), datetime.date(2027, 1, 1)]
>>> interval_months("quarter", date(2026, 5, 1), date(2026, 1, 1), date(2026, 12, 31))
[datetime.date(2026, 4, 1), datetime.date(2026, 5, 1), datetime.date(2026, 6, 1)]
"""

from datetime import date, timedelta

INTERVALS = ("month", "quarter", "year_to_date", "year", "budget")

_BLOCK_MONTHS = {"month": 1, "quarter": 3, "year_to_date": 12, "year": 12}


def month_start(day: date) -> date:
    """Return the first day of the month of ``day``."""
    return day.replace(day=1)


def month_end(day: date) -> date:
    """Return the last day of the month of ``day``.

    >>> month_end(date(2028, 2, 3))
    datetime.date(2028, 2, 29)
    """
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def months_between(date_from: date, date_to: date) -> list[date]:
    """Return every month touched by the closed range, in order."""
    months = []
    month = month_start(date_from)
    while month <= date_to:
        months.append(month)
        month = month_end(month) + timedelta(days=1)
    return months


def interval_months(
    interval: str, month: date, date_from: date, date_to: date
) -> list[date]:
    """Return the months whose figures are compared for a spend in ``month``.

    :param interval: one of :data:`INTERVALS`
    :param month: first day of the month of the spend
    :param date_from: first day of the budget
    :param date_to: last day of the budget
    :raise ValueError: the interval is unknown or the month is outside the budget

    >>> len(interval_months("year_to_date", date(2026, 8, 1),
    ...                     date(2026, 1, 1), date(2027, 6, 30)))
    8
    """
    months = months_between(date_from, date_to)
    if month not in months:
        raise ValueError(f"{month} is outside {date_from}..{date_to}")
    if interval == "budget":
        return months
    if interval not in _BLOCK_MONTHS:
        raise ValueError(f"unknown interval {interval!r}")
    size = _BLOCK_MONTHS[interval]
    start = months.index(month) // size * size
    stop = months.index(month) + 1 if interval == "year_to_date" else start + size
    return months[start:stop]
