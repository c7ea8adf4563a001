"""Indicators of a budget: rates of plain amounts, ``None`` where there is no answer.

Nothing divided by nothing is not nil: an indicator without a plan, a cost or funds is
not measured, and whoever scores it must leave it out.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figures:
    """What a scope planned, booked and bound in a period.

    :ivar bound: reserved and committed by documents that are still open
    :ivar benefit: value or revenue that the spending brought, ``None`` if none is set
    :ivar cost: booked where a benefit is set; the rest has none to compare with
    :ivar funds: amounts bound there at the end of each month
    :ivar done: finished part of the work, in the unit of ``total``
    """

    planned: float = 0.0
    actual: float = 0.0
    bound: float = 0.0
    benefit: float | None = None
    cost: float = 0.0
    funds: Sequence[float] = ()
    done: float = 0.0
    total: float = 0.0


def execution_rate(figures: Figures) -> float | None:
    """Return the booked share of the plan.

    >>> execution_rate(Figures(planned=200, actual=150))
    0.75
    """
    return _ratio(figures.actual, figures.planned)


def unspent_share(figures: Figures) -> float | None:
    """Return the share of the plan that is neither booked nor bound.

    >>> unspent_share(Figures(planned=200, actual=150, bound=20))
    0.15
    """
    left = figures.planned - figures.actual - figures.bound
    return _ratio(max(left, 0.0), figures.planned)


def overspent_share(figures: Figures) -> float | None:
    """Return by how much of the plan it was passed.

    >>> overspent_share(Figures(planned=200, actual=210, bound=20))
    0.15
    """
    over = figures.actual + figures.bound - figures.planned
    return _ratio(max(over, 0.0), figures.planned)


def cost_benefit(figures: Figures) -> float | None:
    """Return what one unit of cost brought.

    >>> cost_benefit(Figures(cost=50, benefit=120)), cost_benefit(Figures(cost=50))
    (2.4, None)
    """
    if figures.benefit is None:
        return None
    return _ratio(figures.benefit, figures.cost)


def fund_turnover(figures: Figures) -> float | None:
    """Return how often the funds came back: benefit over the mean of what was bound.

    >>> fund_turnover(Figures(benefit=300, funds=[50, 100, 150]))
    3.0
    """
    if figures.benefit is None or not figures.funds:
        return None
    return _ratio(figures.benefit, sum(figures.funds) / len(figures.funds))


def completion(figures: Figures) -> float | None:
    """Return the finished share of the work.

    >>> completion(Figures(done=3, total=4)), completion(Figures())
    (0.75, None)
    """
    return _ratio(figures.done, figures.total)


INDICATORS = {
    "execution_rate": execution_rate,
    "unspent_share": unspent_share,
    "overspent_share": overspent_share,
    "cost_benefit": cost_benefit,
    "fund_turnover": fund_turnover,
    "completion": completion,
}


def is_met(kind: str, value: float, goal: float) -> bool | None:
    """Tell whether a share keeps to the goal; ``None`` for kinds that have none.

    >>> is_met("unspent_share", 0.08, 0.1), is_met("overspent_share", 0.2, 0.1)
    (True, False)
    >>> is_met("cost_benefit", 3.0, 0.1) is None
    True
    """
    if kind not in {"unspent_share", "overspent_share"}:
        return None
    return round(value, 6) <= goal


def _ratio(part: float, whole: float) -> float | None:
    return round(part / whole, 6) if whole > 0 else None
