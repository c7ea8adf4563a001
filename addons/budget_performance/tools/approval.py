"""Who still has to decide, as plain values.

A request asks several things to be decided: the owner of each budget line it
passes, then finance, then management, the larger the amount the higher. Nobody
decides his own request, and nobody decides on two levels.

>>> steps = (Step(1, 10, "owner", 7, frozenset({4})), Step(2, 20, "group", 0,
...          frozenset({5, 4})))
>>> [step.level_id for step in open_steps(steps, [])]
[1]
>>> [step.level_id for step in open_steps(steps, [Decided(1, 7, 4)])]
[2]
>>> why_not(steps[1], 4, requesters={9}, decided=[Decided(1, 7, 4)])
'other_level'
>>> why_not(steps[1], 5, requesters={9}, decided=[Decided(1, 7, 4)]) is None
True
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple


class Step(NamedTuple):
    """One decision that is needed.

    :param sequence: levels with a smaller one are decided first
    :param line_id: the budget line its owner decides about, 0 for a whole request
    :param user_ids: who may decide
    """

    level_id: int
    sequence: int
    kind: str
    line_id: int
    user_ids: frozenset


class Decided(NamedTuple):
    """One decision that was taken."""

    level_id: int
    line_id: int
    user_id: int


def open_steps(steps: Iterable[Step], decided: Iterable[Decided]) -> list[Step]:
    """Return the steps of the lowest level that still lacks a decision."""
    done = {(decision.level_id, decision.line_id) for decision in decided}
    waiting = [step for step in steps if (step.level_id, step.line_id) not in done]
    lowest = min((step.sequence for step in waiting), default=None)
    return [step for step in waiting if step.sequence == lowest]


def why_not(
    step: Step, user_id: int, requesters: set[int], decided: Iterable[Decided]
) -> str | None:
    """Return why the person may not decide, None when he may.

    :return: ``own_request``, ``other_level`` or ``not_approver``
    """
    if user_id in requesters:
        return "own_request"
    if any(
        decision.user_id == user_id and decision.level_id != step.level_id
        for decision in decided
    ):
        return "other_level"
    return None if user_id in step.user_ids else "not_approver"


def fingerprint(values: list) -> str:
    """Return a hash of what is decided on.

    >>> fingerprint([1, "a"]) == fingerprint([1, "a"])
    True
    >>> fingerprint([1]) == fingerprint([2])
    False
    """
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()


def merge_into_groups(steps: Iterable[Step]) -> list[Step]:
    """Return the steps with those of owners moved to the last group they belong to.

    >>> owner = Step(1, 10, "owner", 7, frozenset({5}))
    >>> finance = Step(2, 20, "group", 0, frozenset({5, 6}))
    >>> [(step.level_id, step.line_id) for step in merge_into_groups([owner, finance])]
    [(2, 7), (2, 0)]
    """
    steps = list(steps)
    groups = sorted(
        (step for step in steps if not step.line_id), key=lambda step: step.sequence
    )
    merged: dict[tuple[int, int], Step] = {}
    for step in steps:
        homes = [
            group
            for group in groups
            if step.line_id and step.user_ids and step.user_ids <= group.user_ids
        ]
        home = homes[-1] if homes else step
        moved = step._replace(level_id=home.level_id, sequence=home.sequence)
        merged.setdefault((moved.level_id, moved.line_id), moved)
    return list(merged.values())


def leave_somebody(steps: Iterable[Step], requesters: set[int]) -> list[Step]:
    """Return the steps so that nobody who decides leaves a later group without anyone.

    A group that has only people of a later one left decides there. The only person who
    can decide in a later group does not decide in an earlier one.

    >>> finance = Step(2, 20, "group", 0, frozenset({5, 6}))
    >>> board = Step(3, 30, "group", 0, frozenset({6}))
    >>> [(step.level_id, sorted(step.user_ids))
    ...  for step in leave_somebody([finance, board], set())]
    [(2, [5]), (3, [6])]
    >>> [step.level_id for step in leave_somebody([finance, board], {5})]
    [3]
    """
    kept: list[Step] = []
    taken: set[int] = set()
    for step in sorted(steps, key=lambda step: step.sequence, reverse=True):
        if step.line_id:
            kept.insert(0, step)
            continue
        able = step.user_ids - requesters
        later = [other for other in kept if not other.line_id]
        if able and any(able <= other.user_ids for other in later):
            continue
        kept.insert(0, step._replace(user_ids=step.user_ids - taken))
        if len(able) == 1:
            taken |= able
    return kept


def with_others(
    user_ids: frozenset, delegates: Mapping[int, Iterable[int]], forwarded: int | None
) -> frozenset:
    """Return the approvers of a step, those who stand in for them, and one asked.

    >>> sorted(with_others(frozenset({1, 2}), {2: [3], 4: [5]}, 6))
    [1, 2, 3, 6]
    """
    others = {other for user_id in user_ids for other in delegates.get(user_id, ())}
    return user_ids | others | ({forwarded} if forwarded else set())
