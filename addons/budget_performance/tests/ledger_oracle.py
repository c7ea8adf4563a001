"""What the ledger must hold, worked out a second time and from the tables alone.

Nothing here calls the code under test: rows are read with SQL, amounts are exact
decimals, the tree of positions is walked by hand. The oracle serves three ways: it
compares every document with its entries, the running figures with the entries, and it
says of a synchronisation that is about to begin whether the rules should refuse it.
"""

import json
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

CENT = Decimal("0.01")
STOPPING = ("hold", "block")
SPENDING_MOVES = ("in_invoice", "in_refund", "in_receipt")
INTERVAL_SIZE = {"month": 1, "quarter": 3, "year_to_date": 12, "year": 12}


class Line(NamedTuple):
    id: int
    company_id: int
    accounts: frozenset
    analytic: frozenset
    date_from: object
    date_to: object
    closed: bool
    positions: frozenset  # its position and the ones above


class Claim(NamedTuple):
    id: int
    approval: str
    spent: bool
    date: object
    account_id: int
    company_id: int
    amount: Decimal | None
    keys: dict
    facts: tuple  # everything that its place in the budget depends on


class Entry(NamedTuple):
    id: int
    type: str | None  # what it is to the rules
    facts: tuple


class Key(NamedTuple):
    model: str
    res_id: int
    line_id: int
    month: object
    kind: str


class LedgerOracle:
    """A picture of documents and ledger at one moment."""

    def __init__(self, cr, company_ids):
        self.cr = cr
        self.company_ids = list(company_ids)
        self._read()

    def _read(self):
        self.plans = self._read_plans()
        self.lines = self._read_lines()
        self.claims = self._read_claims()
        self.entries = self._read_entries()
        self.held = self._read_held()
        self.desired = defaultdict(Decimal)
        self.actual = defaultdict(Decimal)
        self.uncovered = {}
        self.uncovered_entries = {}
        self._want_claims()
        self._want_items()
        self.desired = {key: amount for key, amount in self.desired.items() if amount}
        return self

    # Facts

    def _fetch(self, query, *params):
        self.cr.execute(query, params)
        return self.cr.fetchall()

    def _read_plans(self):
        parents = dict(self._fetch("SELECT id, parent_id FROM account_analytic_plan"))

        def root(plan):
            while parents[plan]:
                plan = parents[plan]
            return plan

        rows = self._fetch("SELECT id, plan_id FROM account_analytic_account")
        return {account: root(plan) for account, plan in rows}

    def _read_lines(self):
        parents = dict(
            self._fetch("SELECT id, parent_id FROM performance_budget_position")
        )

        def above(position):
            while position:
                yield position
                position = parents[position]

        accounts = defaultdict(set)
        for position, account in self._fetch(
            """SELECT position_id, account_id
                 FROM performance_budget_position_account_rel"""
        ):
            for covering in above(position):  # the position and its parents
                accounts[covering].add(account)
        analytic = defaultdict(set)
        for line, account in self._fetch(
            """SELECT line_id, analytic_account_id
                 FROM performance_budget_line_analytic_rel"""
        ):
            analytic[line].add(account)

        return [
            Line(
                line,
                company,
                frozenset(accounts[position]),
                frozenset(analytic[line]),
                first,
                last,
                state == "closed",
                frozenset(above(position)),
            )
            for line, company, position, first, last, state in self._fetch(
                """SELECT line.id, budget.company_id, line.position_id,
                          budget.date_from, budget.date_to, budget.state
                     FROM performance_budget_line line
                     JOIN performance_budget budget ON budget.id = line.budget_id
                    WHERE budget.state IN ('approved', 'closed')
                      AND line.is_reserve IS NOT TRUE
                      AND budget.company_id = ANY(%s)""",
                self.company_ids,
            )
        ]

    def _read_claims(self):
        taxes = defaultdict(list)
        for expense, tax, rate, recoverable in self._fetch(
            """SELECT link.expense_id, tax.id, tax.amount::text,
                      bool_and(rep.account_id IS NOT NULL)
                 FROM expense_tax link
                 JOIN hr_expense expense ON expense.id = link.expense_id
                 JOIN account_tax tax ON tax.id = link.tax_id
                 JOIN account_tax_repartition_line rep ON rep.tax_id = tax.id
                  AND rep.document_type = 'invoice' AND rep.repartition_type = 'tax'
                WHERE expense.company_id = ANY(%s)
             GROUP BY link.expense_id, tax.id, tax.amount""",
            self.company_ids,
        ):
            taxes[expense].append((tax, Decimal(rate) / 100, recoverable))
        claims = {}
        for row in self._fetch(
            """SELECT expense.id, approval_state, move.state,
                      EXISTS (SELECT FROM account_move_line item
                               WHERE item.move_id = expense.account_move_id
                                 AND item.expense_id = expense.id),
                      expense.date, expense.account_id, expense.company_id,
                      total_amount::text, tax_amount::text,
                      expense.analytic_distribution::text
                 FROM hr_expense expense
            LEFT JOIN account_move move ON move.id = expense.account_move_id
                WHERE expense.company_id = ANY(%s)""",
            self.company_ids,
        ):
            expense, approval, move, named, date, account, company, *money = row
            total, tax, distribution = money
            claims[expense] = Claim(
                expense,
                approval,
                approval in ("submitted", "approved") and move == "posted" and named,
                date,
                account,
                company,
                _borne(Decimal(total), Decimal(tax), taxes[expense]),
                _keys(distribution),
                (approval, date, account, company, total, tax, distribution),
            )
        return claims

    def _read_entries(self):
        """Posted entries: those of claims, bills, and what nobody's payment made."""
        entries = {}
        for row in self._fetch(
            """SELECT move.id, move_type, move.date, bool_or(expense_id IS NOT NULL),
                      move.origin_payment_id IS NULL
                          AND move.statement_line_id IS NULL
                          AND move.tax_cash_basis_origin_move_id IS NULL
                          AND move.journal_id IS DISTINCT FROM
                              company.currency_exchange_journal_id,
                      array_agg((item.id, item.account_id, item.balance, expense_id,
                                 item.analytic_distribution)::text ORDER BY item.id)
                 FROM account_move move
                 JOIN account_move_line item ON item.move_id = move.id
                 JOIN res_company company ON company.id = move.company_id
                WHERE move.state = 'posted' AND move.company_id = ANY(%s)
             GROUP BY move.id, company.id""",
            self.company_ids,
        ):
            move, move_type, date, of_claim, free, items = row
            kind = None
            if move_type in SPENDING_MOVES:
                kind = "expense" if of_claim else "bill"
            elif move_type == "entry" and (of_claim or free):
                kind = "expense" if of_claim else "entry"
            entries[move] = Entry(move, kind, (kind, date, *items))
        return entries

    def _read_held(self):
        return {
            Key(*position): Decimal(amount)
            for *position, amount in self._fetch(
                """SELECT res_model, res_id, line_id, month, kind, SUM(amount)::text
                     FROM performance_budget_entry
                    WHERE company_id = ANY(%s)
                 GROUP BY res_model, res_id, line_id, month, kind
                   HAVING SUM(amount) <> 0""",
                self.company_ids,
            )
        }

    # What should be

    def _want_claims(self):
        controlled = {line.company_id for line in self.lines}
        for claim in self.claims.values():
            if claim.company_id not in controlled:
                continue
            kind = {"submitted": "reserved", "approved": "committed"}.get(
                claim.approval
            )
            if not kind or claim.spent:
                continue
            if not claim.date or claim.amount is None or claim.amount <= 0:
                self.uncovered[claim.id] = "no date or amount"
            elif not self._is_whole(claim.keys):
                self.uncovered[claim.id] = "distribution is not 100"
            if not claim.date or claim.amount is None:
                continue
            charged = self._charge(
                claim.company_id,
                claim.account_id,
                claim.date,
                claim.amount,
                claim.keys,
            )
            for line, share in charged.items():
                key = Key("hr.expense", claim.id, line, _month(claim.date), kind)
                self.desired[key] += share
            if self._has_hole(claim):
                self.uncovered.setdefault(claim.id, "not in the budget")

    def _want_items(self):
        places = defaultdict(Decimal)
        claimed = defaultdict(set)
        for row in self._fetch(
            """SELECT move.id, move.date, item.account_id, move.company_id,
                      item.balance::text, item.analytic_distribution::text,
                      account.account_type, item.expense_id
                 FROM account_move_line item
                 JOIN account_move move ON move.id = item.move_id
                 JOIN account_account account ON account.id = item.account_id
                WHERE move.state = 'posted' AND move.company_id = ANY(%s)""",
            self.company_ids,
        ):
            move, date, account, company, balance, distribution, kind, claim = row
            keys = _keys(distribution)
            for line, share in self._charge(
                company, account, date, Decimal(balance), keys
            ).items():
                key = Key("account.move", move, line, _month(date), "actual")
                self.desired[key] += share
                self.actual[line, _month(date)] += share
            if claim in self.claims:
                known = self.claims[claim]
                claimed[move].add((known.account_id, _frozen(known.keys)))
            if kind.startswith("expense"):
                place = move, company, account, date, _frozen(keys)
                places[place] += Decimal(balance)
        self._want_cover(places, claimed)

    def _want_cover(self, places, claimed):
        """An entry of a claim may not charge what neither claim nor budget names."""
        controlled = {line.company_id for line in self.lines}
        for (move, company, account, date, frozen), amount in places.items():
            keys = dict(frozen)
            lines = self._match(company, account, date)
            if (
                company in controlled
                and self.entries[move].type == "expense"
                and amount > 0
                and (account, frozen) not in claimed[move]
                and not (self._is_whole(keys) and self._covers(lines, keys))
            ):
                self.uncovered_entries[move] = "not in the budget"

    def _match(self, company, account, date):
        return [
            line
            for line in self.lines
            if line.company_id == company
            and account in line.accounts
            and line.date_from <= date <= line.date_to
        ]

    def _charge(self, company, account, date, amount, keys):
        charged = {}
        for line in self._match(company, account, date):
            if not line.analytic:
                charged[line.id] = amount
                continue
            named = [key for key in keys if line.analytic <= key]
            if named:
                parts = self._split(amount, keys, self.plans[min(line.analytic)])
                charged[line.id] = sum((parts[key] for key in named), Decimal(0))
        return charged

    def _split(self, amount, keys, plan):
        """Parts of one plan: rounded so that they add up to a whole hundred."""
        own = [k for k in sorted(keys, key=sorted) if plan in self._plans_of(k)]
        whole = sum(keys[key] for key in own) == 100
        parts, run, given = {}, Decimal(0), Decimal(0)
        for key in own:
            if whole:
                run += keys[key]
                upto = (amount * run / 100).quantize(CENT, ROUND_HALF_UP)
                parts[key], given = upto - given, upto
            else:
                parts[key] = (amount * keys[key] / 100).quantize(CENT, ROUND_HALF_UP)
        return parts

    def _plans_of(self, key):
        return {self.plans[account] for account in key if account in self.plans}

    def _is_whole(self, keys):
        totals = defaultdict(Decimal)
        for key, share in keys.items():
            for plan in self._plans_of(key):
                totals[plan] += share
        return all(total == 100 for total in totals.values())

    def _has_hole(self, claim):
        lines = self._match(claim.company_id, claim.account_id, claim.date)
        return not self._covers(lines, claim.keys)

    def _covers(self, lines, keys):
        return all(
            any(line.analytic <= key for line in lines)
            for key in (keys or {frozenset(): 100})
        )

    # Verdicts

    def get_differences(self):
        """Return where a document holds something else than it should (I4, I5)."""
        return [
            f"{key.model} {key.res_id} on line {key.line_id} in {key.month:%Y-%m}:"
            f" {key.kind} is {self.held.get(key, 0)}, should be"
            f" {self.desired.get(key, 0)}"
            for key in sorted({**self.desired, **self.held})
            if self.desired.get(key, 0) != self.held.get(key, 0)
        ]

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


# Every row that these return breaks an invariant.
SQL_INVARIANTS = {
    "I1: a month shows the sum of its entries": """
        SELECT allocation.line_id, allocation.month, kind.name, kind.shown, sums.amount
          FROM performance_budget_allocation allocation
          LEFT JOIN LATERAL (SELECT COALESCE(SUM(amount_reserved), 0) AS reserved,
                                    COALESCE(SUM(amount_committed), 0) AS committed,
                                    COALESCE(SUM(amount_actual), 0) AS actual
                               FROM performance_budget_pending pending
                              WHERE pending.line_ref = allocation.line_id
                                AND pending.month = allocation.month) way ON TRUE
         CROSS JOIN LATERAL (VALUES
                   ('reserved', allocation.amount_reserved + way.reserved),
                   ('committed', allocation.amount_committed + way.committed),
                   ('actual', allocation.amount_actual + way.actual)
               ) AS kind(name, shown)
          LEFT JOIN LATERAL (SELECT COALESCE(SUM(amount), 0) AS amount
                               FROM performance_budget_entry entry
                              WHERE entry.line_id = allocation.line_id
                                AND entry.month = allocation.month
                                AND entry.kind = kind.name) sums ON TRUE
         WHERE kind.shown <> sums.amount""",
    "I1: every entry has its month": """
        SELECT entry.id FROM performance_budget_entry entry
          LEFT JOIN performance_budget_allocation allocation
            ON allocation.line_id = entry.line_id AND allocation.month = entry.month
         WHERE allocation.id IS NULL""",
    "I1: a line shows the sum of its months": """
        SELECT line.id FROM performance_budget_line line
          JOIN performance_budget_balance balance ON balance.id = line.balance_id
          LEFT JOIN (SELECT line_id, SUM(amount_planned) AS planned,
                            SUM(amount_reserved) AS reserved,
                            SUM(amount_committed) AS committed,
                            SUM(amount_actual) AS actual
                       FROM performance_budget_allocation GROUP BY line_id) months
            ON months.line_id = line.id
         WHERE (balance.amount_planned, balance.amount_reserved,
                balance.amount_committed, balance.amount_actual)
               IS DISTINCT FROM
               (COALESCE(planned, 0), COALESCE(reserved, 0),
                COALESCE(committed, 0), COALESCE(actual, 0))
            OR balance.amount_used <> balance.amount_reserved
               + balance.amount_committed + balance.amount_actual
            OR balance.amount_available <> balance.amount_planned
               - balance.amount_used - balance.amount_pending""",
    "what is pending was taken by somebody": """
        SELECT line.id FROM performance_budget_line line
          JOIN performance_budget_balance balance ON balance.id = line.balance_id
         WHERE balance.amount_pending <> (
               SELECT COALESCE(SUM(amount_taken), 0) FROM performance_budget_pending
                WHERE line_ref = line.id)""",
    "I2: nothing open is negative": """
        SELECT line_id, month FROM performance_budget_allocation
         WHERE amount_reserved < 0 OR amount_committed < 0
         UNION ALL
        SELECT line_id, month FROM performance_budget_entry
         WHERE res_model = 'hr.expense'
         GROUP BY res_id, line_id, month, kind HAVING SUM(amount) < 0""",
    "closed and deleted documents hold exactly nothing": """
        SELECT entry.res_id, SUM(entry.amount) FROM performance_budget_entry entry
          LEFT JOIN hr_expense expense ON expense.id = entry.res_id
         WHERE entry.res_model = 'hr.expense'
           AND (expense.id IS NULL OR expense.approval_state IS NULL
                OR expense.approval_state = 'refused'
                OR EXISTS (SELECT FROM account_move move
                             JOIN account_move_line item ON item.move_id = move.id
                            WHERE move.id = expense.account_move_id
                              AND move.state = 'posted'
                              AND item.expense_id = expense.id))
         GROUP BY entry.res_id, entry.line_id, entry.month, entry.kind
        HAVING SUM(entry.amount) <> 0""",
    "a correction points to a row of its own position that it takes back": """
        SELECT entry.id FROM performance_budget_entry entry
          JOIN performance_budget_entry taken ON taken.id = entry.reversed_id
         WHERE (entry.res_model, entry.res_id, entry.line_id, entry.month, entry.kind)
               <> (taken.res_model, taken.res_id, taken.line_id, taken.month,
                   taken.kind)
            OR entry.amount * taken.amount >= 0 OR taken.id >= entry.id""",
    "an entry belongs to the company and budget of its line": """
        SELECT entry.id FROM performance_budget_entry entry
          JOIN performance_budget_line line ON line.id = entry.line_id
         WHERE entry.company_id <> line.company_id
            OR entry.budget_id <> line.budget_id""",
}


def _borne(total, tax, taxes):
    """Total without the tax that is claimed back; None when it is no amount."""
    if abs(total) > 10**12:
        return None
    if all(recoverable for _tax, _rate, recoverable in taxes):
        return total - tax
    base = total / (1 + sum(rate for _tax, rate, _recoverable in taxes))
    claimed = [rate for _tax, rate, recoverable in taxes if recoverable]
    return total - sum((base * r).quantize(CENT, ROUND_HALF_UP) for r in claimed)


def _keys(text):
    keys = defaultdict(Decimal)
    for accounts, share in (json.loads(text) if text else {}).items():
        key = frozenset(int(account) for account in accounts.split(","))
        keys[key] += Decimal(repr(round(float(share), 6)))
    return dict(keys)


def _frozen(keys):
    return frozenset(keys.items())


def _month(date):
    return date.replace(day=1)


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
