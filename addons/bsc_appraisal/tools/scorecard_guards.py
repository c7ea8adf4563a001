"""What keeps a scorecard from being put in force, and what one should think about.

Every finding is data: a code, how serious it is, and the numbers of the sentence.

>>> lines = [Target("F", 60.0), Target("C", 39.0)]
>>> [(found.code, found.severity) for found in examine(lines, Limits())]
[('weights', 'refuse')]
>>> examine([Target("F", 100.0)], Limits(financial="F"))[0].code
'only_financial'
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import NamedTuple

from .weights import is_complete, total

REFUSE = "refuse"
FLAG = "flag"


class Target(NamedTuple):
    """A line as the guards see it; ``key`` says which line a finding is about."""

    group: Hashable
    weight: float
    target: float | None = None
    capacity: float | None = None
    direction: int = 1
    key: Hashable = None


class Limits(NamedTuple):
    """What a cycle demands of its scorecards."""

    max_lines: int = 30
    over_capacity: float = 20.0
    financial: Hashable = None


class Finding(NamedTuple):
    code: str
    severity: str
    key: Hashable = None
    values: Mapping[str, float] = {}


def examine(lines: Sequence[Target], limits: Limits) -> list[Finding]:
    """Return everything that speaks against the card, worst first."""
    findings = []
    if not lines:
        return [Finding("empty", REFUSE)]
    if len(lines) > limits.max_lines:
        values = {"count": len(lines), "limit": limits.max_lines}
        findings.append(Finding("too_many", REFUSE, values=values))
    weights = [line.weight for line in lines]
    if not is_complete(weights):
        findings.append(
            Finding("weights", REFUSE, values={"total": float(total(weights))})
        )
    if limits.financial is not None and {line.group for line in lines} == {
        limits.financial
    }:
        findings.append(Finding("only_financial", FLAG))
    for line in lines:
        excess = over_capacity(line)
        if excess is not None and excess > limits.over_capacity:
            values = {"excess": excess, "limit": limits.over_capacity}
            findings.append(Finding("over_capacity", FLAG, line.key, values))
    return findings


def over_capacity(line: Target) -> float | None:
    """Return by how many percent a target asks for more than the capacity.

    >>> over_capacity(Target("F", 10, target=130, capacity=100))
    30.0
    >>> over_capacity(Target("F", 10, target=6, capacity=10, direction=-1))
    40.0
    >>> over_capacity(Target("F", 10, target=6))
    """
    if line.target is None or not line.capacity:
        return None
    distance = line.direction * (line.target - line.capacity)
    return round(100 * distance / abs(line.capacity), 6)


def missing_contribution(parent: float, parts: Sequence[float]) -> float:
    """Return what the parts of a target lack to it; negative when they exceed it.

    >>> missing_contribution(100, [60, 30])
    10.0
    """
    return float(round(parent - sum(parts), 6))
