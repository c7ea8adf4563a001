"""Whether the rules should refuse a synchronisation that is about to begin.

It is worked out from the tables alone, as in ``ledger_picture``.
"""

from collections import defaultdict
from decimal import Decimal

from .ledger_picture import LedgerPicture

STOPPING = ("hold", "block")
INTERVAL_SIZE = {"month": 1, "quarter": 3, "year_to_date": 12, "year": 12}


class LedgerOracle(LedgerPicture):
    """A picture of documents and ledger at one moment, and what follows from it."""

    def get_additions(self, memory):
        """Return ``{(line, month): amount}`` of all documents, and what asks for it.

        Who asks is ``{document type: {line, …}}``. What a claim gave back when it was
        spent is no new request when it returns; and what is booked in place of what was
        held asks for nothing, whatever documents of other types add beside it.
        """
        total = defaultdict(Decimal)
        growth = defaultdict(Decimal)
        nets = defaultdict(Decimal)
        added = defaultdict(set)
        for key in {**self.desired, **self.held}:
            amount = self.desired.get(key, Decimal(0)) - self.held.get(key, Decimal(0))
            total[key.line_id, key.month] += amount
            kind = self._get_type(key)
            nets[key.line_id, kind] += amount
            if not kind or not amount:
                continue
            returning = self._get_returning(key, amount, memory)
            place = kind, key.model, key.line_id, key.month
            growth[place, key.kind] += amount - returning
            added[place].add(key.kind)
        asking = defaultdict(set)
        for place, kinds in added.items():
            if sum(growth[place, kind] for kind in kinds) > 0:
                kind, _model, line_id, _month = place
                own = nets[line_id, kind] + sum(
                    min(net, 0)
                    for (line, other), net in nets.items()
                    if line == line_id and other != kind
                )
                rising = {name for name in kinds if growth[place, name] > 0}
                if rising != {"actual"} or own > 0:
                    asking[kind].add(line_id)
        return total, asking

    def _get_type(self, key):
        if key.model == "hr.expense":
            return "expense"
        entry = self.entries.get(key.res_id)
        return entry and entry.type

    def _get_returning(self, key, amount, memory):
        if key.model != "hr.expense":
            return Decimal(0)
        return min(max(amount, Decimal(0)), memory.get(key, Decimal(0)))

    def remember(self, before, memory):
        """Note in ``memory`` what claims gave back because they were spent.

        :param before: the oracle of the moment before the step
        """
        for key in {**before.held, **self.held}:
            change = self.held.get(key, Decimal(0)) - before.held.get(key, Decimal(0))
            if key.model == "hr.expense" and key.kind == "committed" and change:
                claim = self.claims.get(key.res_id)
                spent = claim and claim.spent and change < 0
                memory[key] = -change if spent else Decimal(0)

    def get_refusal(self, before, memory):
        """Return why a synchronisation must be refused, None when it must pass.

        :param before: the oracle of the moment before the step
        :param memory: see :meth:`remember`
        """
        for known, now, uncovered in (
            (before.claims, self.claims, self.uncovered),
            (before.entries, self.entries, self.uncovered_entries),
        ):
            for res_id, reason in uncovered.items():
                if res_id in known and known[res_id].facts == now[res_id].facts:
                    continue  # nobody touched what it asks for
                return f"{type(now[res_id]).__name__} {res_id}: {reason}"
        total, asking = self.get_additions(memory)
        for kind, line_ids in asking.items():
            figures = self._read_figures(line_ids)
            for line in self.lines:
                if line.id in line_ids:
                    reason = self._get_verdict(line, kind, total, figures[line.id])
                    if reason:
                        return f"{kind}: {reason}"
        return None

    def _get_verdict(self, line, kind, total, figures):
        """Return why the line refuses what documents of a type bring to it."""
        months = {m: a for (line_id, m), a in total.items() if line_id == line.id}
        for rule, interval, bands in self._read_rules(line, kind):
            for month in (m for m, amount in months.items() if amount > 0):
                span = _span(interval, month, line.date_from, line.date_to)
                added = sum((a for m, a in months.items() if m in span), Decimal(0))
                if added <= 0:
                    continue
                planned = sum(figures[m][0] for m in span)
                after = added + sum(figures[m][1] for m in span)
                if line.closed:
                    return f"line {line.id} is closed"
                for comparison, rate, action in bands:
                    limit = planned * rate
                    passed = after >= limit if comparison == "reach" else None
                    passed = after > limit if passed is None else passed
                    if passed and action in STOPPING:
                        return (
                            f"line {line.id}, {interval} of rule {rule}: {after}"
                            f" against {limit}"
                        )
        return None

    def _read_figures(self, line_ids):
        figures = defaultdict(lambda: defaultdict(lambda: (Decimal(0), Decimal(0))))
        for line, month, planned, used in self._fetch(
            """SELECT allocation.line_id, allocation.month, amount_planned::text,
                      (SELECT COALESCE(SUM(amount), 0)::text
                         FROM performance_budget_entry entry
                        WHERE entry.line_id = allocation.line_id
                          AND entry.month = allocation.month)
                 FROM performance_budget_allocation allocation
                WHERE allocation.line_id = ANY(%s)""",
            list(line_ids),
        ):
            figures[line][month] = (Decimal(planned), Decimal(used))
        return figures

    def _read_rules(self, line, kind):
        """Return ``(rule, interval, [(comparison, rate, action)])`` for the line.

        A rule for every document means all but journal entries.
        """
        rules = []
        for rule, interval, position, account in self._fetch(
            """SELECT id, interval, position_id, analytic_account_id
                 FROM performance_budget_control_rule
                WHERE active AND (company_id IS NULL OR company_id = %s)
                  AND (document_type = %s OR document_type IS NULL AND %s <> 'entry')
            """,
            line.company_id,
            kind,
            kind,
        ):
            if (position and position not in line.positions) or (
                account and account not in line.analytic
            ):
                continue
            bands = [
                (comparison, Decimal(rate), action)
                for comparison, rate, action in self._fetch(
                    """SELECT comparison, usage_rate::text, action
                         FROM performance_budget_control_band WHERE rule_id = %s""",
                    rule,
                )
            ]
            rules.append((rule, interval, bands))
        return rules or [(0, "budget", [])]


def _span(interval, month, first, last):
    """The months that count together, as blocks from the budget's first month."""

    def number(day):
        return day.year * 12 + day.month - 1

    start, end = number(first), number(last)
    if interval != "budget":
        size = INTERVAL_SIZE[interval]
        start += (number(month) - start) // size * size
        end = min(end, start + size - 1)
        if interval == "year_to_date":
            end = number(month)
    return {
        first.replace(year=n // 12, month=n % 12 + 1) for n in range(start, end + 1)
    }
