"""May somebody be promoted: every condition, met or not, with the values that decide.

>>> from datetime import date
>>> good = Result(date(2026, 12, 31), 90.0, 85.0, is_poor=False, allows=True)
>>> rule = Rule(date(2027, 3, 1), lowest=85.0, months=12, months_poor=24, skills={})
>>> person = Person((good,), {}, date(2026, 1, 15), {})
>>> [(one.code, one.met) for one in judge(rule, person)]
[('rating', True), ('months', True), ('poor', True)]

A poor result asks for a finished plan and for a later result that is better:

>>> poor = Result(date(2025, 12, 31), 40.0, 0.0, is_poor=True, allows=False)
>>> person = Person((poor, good), {}, date(2026, 1, 15), {})
>>> [(one.code, one.met) for one in judge(rule, person)][2:]
[('plan', False), ('reassessed', True)]
>>> finished = person._replace(plans={date(2025, 12, 31): True})
>>> all(one.met for one in judge(rule, finished))
True
>>> worse = Person((good, poor._replace(end=date(2027, 1, 31))), {}, None, {})
>>> [(one.code, one.met) for one in judge(rule, worse)]
[('rating', False), ('months', False), ('plan', False), ('reassessed', False)]
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple


class Result(NamedTuple):
    """One published result of a person.

    :param end: last day of its cycle
    :param level: lowest score of the rating's grade: the higher the better
    :param allows: the grade allows a promotion
    """

    end: date
    score: float
    level: float
    is_poor: bool
    allows: bool


class Rule(NamedTuple):
    """What a post asks for.

    :param day: when the promotion takes effect
    :param lowest: lowest score of the grade that is needed; None: any that allows it
    :param months_poor: how far back a poor result counts, 0 for ever
    :param skills: ``{skill: level in per cent}``
    """

    day: date
    lowest: float | None
    months: int
    months_poor: int
    skills: Mapping[int, float]


class Person(NamedTuple):
    """What is known about somebody.

    :param results: published ones, oldest first
    :param plans: ``{last day of the cycle: its development plan is finished}``
    :param since: first day in the present post
    :param skills: ``{skill: level in per cent}``
    """

    results: tuple[Result, ...]
    plans: Mapping[date, bool]
    since: date | None
    skills: Mapping[int, float]


class Condition(NamedTuple):
    """One condition: its code, whether it is met, and the values that decided."""

    code: str
    met: bool
    values: dict


def months_between(first: date | None, last: date) -> int:
    """Return the full months from one day to another.

    >>> months_between(date(2026, 1, 15), date(2027, 1, 14))
    11
    >>> months_between(date(2026, 1, 15), date(2027, 1, 15))
    12
    >>> months_between(None, date(2027, 1, 15))
    0
    """
    if first is None or first > last:
        return 0
    months = (last.year - first.year) * 12 + last.month - first.month
    return months - (last.day < first.day)


def time_in_post(versions: list[tuple[date, int]], day: date) -> date | None:
    """Return since when the post of that day has been held without a break.

    :param versions: (first day, post), oldest first

    >>> steps = [(date(2024, 1, 1), 7), (date(2025, 1, 1), 8), (date(2025, 9, 1), 8)]
    >>> time_in_post(steps, date(2026, 1, 1))
    datetime.date(2025, 1, 1)
    >>> time_in_post(steps, date(2024, 5, 1)), time_in_post(steps, date(2023, 1, 1))
    (datetime.date(2024, 1, 1), None)
    """
    since, post = None, None
    for first, held in versions:
        if first > day:
            break
        if since is None or held != post:
            since, post = first, held
    return since


def judge(rule: Rule, person: Person) -> list[Condition]:
    """Return every condition, in the order in which people read them."""
    months = months_between(person.since, rule.day)
    conditions = [
        _judge_rating(rule, person),
        Condition(
            "months",
            months >= rule.months,
            {"months": months, "needed": rule.months},
        ),
        *_judge_poor(rule, person),
    ]
    missing = sorted(
        skill
        for skill, level in rule.skills.items()
        if person.skills.get(skill, -1.0) < level
    )
    if rule.skills:
        conditions.append(Condition("skills", not missing, {"missing": missing}))
    return conditions


def _judge_rating(rule: Rule, person: Person) -> Condition:
    if not person.results:
        return Condition("rating", met=False, values={})
    last = person.results[-1]
    met = last.allows if rule.lowest is None else last.level >= rule.lowest
    return Condition("rating", met and not last.is_poor, {"end": last.end.isoformat()})


def _judge_poor(rule: Rule, person: Person) -> list[Condition]:
    poor = [
        result
        for result in person.results
        if result.is_poor
        and (
            not rule.months_poor
            or months_between(result.end, rule.day) < rule.months_poor
        )
    ]
    if not poor:
        return [Condition("poor", met=True, values={"months": rule.months_poor})]
    last = poor[-1]
    later = [result for result in person.results if result.end > last.end]
    values = {"end": last.end.isoformat()}
    return [
        Condition("plan", person.plans.get(last.end, False), values),
        Condition("reassessed", bool(later) and not later[-1].is_poor, values),
    ]
