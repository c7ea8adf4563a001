"""Signs that marks say more about the raters than about the person: advice only.

Nothing here corrects a score. Only groups that are shown are examined, and counts stay
counts: which rater it was is not known and not wanted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev, variance

from .feedback import HIGHEST, LOWEST, NAMED, SHOWN, Score, Sheet

STRAIGHT_ITEMS = 5
HALO_ITEMS, HALO_SPREAD = 3, 0.25
RANGE_MARKS, RANGE_STEPS = 10, 1
AGREEMENT = 0.70
LENIENCY_RATEES, LENIENCY_RATERS, LENIENCY_SPREAD = 5, 3, 1.5


@dataclass(frozen=True)
class Sign:
    """One observation: what, in which group, about which competency, how strong."""

    kind: str
    group: str
    value: float
    competency: int | None = None


def find_signs(
    sheets: Sequence[Sheet], result: Score, competencies: Sequence[int]
) -> list[Sign]:
    """Examine the groups that are shown."""
    signs = []
    for group, fate in result.groups.items():
        if fate != SHOWN:
            continue
        members = [
            sheet.marks
            for sheet in sheets
            if result.groups.get(sheet.group) == group or sheet.group == group
        ]
        signs += _examine_sheets(group, members)
        if group not in NAMED:
            signs += _examine_group(group, members, result, competencies)
    return signs


def agreement(marks: Sequence[int]) -> float:
    """Return r_wg: 1 is full agreement, 0 as if marks were drawn at random.

    >>> round(agreement([4, 3, 5, 4]), 3)
    0.667
    """
    at_random = ((HIGHEST - LOWEST + 1) ** 2 - 1) / 12
    return 1 - variance(marks) / at_random


def leniency(raters: Mapping[int, Sequence[float]]) -> dict[int, float]:
    """Return the raters whose mean is far from that of all raters, in deviations.

    Only those who judged enough people are compared.

    >>> usual = {rater: [3.0] * 5 for rater in range(7)}
    >>> {key: round(far, 2) for key, far in leniency({**usual, 9: [5.0] * 5}).items()}
    {9: 2.65}
    >>> leniency({1: [5.0] * 5, 2: [1.0] * 5})
    {}
    """
    means = {
        rater: fmean(marks)
        for rater, marks in raters.items()
        if len(marks) >= LENIENCY_RATEES
    }
    spread = pstdev(means.values()) if len(means) >= LENIENCY_RATERS else 0.0
    if not spread:
        return {}
    centre = fmean(means.values())
    far = {rater: (mean - centre) / spread for rater, mean in means.items()}
    return {
        rater: value for rater, value in far.items() if abs(value) >= LENIENCY_SPREAD
    }


def _examine_sheets(group, members):
    straight = sum(map(_is_straight, members))
    halo = sum(map(_is_halo, members))
    found = (("straight", straight), ("halo", halo))
    return [Sign(kind, group, float(count)) for kind, count in found if count]


def _is_straight(marks: Mapping) -> bool:
    """Tell whether a rater gave the same mark everywhere.

    >>> _is_straight(dict.fromkeys(range(5), 4)), _is_straight({1: 4, 2: 4})
    (True, False)
    """
    return len(marks) >= STRAIGHT_ITEMS and len(set(marks.values())) == 1


def _is_halo(marks: Mapping) -> bool:
    """Tell whether one impression seems to have coloured all marks of a rater.

    >>> _is_halo({1: 4, 2: 4, 3: 4}), _is_halo({1: 4, 2: 4, 3: 5})
    (True, False)
    """
    return (
        len(marks) >= HALO_ITEMS
        and not _is_straight(marks)
        and pstdev(marks.values()) < HALO_SPREAD
    )


def _examine_group(group, members, result, competencies):
    signs = []
    every = [mark for marks in members for mark in marks.values()]
    if len(every) >= RANGE_MARKS and max(every) - min(every) <= RANGE_STEPS:
        signs.append(Sign("range", group, float(max(every) - min(every))))
    for competency in competencies:
        if (group, competency) not in result.cells:
            continue
        marks = [one[competency] for one in members if competency in one]
        found = agreement(marks)
        if found < AGREEMENT:
            signs.append(Sign("agreement", group, found, competency))
    return signs
