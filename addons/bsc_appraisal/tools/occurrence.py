"""When somebody is appraised next by a rule.

>>> from datetime import date
>>> next_day("hire", date(2026, 1, 1), 3, hired=date(2026, 5, 31))
datetime.date(2026, 8, 31)
>>> next_day("month", date(2026, 1, 31), since=date(2026, 2, 1))
datetime.date(2026, 2, 28)
>>> next_day("month", date(2026, 1, 31), since=date(2026, 3, 1))
datetime.date(2026, 3, 31)
"""

from datetime import date

from dateutil.relativedelta import relativedelta

# How many months lie between two appraisals.
STEPS = {"year": 12, "month": 1}


def next_day(
    trigger: str,
    first: date,
    months: int = 1,
    since: date | None = None,
    hired: date | None = None,
) -> date | None:
    """Return the next day of a rule, None if none comes any more.

    :param trigger: "hire", "months", "year" or "month"
    :param first: the first day of the rule; nobody is appraised before it
    :param months: how many after the hire, or between two days
    :param since: the first day that counts, as long as it is later than ``first``
    :param hired: when the person came; nobody comes earlier than that

    >>> next_day("year", date(2026, 1, 1), since=date(2026, 1, 2))
    datetime.date(2027, 1, 1)
    >>> next_day("hire", date(2026, 6, 1), 3, hired=date(2026, 1, 1)) is None
    True
    >>> next_day("months", date(2026, 1, 1), 6, hired=date(2026, 3, 1))
    datetime.date(2026, 7, 1)
    """
    if trigger == "hire":
        day = hired and hired + relativedelta(months=months)
        return day if day and day >= first else None
    step = STEPS.get(trigger, months)
    bound = max(filter(None, (first, since, hired)))
    gone = (bound.year - first.year) * 12 + bound.month - first.month
    count = max(gone // step, 0)
    day = first + relativedelta(months=count * step)
    return day if day >= bound else first + relativedelta(months=(count + 1) * step)
