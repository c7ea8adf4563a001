from datetime import date

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tests.common import new_test_user

from .common import BudgetCommon

NOTHING = {}
SPENT = {(5, "actual"): 1000.0}


@tagged("post_install", "-at_install")
class TestBillTransitions(BudgetCommon):
    """Bills, receipts, refunds and entries: what they hold, what stops them.

    Hotels of the sales department have 4,800 a year: held from 3,840 on.
    """

    def _posted(self, price=1000.0, **values):
        bill = self._create_bill(price, **values)
        bill.action_post()
        self._flush()
        return bill

    def _rebook(self, entry, amount):
        """Change the amount of a posted entry of two items."""
        items = entry.line_ids.with_context(check_move_validity=False)
        for item in items:
            item.balance = amount if item.balance > 0 else -amount

    def _notes(self, document):
        return [
            note.body
            for note in document.message_ids
            if "not in the budget" in note.body
        ]

    def test_a_bill_is_actual_from_its_posting_on(self):
        """B8, B19, I5: every door, and back."""

        def item(**vals):
            def write(bill):
                bill.invoice_line_ids.write(vals)

            return write

        def reverse(bill):
            bill._reverse_moves(
                [{"date": "2026-06-01", "invoice_date": "2026-06-01"}], cancel=True
            )

        rows = (
            ("draft", self._create_bill, lambda bill: None, NOTHING),
            ("button", self._create_bill, lambda bill: bill.action_post(), SPENT),
            ("cron", self._create_bill, lambda bill: bill._post(), SPENT),
            (
                "RPC writes the state",
                self._create_bill,
                lambda bill: bill.write({"state": "posted"}),
                SPENT,
            ),
            ("draft again", self._posted, lambda bill: bill.button_draft(), NOTHING),
            (
                "RPC writes draft",
                self._posted,
                lambda bill: bill.write({"state": "draft"}),
                NOTHING,
            ),
            ("cancelled", self._posted, lambda bill: bill.button_cancel(), NOTHING),
            ("refunded", self._posted, reverse, {**SPENT, (6, "actual"): -1000.0}),
            (
                "posted item to another account",
                self._posted,
                item(account_id=self.account_gift.id),
                NOTHING,
            ),
            (
                "posted amount",
                self._posted,
                lambda bill: self._rebook(bill, 1100.0),
                {(5, "actual"): 1100.0},
            ),
            (
                "posted distribution",
                self._posted,
                item(
                    analytic_distribution={
                        str(self.centre_sales.id): 33.33,
                        str(self.centre_making.id): 66.67,
                    }
                ),
                {(5, "actual"): 333.3},
            ),
        )
        for what, start, act, expected in rows:
            with self.subTest(what), self.env.cr.savepoint() as savepoint:
                bill = start(1000.0)
                act(bill.with_context(force_delete=True))
                self.assertHeld(self.line_hotel_sales, expected)
                savepoint.rollback()

    def test_a_bill_is_held_and_blocked_through_every_door(self):
        """B5, B8: at 80 % and above the plan."""
        for price, words in ((3900.0, "Held"), (4900.0, "Blocked")):
            for kind in ("in_invoice", "in_receipt"):
                bill = self._create_bill(price, move_type=kind)
                for name, act in {
                    "button": lambda bill=bill: bill.action_post(),
                    "cron": lambda bill=bill: bill._post(),
                    "RPC": lambda bill=bill: bill.write({"state": "posted"}),
                }.items():
                    with self.subTest(price=price, kind=kind, door=name):
                        with self._refused("Hotel", words):
                            act()
                        self.assertEqual(bill.state, "draft")

    def test_a_posted_bill_asks_for_what_it_grows_by(self):
        bill = self._posted(3000.0)
        with self._refused("Hotel"):
            self._rebook(bill, 3900.0)
        self._rebook(bill, 2000.0)
        self.assertHeld(self.line_hotel_sales, {(5, "actual"): 2000.0})

    def test_money_that_comes_back_is_never_stopped(self):
        """I7: the line is above its plan and takes refunds, discounts and resets."""
        self._create_entry(9000.0)
        with self._refused("Hotel"):
            self._create_bill(1.0).action_post()
        self._posted(100.0, move_type="in_refund")
        mixed = self._create_bill(50.0)
        mixed.invoice_line_ids = [
            Command.create(
                {
                    "name": "Rebate",
                    "price_unit": -50.0,
                    "account_id": self.account_hotel.id,
                    "tax_ids": [Command.clear()],
                    "analytic_distribution": {str(self.centre_sales.id): 100},
                }
            )
        ]
        mixed.action_post()
        self.assertHeld(self.line_hotel_sales, {(5, "actual"): 8900.0})

    def test_entries_are_facts_unless_a_rule_is_for_them(self):
        """The default rule is for every document and lets them pass."""
        self._create_entry(5000.0)
        self.assertHeld(self.line_hotel_sales, {(5, "actual"): 5000.0})
        self.rule_training.copy(
            {
                "document_type": "entry",
                "position_id": self.position_hotel.id,
                "interval": "budget",
            }
        )
        with self._refused("Hotel"):
            self._create_entry(1.0)
        self._create_entry(-1.0)
        self.assertHeld(self.line_hotel_sales, {(5, "actual"): 4999.0})

    def test_what_is_no_spending_of_ours_is_only_followed(self):
        """Customer invoices book what happened."""
        invoice = self._create_bill(9000.0, move_type="out_refund")
        invoice.action_post()
        self.assertHeld(self.line_hotel_sales, {(5, "actual"): 9000.0})

    def test_what_is_not_in_the_budget_follows_the_settings(self):
        """B5: by document type and company."""
        for policy in ("block", "warn", "ignore"):
            with self.subTest(policy), self.env.cr.savepoint() as savepoint:
                self.company.budget_uncovered_bill = policy
                self.company.budget_uncovered_entry = policy
                bill = self._create_bill(10.0, account=self.account_gift)
                if policy == "block":
                    with self._refused("not in the budget", "Gift"):
                        bill.action_post()
                    with self._refused("not in the budget"):
                        self._create_entry(10.0, self.account_gift)
                    savepoint.rollback()
                    continue
                bill.action_post()
                entry = self._create_entry(10.0, self.account_gift)
                self._flush()
                self._rebook(bill, 20.0)
                self._flush()
                expected = 1 if policy == "warn" else 0
                self.assertEqual(len(self._notes(bill)), expected)
                self.assertEqual(len(self._notes(entry)), expected)
                savepoint.rollback()

    def test_only_costs_have_to_be_in_the_budget(self):
        """Assets do when a position covers their account; refunds never do."""
        self.company.budget_uncovered_bill = "block"
        asset = self.company_data["default_account_assets"]
        self._posted(10.0, account=asset)
        self._posted(10.0, account=self.account_gift, move_type="in_refund")
        self.env["performance.budget.position"].create(
            {"name": "Machines", "account_ids": [Command.set(asset.ids)]}
        )
        with self._refused("not in the budget"):
            self._posted(10.0, account=asset)

    def test_tax_counts_when_it_is_not_claimed_back(self):
        """#35: the posted items are the truth, the draft is judged by its own."""
        for taxes, expected in (
            (self.tax_claimed, 1000.0),
            (self.tax_borne, 1100.0),
            (self.tax_claimed | self.tax_borne, 1100.0),
        ):
            with self.subTest(taxes.mapped("name")), self.env.cr.savepoint() as point:
                bill = self._create_bill(1000.0, tax_ids=[Command.set(taxes.ids)])
                charges = bill._look_ahead().charges
                self.assertEqual(
                    float(charges[bill.id, self.line_travel.id, date(2026, 5, 1)]),
                    expected,
                )
                bill.action_post()
                self.assertHeld(self.line_travel, {(5, "actual"): expected})
                point.rollback()

    def test_a_foreign_bill_is_charged_at_the_rate_of_its_day(self):
        """#10: 2 to 1 until March, 4 to 1 from April on."""
        for day, expected in (("2026-03-05", 500.0), ("2026-05-05", 250.0)):
            bill = self._posted(1000.0, day=day, currency_id=self.other_currency.id)
            month = date.fromisoformat(day).month
            held = {(month, "actual"): expected}
            self._flush()
            self.assertEqual(self._held(self.line_hotel_sales, bill), held)
        self.assertLedgerSound()

    def test_plans_quantities_and_discounts(self):
        """B19: a department and a project are charged in full, once each."""
        key = f"{self.centre_sales.id},{self.project_alpha.id}"
        bill = self._posted(
            100.0,
            account=self.account_training,
            quantity=3,
            discount=10,
            analytic_distribution={key: 60, str(self.centre_making.id): 40},
        )
        self.assertHeld(self.line_training_alpha, {(5, "actual"): 162.0}, bill)
        self.assertHeld(self.line_training, {(5, "actual"): 270.0}, bill)

    def test_a_bill_of_another_company_is_left_alone(self):
        other = self.company_other
        bill = (
            self.env["account.move"]
            .with_company(other)
            .create(
                {
                    "move_type": "in_invoice",
                    "company_id": other.id,
                    "partner_id": self.partner_a.id,
                    "invoice_date": "2026-05-05",
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": "Elsewhere",
                                "price_unit": 1e6,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
        )
        self.assertFalse(bill._get_budget_alerts())
        bill.with_context(budget_performance_dialog=True).action_post()
        self._flush()
        self.assertEqual(bill.state, "posted")
        self.assertFalse(
            self.env["performance.budget.entry"].search(
                [("res_model", "=", "account.move"), ("res_id", "=", bill.id)]
            )
        )

    def test_a_claim_is_not_refused_for_an_entry_beside_it(self):
        """Both are posted in one transaction, and only the entry is new to the line."""
        claim = self._create_approved(total_amount_currency=1000)
        entry = self._create_entry(3800.0)  # a fact: over the limit of 80 %
        moves = self._post(claim)
        self.assertEqual(set((moves | entry).mapped("state")), {"posted"})
        self.assertHeld(
            self.line_hotel_sales, {(3, "actual"): 1000.0, (5, "actual"): 3800.0}
        )

    def test_a_bill_beside_an_entry_is_asked_for_both(self):
        """What is new to the line does not hide behind what asks for nothing."""
        with self._refused("Hotel"):
            self._create_entry(3800.0)
            self._create_bill(1000.0).action_post()

    def test_a_new_budget_learns_of_old_bills_and_refuses_none(self):
        """Backfill: what happened is booked whatever the rules say."""
        self.company.budget_uncovered_bill = "warn"
        self._posted(900.0, account=self.account_gift)
        position = self.env["performance.budget.position"].create(
            {"name": "Gifts", "account_ids": [Command.set(self.account_gift.ids)]}
        )
        budget = self._create_budget(name="Gifts 2026")
        line = self.env["performance.budget.line"].create(
            {
                "budget_id": budget.id,
                "position_id": position.id,
                "amount_planned": 1000.0,
            }
        )
        self._approve_budget(budget)
        self.assertHeld(line, {(5, "actual"): 900.0})

    def test_the_claim_has_asked_for_its_entry(self):
        """#23, #24: posted in a month that is full, nobody is asked again."""
        rule = self.rule_training.copy(
            {
                "name": "Hotels by month",
                "position_id": self.position_hotel.id,
                "interval": "month",
            }
        )
        self.assertEqual(rule.interval, "month")
        for mode in ("own_account", "company_account"):
            with self.subTest(mode), self.env.cr.savepoint() as savepoint:
                claim = self._create_approved(payment_mode=mode)
                self._create_entry(600.0, day="2026-03-04")
                self._create_entry(600.0, day="2026-05-04")
                self._flush()
                self._post(claim, "2026-05-20")
                self._flush()
                held = self._held(self.line_hotel_sales, claim.account_move_id)
                self.assertEqual(sum(held.values()), 100.0)
                savepoint.rollback()

    def test_an_entry_that_is_more_than_its_claim_asks_for_the_rest(self):
        """#26, #27."""
        claim = self._create_approved(total_amount_currency=3000.0)
        entry = self._post(claim, "2026-05-20")
        item = entry.invoice_line_ids
        with self._refused("Hotel"):
            self._rebook(entry, 4000.0)
        with self._refused("not in the budget"):
            item.account_id = self.account_gift
        entry.button_draft()
        item.price_unit = 3100.0
        entry.action_post()
        self.assertHeld(self.line_hotel_sales, {(5, "actual"): 3100.0})

    def test_one_bad_bill_does_not_stop_the_others_of_the_night(self):
        """The bill that is held says so; the next night it is the same."""
        bills = [
            self._create_bill(price, day=day, auto_post="at_date")
            for price, day in (
                (3900.0, "2026-05-01"),
                (100.0, "2026-05-02"),
                (200.0, "2026-05-03"),
            )
        ]
        self._flush()
        with self.enter_registry_test_mode():
            cron = self.env.ref("account.ir_cron_auto_post_draft_entry")
            for _night in range(2):
                cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual([b.state for b in bills], ["draft", "posted", "posted"])
        self.assertIn("Hotel", bills[0].message_ids[0].body)
        self.assertHeld(self.line_hotel_sales, {(5, "actual"): 300.0})

    def test_the_draft_says_what_the_budget_thinks_of_it(self):
        """B4: the hint on the form; nothing for the posted bill."""
        bill = self._create_bill(3900.0)
        levels = {
            key: alert["level"]
            for key, alert in bill._get_alerts().items()
            if key.startswith("budget")
        }
        self.assertEqual(
            levels,
            {
                f"budget_line_{self.line_hotel_sales.id}": "warning",
                f"budget_line_{self.line_travel.id}": "info",
            },
        )
        gift = self._create_bill(10.0, account=self.account_gift)
        self.assertIn("budget_warning_0", gift._get_alerts())
        self.assertFalse(
            [key for key in self._posted()._get_alerts() if key.startswith("budget")]
        )

    def test_a_held_bill_asks_and_is_posted_when_it_was_granted(self):
        """B6: with reason and attachment, in the rights of the person who asked."""
        clerk = new_test_user(
            self.env,
            login="budget_clerk",
            groups="account.group_account_invoice",
            company_id=self.company.id,
        )
        bill = self._create_bill(3900.0, invoice_user_id=clerk.id)
        pressed = bill.with_user(clerk).with_context(budget_performance_dialog=True)
        action = pressed.action_post()
        self.assertEqual(bill.state, "draft")
        check = self.env[action["res_model"]].with_user(clerk).browse(action["res_id"])
        check.reason = "The fair is in May"
        check.attachment_ids = (
            self.env["ir.attachment"]
            .with_user(clerk)
            .create(
                {
                    "name": "offer.txt",
                    "raw": b"x",
                    "res_model": check._name,
                    "res_id": 0,
                }
            )
        )
        check.action_request()
        request = self.env["performance.budget.authorization"].search(
            [("res_model", "=", "account.move"), ("res_id", "=", bill.id)]
        )
        self.assertEqual(request.line_ids.line_id, self.line_hotel_sales)
        self.assertEqual(request.amount, 3900.0)
        attachment = self.env["ir.attachment"].search(
            [("res_model", "=", request._name), ("res_id", "=", request.id)]
        )
        self.assertEqual(attachment.with_user(self.user_owner).raw, b"x")
        alerts = bill._get_alerts()
        self.assertIn("authorization", alerts)
        hint = alerts[f"budget_line_{self.line_hotel_sales.id}"]["message"]
        self.assertNotIn("authorisation", hint, "who has asked is not told to ask")
        while request.state == "requested":
            request.with_user(request._get_deciders()[0]).action_grant()
        self.assertEqual(request.state, "granted")
        self.assertEqual(bill.state, "posted", "it went on by itself")
        notes = " ".join(bill.message_ids.mapped("body"))
        self.assertIn(f"granted by {request.decision_ids[0].user_id.name}", notes)
        self.assertHeld(self.line_hotel_sales, {(5, "actual"): 3900.0})
        grown = bill.copy({"invoice_date": bill.invoice_date})
        with self._refused("Hotel"):
            grown.action_post()
        with self._refused("Hotel"):
            bill.button_draft()
            bill.invoice_line_ids.price_unit = 3950.0
            bill.action_post()
        bill.button_draft()
        self._flush()
        self.assertIn("can go on", bill._get_alerts()["authorization"]["message"])
        bill.invoice_line_ids.price_unit = 3950.0
        self.assertNotIn("authorization", bill._get_alerts(), "it has to ask again")
        bill.invoice_line_ids.price_unit = 3900.0
        self.assertFalse(pressed.action_post())
        self._flush()
        self.assertEqual(bill.state, "posted")
        self.assertHeld(self.line_hotel_sales, {(5, "actual"): 3900.0})

    def test_attachments_of_others_are_not_handed_over(self):
        bill = self._create_bill(3900.0)
        action = bill.with_context(budget_performance_dialog=True).action_post()
        check = self.env[action["res_model"]].browse(action["res_id"])
        secret = self.env["ir.attachment"].create(
            {
                "name": "secret.txt",
                "raw": b"x",
                "res_model": "res.partner",
                "res_id": self.partner_a.id,
            }
        )
        check.write({"reason": "Why not", "attachment_ids": [secret.id]})
        with self.assertRaisesRegex(UserError, "Upload"), self.env.cr.savepoint():
            check.action_request()
        self.assertEqual(secret.res_model, "res.partner")
