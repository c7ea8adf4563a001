"""The periods for which a figure is due.

>>> from datetime import date
>>> year = date(2026, 1, 1), date(2026, 12, 31)
>>> [str(last) for _first, last in periods("quarter", *year)]
['2026-03-31', '2026-06-30', '2026-09-30', '2026-12-31']

Periods are those of the calendar, cut to the dates of the cycle:

>>> periods("year", date(2026, 11, 15), date(2027, 1, 31))[0]
(datetime.date(2026, 11, 15), datetime.date(2026, 12, 31))
"""

from datetime import date, timedelta

MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
MOST = 600


def periods(frequency: str, first: date, last: date) -> list[tuple[date, date]]:
    """Return (first day, last day) of each period of the frequency, in order."""
    months = MONTHS[frequency]
    found = []
    start = first
    while start <= last and len(found) < MOST:
        index = (start.year * 12 + start.month - 1) // months * months + months
        following = date(index // 12, index % 12 + 1, 1)
        found.append((start, min(following - timedelta(days=1), last)))
        start = following
    return found
