"""What the ledger must hold, worked out a second time and from the tables alone.

Nothing here calls the code under test: rows are read with SQL, amounts are exact
decimals, the tree of positions is walked by hand. It imports nothing of its package, so
that scripts can load it by its path.
"""

import json
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

CENT = Decimal("0.01")
SPENDING_MOVES = ("in_invoice", "in_refund", "in_receipt")


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


class LedgerPicture:
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

    # Where they differ

    def get_differences(self):
        """Return where a document holds something else than it should (I4, I5)."""
        return [
            f"{key.model} {key.res_id} on line {key.line_id} in {key.month:%Y-%m}:"
            f" {key.kind} is {self.held.get(key, 0)}, should be"
            f" {self.desired.get(key, 0)}"
            for key in sorted({**self.desired, **self.held})
            if self.desired.get(key, 0) != self.held.get(key, 0)
        ]


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
