"""Scores of a feedback round: what may be shown, and the totals made of it alone.

A sheet is what one rater answered: his group and his marks from 1 to 5; what he could
not judge is not in it. The score of a competency is the weighted mean of the means of
the groups, so that six colleagues do not outvote one manager.

A mean of few answers gives people away. A group of colleagues, reports or customers
with fewer answers than the minimum is hidden (or counted together with another), and so
is every single cell; what is hidden enters no total, or the total would tell it:

>>> policy = Policy({"manager": 50, "peers": 50}, minimum=2)
>>> sheets = [Sheet("manager", {1: 4}), Sheet("peers", {1: 1})]
>>> score(sheets, {1: 1}, policy).overall
4.0
>>> score([*sheets, Sheet("peers", {1: 2})], {1: 1}, policy).overall
2.75
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean

SELF = "self"
# Known to the person anyway: one answer is enough.
NAMED = (SELF, "manager")
ANONYMOUS = ("peers", "reports", "customers")
GROUPS = (*NAMED, *ANONYMOUS)
LOWEST, HIGHEST = 1, 5
# From here on a difference between oneself and the others is worth talking about.
GAP = 1.0

SHOWN, HIDDEN = "shown", "hidden"


@dataclass(frozen=True)
class Sheet:
    """What one rater answered: marks by competency, without what he cannot judge."""

    group: str
    marks: Mapping[int, int]


@dataclass(frozen=True)
class Policy:
    """How groups count and from how many answers on they are shown."""

    weights: Mapping[str, float]
    minimum: int = 3
    merges: bool = False


@dataclass
class Score:
    """Everything that may be shown; what is missing here is hidden."""

    #: group → ``shown``, ``hidden`` or the group it is counted together with
    groups: dict[str, str] = field(default_factory=dict)
    #: (group, competency) → mean
    cells: dict[tuple[str, int], float] = field(default_factory=dict)
    #: group → mean over its competencies
    means: dict[str, float] = field(default_factory=dict)
    #: competency → weighted mean of the groups
    competencies: dict[int, float] = field(default_factory=dict)
    overall: float | None = None
    #: competency, or None for all together → self minus the others
    gaps: dict[int | None, float] = field(default_factory=dict)


def score(
    sheets: Sequence[Sheet], weights: Mapping[int, float], policy: Policy
) -> Score:
    """Score a round; ``weights`` are those of the competencies."""
    result = Score(groups=decide_groups(sheets, policy))
    members = _pool(sheets, result.groups)
    for group, marks_of_raters in members.items():
        least = 1 if group in NAMED else policy.minimum
        for competency in weights:
            marks = [one[competency] for one in marks_of_raters if competency in one]
            if len(marks) >= least:
                result.cells[group, competency] = fmean(marks)
        shown = {
            key: value for (name, key), value in result.cells.items() if name == group
        }
        if shown:
            result.means[group] = _weighted(shown, weights)
        else:
            result.groups[group] = HIDDEN
    group_weights = _pool_weights(result.groups, policy.weights)
    result.competencies = _by_competency(result.cells, weights, group_weights)
    result.overall = _weighted(result.competencies, weights)
    _add_gaps(result, weights, group_weights)
    return result


def decide_groups(sheets: Sequence[Sheet], policy: Policy) -> dict[str, str]:
    """Say of every group that answered whether it is shown, hidden or merged.

    >>> two, four = [Sheet("customers", {1: 3})] * 2, [Sheet("peers", {1: 3})] * 4
    >>> decide_groups(two + four, Policy({}))
    {'peers': 'shown', 'customers': 'hidden'}
    >>> decide_groups(two + four, Policy({}, merges=True))
    {'peers': 'shown', 'customers': 'peers'}
    """
    counts = dict.fromkeys(GROUPS, 0)
    for sheet in sheets:
        counts[sheet.group] += bool(sheet.marks)
    found = {
        group: SHOWN if group in NAMED or counts[group] >= policy.minimum else HIDDEN
        for group in GROUPS
        if counts[group]
    }
    small = [group for group in ANONYMOUS if found.get(group) == HIDDEN]
    if not (policy.merges and small):
        return found
    big = [group for group in ANONYMOUS if found.get(group) == SHOWN]
    if sum(counts[group] for group in small) >= policy.minimum:
        host = small[0]
    elif big:
        host = big[0]
    else:
        return found
    return {**found, **dict.fromkeys(small, host), host: SHOWN}


def tell_size(count: int, minimum: int) -> str:
    """Return roughly how many answered: the exact number would tell who did not.

    >>> [tell_size(count, 3) for count in (3, 5, 6, 20)]
    ['3–5', '3–5', '≥ 6', '≥ 6']
    """
    return f"{minimum}–{2 * minimum - 1}" if count < 2 * minimum else f"≥ {2 * minimum}"


def _pool(sheets, groups) -> dict[str, list[Mapping[int, int]]]:
    """Return the marks of every group that is shown, merged ones with their host."""
    members = {group: [] for group in GROUPS if groups.get(group) == SHOWN}
    for sheet in sheets:
        fate = groups.get(sheet.group)
        host = sheet.group if fate == SHOWN else fate
        if host in members and sheet.marks:
            members[host].append(sheet.marks)
    return members


def _pool_weights(groups, weights) -> dict[str, float]:
    """Return the weight of every shown group: that of merged ones is their host's."""
    pooled = {}
    for group, fate in groups.items():
        if fate != HIDDEN:
            host = group if fate == SHOWN else fate
            pooled[host] = pooled.get(host, 0.0) + weights.get(group, 0.0)
    return pooled


def _by_competency(cells, weights, group_weights) -> dict[int, float]:
    found = {}
    for competency in weights:
        means = {
            group: value for (group, key), value in cells.items() if key == competency
        }
        mean = _weighted(means, group_weights)
        if mean is not None:
            found[competency] = mean
    return found


def _add_gaps(result, weights, group_weights):
    """Compare the person's own marks with those of all others."""
    own = {key: value for (name, key), value in result.cells.items() if name == SELF}
    others = _by_competency(result.cells, weights, {**group_weights, SELF: 0.0})
    both = [key for key in weights if key in own and key in others]
    result.gaps = {key: own[key] - others[key] for key in both}
    if both:
        result.gaps[None] = _weighted(result.gaps, weights)


def _weighted(values: Mapping, weights: Mapping) -> float | None:
    """Return the weighted mean; None if nothing counts.

    >>> _weighted({"a": 4, "b": 1}, {"a": 3, "b": 1})
    3.25
    >>> _weighted({"a": 4}, {}) is None
    True
    """
    whole = sum(weights.get(key, 0.0) for key in values)
    if not whole:
        return None
    return sum(value * weights.get(key, 0.0) for key, value in values.items()) / whole


def marks_are_valid(marks: Mapping, competencies: Iterable[int]) -> bool:
    """Tell whether the marks are whole numbers of the scale for what was asked.

    >>> marks_are_valid({1: 5}, [1, 2]), marks_are_valid({1: 6}, [1])
    (True, False)
    >>> marks_are_valid({}, [1]), marks_are_valid({3: 1}, [1])
    (False, False)
    """
    return bool(marks) and all(
        key in set(competencies) and isinstance(mark, int) and LOWEST <= mark <= HIGHEST
        for key, mark in marks.items()
    )
