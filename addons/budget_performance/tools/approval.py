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

from collections.abc import Iterable
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
