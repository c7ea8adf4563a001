"""Which bands of which rules a line has crossed, whoever asks for nothing.

A decision looks at what a document adds; an alert looks at what is used already. Both
ask the same bands.

>>> from .control import Band, Rule
>>> year = Rule(3, None, None, None, None, "budget", None, None,
...             (Band(Decimal("0.8"), "hold", rule_id=3),
...              Band(Decimal(1), "block", False, 3)))
>>> march = date(2026, 3, 1)
>>> line = {"id": 7, "company_id": 1, "position_ids": set(), "analytic_ids": set(),
...         "date_from": date(2026, 1, 1), "date_to": date(2026, 12, 31),
...         "planned": {march: Decimal(100)}, "used": {march: Decimal(90)}}
>>> [(c.start, c.band.action, u.used) for c, u in find([line], [year], march).items()]
[(datetime.date(2026, 1, 1), 'hold', Decimal('90'))]
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from . import periods
from .control import Band, Rule, Usage


class Crossing(NamedTuple):
    """A band that a line has reached in an interval; the same as long as it lasts.

    :param start: first month of the interval
    :param end: last month that counts: the present one of a year to date
    """

    line_id: int
    interval: str
    start: date
    end: date
    band: Band

    @property
    def key(self) -> tuple:
        """What makes it one crossing; a year to date has another end each month."""
        band = self.band
        limit = (band.rate, band.tolerance, band.inclusive)
        return self.line_id, band.rule_id, self.interval, self.start, *limit


def find(
    lines: Iterable[Mapping], rules: Iterable[Rule], today: date
) -> dict[Crossing, Usage]:
    """Return every band that the lines have crossed, with the figures it was met at.

    :param lines: figures as a decision reads them: plan and use by month
    :param today: says how far a year to date goes
    """
    rules = list(rules)
    month = periods.month_start(today)
    found = {}
    for line in lines:
        for rule in rules:
            for months in _intervals(line, rule.interval, month):
                judged = [month] if month in months else months
                if any(rule.applies(line, rule.document_type, day) for day in judged):
                    found.update(_crossed(line, rule, months))
    return found


def _crossed(
    line: Mapping, rule: Rule, months: list[date]
) -> Iterator[tuple[Crossing, Usage]]:
    """Yield the bands of one rule that bite on what is used in the months."""
    usage = Usage(
        line_id=line["id"],
        interval=rule.interval,
        planned=_total(line["planned"], months),
        used=_total(line["used"], months),
        requested=Decimal(0),
        bands=rule.bands,
    )
    if usage.used > 0:
        for band in rule.bands:
            if band.bites(usage):
                crossing = Crossing(
                    line["id"], rule.interval, months[0], months[-1], band
                )
                yield crossing, usage


def _intervals(line: Mapping, interval: str, month: date) -> Iterator[list[date]]:
    """Yield the months of each interval of the line's budget.

    A year to date is one interval, which ends with the present month: the months of
    last year are of no interest any more, and those to come are not spent.

    >>> line = {"date_from": date(2026, 1, 1), "date_to": date(2026, 12, 31)}
    >>> [len(m) for m in _intervals(line, "quarter", date(2026, 5, 1))]
    [3, 3, 3, 3]
    >>> [len(m) for m in _intervals(line, "year_to_date", date(2026, 5, 1))]
    [5]
    >>> [len(m) for m in _intervals(line, "year_to_date", date(2027, 2, 1))]
    [12]
    """
    first, last = line["date_from"], line["date_to"]
    if interval == "year_to_date":
        if month >= first:
            present = min(month, periods.month_start(last))
            yield periods.interval_months(interval, present, first, last)
        return
    seen: set[date] = set()
    for day in periods.months_between(first, last):
        if day not in seen:
            months = periods.interval_months(interval, day, first, last)
            seen.update(months)
            yield months


def _total(amounts: Mapping[date, Decimal], months: list[date]) -> Decimal:
    return sum((amounts.get(month, Decimal(0)) for month in months), Decimal(0))
