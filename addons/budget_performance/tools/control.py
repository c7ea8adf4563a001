"""The decision: may this amount be used, and if not, why not.

The same function serves the hint while an employee types, the check when a claim is
submitted and the explanation afterwards. It knows nothing of records or locks.

>>> half = Band(Decimal("0.8"), "hold"), Band(Decimal("1"), "block", inclusive=False)
>>> def verdict(requested):
...     usage = Usage(1, "year", Decimal(1000), Decimal(0), Decimal(requested), half)
...     return decide([usage]).action
>>> [verdict(amount) for amount in (799, 800, 1000, 1001, -5)]
['ok', 'hold', 'hold', 'block', 'ok']
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

ACTIONS = ("ok", "alert", "hold", "block")
_SEVERITY = {action: rank for rank, action in enumerate(ACTIONS)}


@dataclass(frozen=True)
class Band:
    """What happens from a share of the plan upwards.

    :param rate: share of the planned amount, ``Decimal("0.8")`` is 80 %
    :param action: one of :data:`ACTIONS`
    :param inclusive: True bites when usage reaches the rate, False beyond it
    :param rule_id: the rule that holds this band, for the explanation
    """

    rate: Decimal
    action: str
    inclusive: bool = True
    rule_id: int = 0

    def bites(self, usage: "Usage") -> bool:
        limit = usage.planned * self.rate
        return usage.after >= limit if self.inclusive else usage.after > limit


@dataclass(frozen=True)
class Usage:
    """Figures of one budget line in one interval, in company currency.

    :param used: reserved, committed and actual before the request
    :param requested: what the document adds; nothing to decide when it adds nothing
    :param closed: the budget takes no new use
    """

    line_id: int
    interval: str
    planned: Decimal
    used: Decimal
    requested: Decimal
    bands: tuple[Band, ...] = ()
    closed: bool = False

    @property
    def after(self) -> Decimal:
        return self.used + self.requested

    @property
    def left(self) -> Decimal:
        return self.planned - self.used

    @property
    def rate_after(self) -> Decimal | None:
        """Usage after the request as a share of the plan; None without a plan."""
        return self.after / self.planned if self.planned else None


@dataclass(frozen=True)
class Verdict:
    """The decision on one usage with its reason as data."""

    action: str
    usage: Usage
    band: Band | None = None

    @property
    def limit(self) -> Decimal:
        """The amount of the limit that bit; the plan when none did."""
        return self.usage.planned * self.limit_rate

    @property
    def limit_rate(self) -> Decimal:
        return self.band.rate if self.band else Decimal(1)


@dataclass(frozen=True)
class Decision:
    """The verdicts, worst first, one for each line; ``action`` is the worst."""

    verdicts: tuple[Verdict, ...]

    @property
    def action(self) -> str:
        return self.verdicts[0].action if self.verdicts else "ok"


def judge(usage: Usage) -> Verdict:
    """Return the verdict on one usage: the strictest band that bites."""
    if usage.requested <= 0:
        return Verdict("ok", usage)
    if usage.closed:
        return Verdict("block", usage)
    biting = [band for band in usage.bands if band.bites(usage)]
    if not biting:
        return Verdict("ok", usage)
    band = max(biting, key=lambda band: (_SEVERITY[band.action], -band.rate))
    return Verdict(band.action, usage, band)


def decide(usages: Iterable[Usage]) -> Decision:
    """Return for each line its worst verdict, the worst line first."""
    worst: dict[int, Verdict] = {}
    for usage in usages:
        verdict = judge(usage)
        known = worst.get(usage.line_id)
        if known is None or _rank(verdict) > _rank(known):
            worst[usage.line_id] = verdict
    return Decision(tuple(sorted(worst.values(), key=_rank, reverse=True)))


def _rank(verdict: Verdict) -> tuple:
    rate = verdict.usage.rate_after
    return _SEVERITY[verdict.action], rate is None, rate or 0
