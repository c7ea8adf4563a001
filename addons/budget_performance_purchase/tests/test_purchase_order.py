from datetime import date

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.budget_performance.tests.common import BudgetCommon

NOTHING = {}
ORDERED = {(6, "committed"): 1000.0}


@tagged("post_install", "-at_install")
class TestPurchaseOrder(BudgetCommon):
    """Ten nights at 100.00 of the sales department, ordered in June.

    Hotels of the sales department have 4,800 a year: held from 3,840 on.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_buyer = new_test_user(
            cls.env,
            login="budget_buyer",
            groups="purchase.group_purchase_user,account.group_account_invoice",
            company_id=cls.company.id,
        )
        cls.product_hotel.purchase_method = "purchase"

    @classmethod
    def _create_order(cls, price=100.0, quantity=10.0, product=None, **values):
        line_values = {
            name: values.pop(name)
            for name in ("analytic_distribution", "tax_ids", "discount")
            if name in values
        }
        return (
            cls.env["purchase.order"]
            .with_user(cls.user_buyer)
            .create(
                {
                    "partner_id": cls.partner_a.id,
                    "company_id": cls.company.id,
                    "user_id": cls.user_buyer.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": (product or cls.product_hotel).id,
                                "product_qty": quantity,
                                "price_unit": price,
                                "tax_ids": [Command.clear()],
                                "analytic_distribution": {
                                    str(cls.centre_sales.id): 100
                                },
                                **line_values,
                            }
                        )
                    ],
                    **values,
                }
            )
        )

    @classmethod
    def _confirmed(cls, *args, **values):
        order = cls._create_order(*args, **values)
        order.button_confirm()
        cls._flush()
        return order

    def _bill(self, order, quantity=None, price=None, day="2026-07-05"):
        """Return a draft bill of the order."""
        order.action_create_invoice()
        bill = order.invoice_ids.filtered(lambda move: move.state == "draft")
        bill.write({"invoice_date": day, "date": day})
        if quantity is not None:
            bill.invoice_line_ids.quantity = quantity
        if price is not None:
            bill.invoice_line_ids.price_unit = price
        self._flush()
        return bill

    def _refund(self, bill, day="2026-08-01"):
        return bill._reverse_moves([{"date": day, "invoice_date": day}], cancel=True)

    def _request(self, order, reason="The fair needs it"):
        check = self.env["performance.budget.check"].with_user(self.user_buyer)
        action = order.action_ask_budget()
        check = check.browse(action["res_id"])
        check.reason = reason
        check.action_request()
        return self.env["performance.budget.authorization"].search(
            [("res_model", "=", "purchase.order"), ("res_id", "=", order.id)], limit=1
        )

    def _grant(self, request):
        while request.state == "requested":
            request.with_user(request._get_deciders()[0]).action_grant()
        self._flush()

    def _walk_rows(self, rows):
        """Rows of ``(what happens, start, act on the order, holdings after)``."""
        for what, start, act, expected in rows:
            with self.subTest(what), self.env.cr.savepoint() as savepoint:
                act(start().sudo())
                self._flush()
                self.assertEqual(self._held(self.line_hotel_sales), expected)
                savepoint.rollback()

    def test_an_order_holds_what_was_confirmed(self):
        """DESIGN: confirm, change, cancel, through every door."""

        def write(**vals):
            return lambda order: order.write(vals)

        def line(**vals):
            return lambda order: order.order_line.write(vals)

        def press(*methods):
            def act(order):
                for method in methods:
                    getattr(order, method)()

            return act

        again = press("button_cancel", "button_draft", "button_confirm")
        half = {(6, "committed"): 500.0}
        self._walk_rows(
            (
                ("request", self._create_order, press(), NOTHING),
                ("confirmed", self._confirmed, press(), ORDERED),
                ("RPC confirms", self._create_order, write(state="purchase"), ORDERED),
                ("locked", self._confirmed, press("button_lock"), ORDERED),
                ("cancelled", self._confirmed, press("button_cancel"), NOTHING),
                ("RPC cancels", self._confirmed, write(state="cancel"), NOTHING),
                ("cancelled and confirmed again", self._confirmed, again, ORDERED),
                ("less", self._confirmed, line(product_qty=5), half),
                ("cheaper", self._confirmed, line(price_unit=50), half),
                ("discount", self._confirmed, line(discount=50), half),
                ("received", self._confirmed, line(qty_received=10), ORDERED),
            )
        )

    def test_a_posted_bill_takes_over_what_it_bills(self):
        """DESIGN: by quantity, whatever its price; a draft takes nothing."""

        def post(*bill_values):
            return lambda order: self._bill(order, *bill_values).action_post()

        self._walk_rows(
            (
                ("draft bill", self._confirmed, self._bill, ORDERED),
                (
                    "partly billed",
                    self._confirmed,
                    post(4),
                    {(6, "committed"): 600.0, (7, "actual"): 400.0},
                ),
                (
                    "billed at another price",
                    self._confirmed,
                    post(10, 110.0),
                    {(7, "actual"): 1100.0},
                ),
                (
                    "billed more than ordered",
                    self._confirmed,
                    post(11),
                    {(7, "actual"): 1100.0},
                ),
            )
        )

    def _partly_billed(self):
        order = self._confirmed()
        self._bill(order, 4).action_post()
        self._flush()
        return order

    def test_an_order_gets_back_what_its_bills_let_go(self):
        """I7: reset, refund, items that bill something else; the rest is closed."""

        def reset(order):
            order.invoice_ids.button_draft()

        def refund(order):
            self._refund(order.invoice_ids)

        def close(order):
            order.action_close_remainder()
            self._flush()

        def close_and_reopen(order):
            close(order)
            order.action_close_remainder()

        def unlink_item(order):
            order.invoice_ids.invoice_line_ids.purchase_line_id = False

        def adopt(order):
            bill = self._create_bill(250.0, day="2026-07-05")
            bill.action_post()
            self._flush()
            bill.invoice_line_ids.write(
                {"purchase_line_id": order.order_line.id, "quantity": 1}
            )

        start, spent = self._partly_billed, {(7, "actual"): 400.0}
        refunded = {**ORDERED, **spent, (8, "actual"): -400.0}
        adopted = {(6, "committed"): 900.0, (7, "actual"): 250.0}
        self._walk_rows(
            (
                ("bill reset to draft", start, reset, ORDERED),
                ("bill refunded", start, refund, refunded),
                ("remainder closed", start, close, spent),
                (
                    "remainder opened again",
                    start,
                    close_and_reopen,
                    {(6, "committed"): 600.0, **spent},
                ),
                ("item bills nothing now", start, unlink_item, {**ORDERED, **spent}),
                ("posted item bills it now", self._confirmed, adopt, adopted),
            )
        )

    def test_growth_is_checked_through_every_door(self):
        """B8: quantity, price, new lines, another place, the state itself."""
        order = self._confirmed()
        line = order.order_line
        for what, act in {
            "quantity": lambda: line.write({"product_qty": 40}),
            "price": lambda: line.write({"price_unit": 400}),
            "new line": lambda: line.copy(
                {"order_id": order.id, "price_unit": 300.0, "product_qty": 10}
            ),
            "state": lambda: self._create_order(390.0).write({"state": "purchase"}),
            "created confirmed": lambda: self._create_order(390.0, state="purchase"),
        }.items():
            with self.subTest(what), self._refused("Hotel"):
                act()
        with self._refused("Training"):
            line.write(
                {
                    "price_unit": 500,
                    "budget_account_id": self.account_training.id,
                    "analytic_distribution": False,
                }
            )

    def test_a_held_order_is_to_approve_and_goes_on_when_granted(self):
        """B6: native To Approve, the dialog, the authorisation."""
        order = self._create_order(390.0)
        dialog = order.with_context(budget_performance_dialog=True)
        action = dialog.button_confirm()
        self.assertEqual(action["res_model"], "performance.budget.check")
        self.assertEqual(order.state, "to approve")
        self.assertEqual(dialog.button_approve()["res_model"], action["res_model"])
        order.button_approve()
        self.assertEqual(order.state, "to approve")
        self.assertEqual(self._held(self.line_hotel_sales), NOTHING)
        request = self._request(order)
        self.assertEqual(request.amount, 3900.0)
        self.assertIn("authorization", order.budget_alerts)
        self._grant(request)
        self.assertEqual(order.state, "purchase")
        held = {(6, "committed"): 3900.0}
        self.assertEqual(self._held(self.line_hotel_sales), held)
        with self._refused("Hotel"):
            order.order_line.product_qty = 11

    def test_double_validation_stays_with_the_purchase_manager(self):
        self.company.write(
            {"po_double_validation": "two_step", "po_double_validation_amount": 100}
        )
        order = self._create_order(390.0)
        order.button_confirm()
        self._grant(self._request(order))
        self.assertEqual(order.state, "to approve")
        manager = new_test_user(
            self.env,
            login="budget_purchase_manager",
            groups="purchase.group_purchase_manager",
            company_id=self.company.id,
        )
        order.with_user(manager).button_approve()
        self._flush()
        self.assertEqual(order.state, "purchase")

    def test_a_blocked_order_stays_a_request(self):
        """B5: above the plan nothing is confirmed, by no door."""
        order = self._create_order(490.0)
        dialog = order.with_context(budget_performance_dialog=True)
        self.assertEqual(
            dialog.button_confirm()["res_model"], "performance.budget.check"
        )
        self.assertEqual(order.state, "draft")
        with self.assertRaisesRegex(UserError, "Hotel"):
            order.button_confirm()
        with self._refused("Hotel"):
            order.write({"state": "purchase"})

    def test_two_orders_that_fit_alone_do_not_fit_together(self):
        orders = self._create_order(250.0) | self._create_order(250.0)
        with self._refused("Hotel"):
            orders.button_confirm()

    def test_the_bill_of_an_order_asks_for_the_difference_only(self):
        """A line that is full takes the bill of what was ordered on it."""
        order = self._confirmed()
        bill = self._bill(order)
        self._create_entry(4000.0)
        self._flush()
        dialog = bill.with_context(budget_performance_dialog=True)
        self.assertFalse(bill._check_budget_ahead())
        bill.invoice_line_ids.price_unit = 101.0
        action = dialog.action_post()
        self.assertEqual(action["res_model"], "performance.budget.check")
        with self._refused("Hotel"):
            bill.action_post()
        bill.invoice_line_ids.price_unit = 100.0
        dialog.action_post()
        self.assertEqual(bill.state, "posted")
        self._flush()
        self._refund(bill)
        self._flush()
        self.assertEqual(self._held(self.line_hotel_sales, order), ORDERED)

    def test_tax_currency_and_plans(self):
        """B19: like the bill that will come."""
        both = self.tax_claimed | self.tax_borne
        rows = (
            ({"tax_ids": [Command.set(self.tax_claimed.ids)]}, 1000.0),
            ({"tax_ids": [Command.set(self.tax_borne.ids)]}, 1100.0),
            ({"tax_ids": [Command.set(both.ids)]}, 1100.0),
            ({"currency_id": self.other_currency.id}, 250.0),
            (
                {
                    "currency_id": self.other_currency.id,
                    "date_order": "2026-02-01",
                },
                500.0,
            ),
            (
                {
                    "analytic_distribution": {
                        f"{self.centre_sales.id},{self.project_alpha.id}": 33.33,
                        str(self.centre_making.id): 66.67,
                    }
                },
                333.3,
            ),
        )
        for values, expected in rows:
            with self.subTest(values), self.env.cr.savepoint() as savepoint:
                self._confirmed(**values)
                held = {(6, "committed"): expected}
                self.assertEqual(self._held(self.line_hotel_sales), held)
                savepoint.rollback()

    def test_a_half_cent_in_another_currency(self):
        """B19: 1,219.175 is 304.79 here, not a fourth of 1,219.18: so does the bill."""
        order = self._confirmed(487.67, 2.5, currency_id=self.other_currency.id)
        held = {(6, "committed"): 304.79}
        self.assertEqual(self._held(self.line_hotel_sales, order), held)
        bill = self._bill(order, day="2026-06-20")
        bill.action_post()
        self._flush()
        self.assertEqual(self._held(self.line_hotel_sales), {(6, "actual"): 304.79})

    def test_the_books_change_nothing_that_was_ordered(self):
        """I12: rates and accounts of later days."""
        order = self._confirmed(currency_id=self.other_currency.id)
        self.other_currency.rate_ids = [
            Command.create({"name": "2026-06-15", "rate": 1.0})
        ]
        self.product_hotel.property_account_expense_id = self.account_taxi
        order.order_line.name = "Ten nights"
        order._mark_for_budget()
        self._flush()
        held = {(6, "committed"): 250.0}
        self.assertEqual(self._held(self.line_hotel_sales, order), held)

    def test_a_new_budget_learns_of_open_orders(self):
        """Backfill: of what is not billed."""
        order = self._confirmed(product=self.product_gift)
        self._bill(order, 4).action_post()
        position = self.env["performance.budget.position"].create(
            {"name": "Gifts", "account_ids": [Command.set(self.account_gift.ids)]}
        )
        budget = self._create_budget(name="Gifts 2026")
        line = self.env["performance.budget.line"].create(
            {
                "budget_id": budget.id,
                "position_id": position.id,
                "amount_planned": 100.0,
            }
        )
        self._approve_budget(budget)
        self._flush()
        held = {(6, "committed"): 600.0, (7, "actual"): 400.0}
        self.assertEqual(self._held(line), held)

    def test_what_is_not_in_the_budget_follows_the_setting(self):
        for policy in ("block", "warn", "ignore"):
            with self.subTest(policy), self.env.cr.savepoint() as savepoint:
                self.company.budget_uncovered_order = policy
                order = self._create_order(product=self.product_gift)
                if policy == "block":
                    with self.assertRaisesRegex(UserError, "not in the budget"):
                        order.button_confirm()
                else:
                    order.button_confirm()
                    self._flush()
                    notes = "".join(order.message_ids.mapped("body"))
                    self.assertEqual("not in the budget" in notes, policy == "warn")
                savepoint.rollback()

    def test_a_company_without_budget_is_left_alone(self):
        other = self.company_other
        order = (
            self.env["purchase.order"]
            .with_company(other)
            .create(
                {
                    "partner_id": self.partner_a.id,
                    "company_id": other.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.product_hotel.id,
                                "product_qty": 1,
                                "price_unit": 1e6,
                            }
                        )
                    ],
                }
            )
        )
        order.with_context(budget_performance_dialog=True).button_confirm()
        self._flush()
        self.assertEqual(order.state, "purchase")
        self.assertFalse(order.budget_alerts)
        self.assertEqual(order._get_budget_date(), date(2026, 6, 15))

    def test_nobody_authorises_his_own_order(self):
        """SECURITY: the buyer is whom the order serves, whoever asks."""
        order = self._create_order(390.0)
        self.assertEqual(order._get_budget_beneficiaries(), self.user_buyer)
        order.button_confirm()
        request = self._request(order)
        self.assertNotIn(self.user_buyer, request._get_deciders())
        with self.assertRaises(UserError):
            request.with_user(self.user_buyer).action_grant()
