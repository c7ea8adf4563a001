"""What the ledger must hold for purchase orders, worked out from the tables alone."""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import NamedTuple

from odoo.addons.budget_performance.tests.ledger_oracle import LedgerOracle
from odoo.addons.budget_performance.tests.ledger_picture import (
    CENT,
    Key,
    _frozen,
    _keys,
    _month,
)

SIGN = {"in_invoice": 1, "in_receipt": 1, "in_refund": -1}


class Order(NamedTuple):
    id: int
    state: str
    facts: tuple  # everything of its own that its place in the budget depends on


class OrderOracle(LedgerOracle):
    """The oracle of claims and entries, which knows purchase orders, too."""

    def _read(self):
        claims_and_entries = super()._read()
        self.orders = {}
        self.uncovered_orders = {}
        wanted = defaultdict(Decimal, claims_and_entries.desired)
        self._want_orders(wanted)
        self.desired = {key: amount for key, amount in wanted.items() if amount}
        # Orders of which some position was held and is held no more.
        self.released = {
            order
            for (order,) in self._fetch(
                """SELECT res_id FROM performance_budget_entry
                    WHERE res_model = 'purchase.order' AND kind = 'committed'
                 GROUP BY res_id, line_id, month HAVING SUM(amount) = 0"""
            )
        }
        return self

    def _read_orders(self):
        return self._fetch(
            """SELECT bought.id, bought.state, bought.company_id,
                      bought.is_budget_closed,
                      COALESCE(bought.date_approve, bought.date_order),
                      bought.currency_rate::text, line.id, line.budget_account_id,
                      line.product_qty::text, line.price_unit::text,
                      line.discount::text, line.analytic_distribution::text,
                      (SELECT SUM(CASE WHEN rep.account_id IS NULL
                                       THEN tax.amount ELSE 0 END)::text
                         FROM account_tax_purchase_order_line_rel link
                         JOIN account_tax tax ON tax.id = link.account_tax_id
                         JOIN account_tax_repartition_line rep ON rep.tax_id = tax.id
                          AND rep.document_type = 'invoice'
                          AND rep.repartition_type = 'tax'
                        WHERE link.purchase_order_line_id = line.id)
                 FROM purchase_order bought
                 JOIN purchase_order_line line ON line.order_id = bought.id
                WHERE bought.company_id = ANY(%s) ORDER BY bought.id, line.id""",
            self.company_ids,
        )

    def _read_billed(self):
        billed = defaultdict(Fraction)
        for line, kind, quantity in self._fetch(
            """SELECT item.purchase_line_id, move.move_type, item.quantity::text
                 FROM account_move_line item
                 JOIN account_move move ON move.id = item.move_id
                WHERE move.state = 'posted' AND item.purchase_line_id IS NOT NULL"""
        ):
            billed[line] += SIGN.get(kind, 0) * Fraction(quantity)
        return billed

    def _want_orders(self, wanted):
        billed = self._read_billed()
        controlled = {line.company_id for line in self.lines}
        facts = defaultdict(list)
        states = {}
        places = defaultdict(Decimal)
        for row in self._read_orders():
            order, state, company, closed, day, rate, line, account, *rest = row
            facts[order].append(row)
            states[order] = state
            if state != "purchase" or closed or company not in controlled:
                continue
            *numbers, distribution, tax = rest
            amount = _cost(*numbers, tax, rate, billed[line])
            keys = _keys(distribution)
            date = day.date()
            charged = self._charge(company, account, date, amount, keys)
            for budget_line, share in charged.items():
                place = order, budget_line, _month(date), "committed"
                wanted[Key("purchase.order", *place)] += share
            places[order, company, account, date, _frozen(keys)] += amount
        self.orders = {
            order: Order(order, states[order], tuple(rows))
            for order, rows in facts.items()
        }
        for (order, company, account, date, frozen), amount in places.items():
            keys = dict(frozen)
            lines = self._match(company, account, date)
            if amount > 0 and not (self._is_whole(keys) and self._covers(lines, keys)):
                self.uncovered_orders[order] = "not in the budget"

    # Verdicts

    def _get_type(self, key):
        return "order" if key.model == "purchase.order" else super()._get_type(key)

    def _get_returning(self, key, amount, memory):
        if key.model == "purchase.order":
            known = memory.get(key, Decimal(0)) if key.res_id in self.released else 0
            return min(max(amount, Decimal(0)), Decimal(known))
        return super()._get_returning(key, amount, memory)

    def remember(self, before, memory):  # pylint: disable=missing-return
        super().remember(before, memory)
        for key in {**before.held, **self.held}:
            change = self.held.get(key, Decimal(0)) - before.held.get(key, Decimal(0))
            if key.model == "purchase.order" and change:
                order = self.orders.get(key.res_id)
                only_billed = (
                    order
                    and order.state == "purchase"
                    and order == before.orders.get(key.res_id)
                )
                memory[key] = -change if only_billed and change < 0 else Decimal(0)

    def get_refusal(self, before, memory):
        for order, reason in self.uncovered_orders.items():
            if self.orders[order] != before.orders.get(order):
                return f"order {order}: {reason}"
        return super().get_refusal(before, memory)


def _cost(quantity, price, discount, tax, rate, billed):
    """Return what of an ordered line is not billed, in the company's currency."""
    ordered = Fraction(quantity)
    if ordered <= 0:
        return Decimal(0)
    raw = ordered * Fraction(price) * (1 - Fraction(discount or "0") / 100)
    raw /= Fraction(rate)  # taxes that are rounded globally: nothing is before that
    base, borne = _rounded(raw), _rounded(raw * Fraction(tax or "0") / 100)
    left = min(Fraction(1), max(Fraction(0), 1 - billed / ordered))
    return _decimal(_rounded(max(Fraction(0), (base + borne) * left)))


def _rounded(amount):
    """Return the fraction rounded half up (away from zero) to the cent."""
    exact = Decimal(amount.numerator) / Decimal(amount.denominator)
    return Fraction(exact.quantize(CENT, ROUND_HALF_UP))


def _decimal(amount):
    return (Decimal(amount.numerator) / Decimal(amount.denominator)).quantize(CENT)
