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

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

ACTIONS = ("ok", "alert", "hold", "block")

# They book what has happened (depreciation, payroll): only a rule for them stops them.
FACT_TYPES = ("entry",)
_SEVERITY = {action: rank for rank, action in enumerate(ACTIONS)}


@dataclass(frozen=True)
class Band:
    """What happens from a share of the plan upwards.

    :param rate: share of the planned amount, ``Decimal("0.8")`` is 80 %
    :param action: one of :data:`ACTIONS`
    :param inclusive: True bites when usage reaches the rate, False beyond it
    :param rule_id: the rule that holds this band, for the explanation
    :param tolerance: amount above that share, in company currency

    >>> band = Band(Decimal(1), "block", inclusive=False, tolerance=Decimal(50))
    >>> usage = Usage(1, "year", Decimal(1000), Decimal(0), Decimal("1050.01"))
    >>> band.limit(usage), band.bites(usage)
    (Decimal('1050'), True)
    """

    rate: Decimal
    action: str
    inclusive: bool = True
    rule_id: int = 0
    tolerance: Decimal = Decimal(0)

    def limit(self, usage: "Usage") -> Decimal:
        """Return where the band begins: a share of the plan and the tolerance."""
        return usage.planned * self.rate + self.tolerance

    def bites(self, usage: "Usage") -> bool:
        limit = self.limit(usage)
        return usage.after >= limit if self.inclusive else usage.after > limit


class Rule(NamedTuple):
    """A control rule as plain values: what it applies to, and its bands.

    :param analytic_ids: a line must name one of them; None applies to every line
    :param month_from: first month whose spending it judges, None from ever on
    :param month_to: last month whose spending it judges
    """

    id: int
    company_id: int | None
    position_id: int | None
    analytic_ids: frozenset[int] | None
    document_type: str | None
    interval: str
    month_from: date | None
    month_to: date | None
    bands: tuple[Band, ...]

    def applies(self, line: Mapping, document_type: str | None, month: date) -> bool:
        """Tell whether the rule judges spending of ``month`` on ``line``.

        :param line: figures with ``company_id``, ``position_ids``, ``analytic_ids``
        """
        return (
            (not self.company_id or self.company_id == line["company_id"])
            and (not self.position_id or self.position_id in line["position_ids"])
            and (
                self.analytic_ids is None
                or not self.analytic_ids.isdisjoint(line["analytic_ids"])
            )
            and (
                self.document_type == document_type
                if self.document_type
                else document_type not in FACT_TYPES
            )
            and (not self.month_from or self.month_from <= month)
            and (not self.month_to or month <= self.month_to)
        )


def bands_by_interval(
    rules: Iterable[Rule], line: Mapping, document_type: str | None, month: date
) -> dict[str, tuple[Band, ...]]:
    """Return the bands of all rules that judge the spending, by interval.

    A line that no rule applies to is looked at over its whole budget, without a band.
    """
    bands: dict[str, tuple[Band, ...]] = defaultdict(tuple)
    for rule in rules:
        if rule.applies(line, document_type, month):
            bands[rule.interval] += rule.bands
    return dict(bands) or {"budget": ()}


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
        return self.band.limit(self.usage) if self.band else self.usage.planned

    @property
    def limit_rate(self) -> Decimal:
        return self.band.rate if self.band else Decimal(1)


@dataclass(frozen=True)
class Decision:
    """The verdicts, worst first, one for each line; ``action`` is the worst.

    :param usages: all that was looked at, for those who want to know why
    """

    verdicts: tuple[Verdict, ...]
    usages: tuple[Usage, ...] = ()

    @property
    def action(self) -> str:
        return self.verdicts[0].action if self.verdicts else "ok"

    def judgements(self) -> Iterator[tuple[Usage, Band, bool]]:
        """Yield every band that was considered and whether it bites.

        >>> low, high = Band(Decimal("0.8"), "hold"), Band(Decimal(1), "block")
        >>> usage = Usage(1, "year", Decimal(10), Decimal(0), Decimal(9), (low, high))
        >>> [(band.action, bites) for _, band, bites in decide([usage]).judgements()]
        [('hold', True), ('block', False)]
        """
        for usage in self.usages:
            asks = usage.requested > 0 and not usage.closed
            for band in usage.bands:
                yield usage, band, asks and band.bites(usage)


def judge(usage: Usage) -> Verdict:
    """Return the verdict on one usage: the strictest band that bites."""
    if usage.requested <= 0:
        return Verdict("ok", usage)
    if usage.closed:
        return Verdict("block", usage)
    biting = [band for band in usage.bands if band.bites(usage)]
    if not biting:
        return Verdict("ok", usage)
    band = max(biting, key=lambda b: (_SEVERITY[b.action], -b.limit(usage)))
    return Verdict(band.action, usage, band)


def decide(usages: Iterable[Usage]) -> Decision:
    """Return for each line its worst verdict, the worst line first."""
    usages = tuple(usages)
    worst: dict[int, Verdict] = {}
    for usage in usages:
        verdict = judge(usage)
        known = worst.get(usage.line_id)
        if known is None or _rank(verdict) > _rank(known):
            worst[usage.line_id] = verdict
    verdicts = tuple(sorted(worst.values(), key=_rank, reverse=True))
    return Decision(verdicts, usages)


def _rank(verdict: Verdict) -> tuple:
    rate = verdict.usage.rate_after
    return _SEVERITY[verdict.action], rate is None, rate or 0
