from datetime import date, timedelta
from decimal import Decimal

import psycopg2
from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from odoo.addons.budget_performance.tools import override

from .common import BudgetCommon

TODAY = date(2026, 6, 15)


@tagged("post_install", "-at_install")
class TestPureOverride(BaseCase):
    """How far a right to override reaches (B18)."""

    def _right(self, limit=500, closed=False, first=date(2026, 1, 1), last=TODAY):
        return override.Right(limit, Decimal(limit), closed, first, last)

    def test_what_a_right_lacks(self):
        need = override.Need
        small = [need(1, "block", Decimal(500))]
        rows = (
            ([], small, "no_right"),
            ([self._right(last=date(2026, 6, 14))], small, "no_right"),
            ([self._right(first=date(2026, 6, 16))], small, "no_right"),
            ([self._right()], small, None),
            ([self._right()], [need(1, "block", Decimal("500.01"))], "limit"),
            ([self._right()], small + small, "limit"),
            ([self._right()], [*small, need(2, "hold", Decimal(500))], None),
            ([self._right()], [need(1, "closed", Decimal(1))], "closed"),
            ([self._right(closed=True)], [need(1, "closed", Decimal(1))], None),
            # no right lends another one what it lacks
            (
                [self._right(900), self._right(100, closed=True)],
                [need(1, "closed", Decimal(500))],
                "limit",
            ),
            ([self._right(100), self._right(900)], small, None),
        )
        for rights, needs, lack in rows:
            with self.subTest(rights=rights, needs=needs):
                self.assertEqual(override.why_not(rights, needs, TODAY), lack)
                chosen = override.choose(rights, needs, TODAY)
                self.assertEqual(chosen is None, lack is not None)

    def test_the_smallest_right_that_covers_it_is_used(self):
        rights = [self._right(900), self._right(600), self._right(100)]
        needs = [override.Need(1, "block", Decimal(500))]
        self.assertEqual(override.choose(rights, needs, TODAY).limit, 600)


@tagged("post_install", "-at_install")
class TestOverride(BudgetCommon):
    """Somebody with the right lets a blocked claim pass, within limits (B6, B18)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_boss = cls._create_user(
            "boss", "hr_expense.group_hr_expense_user", cls.company
        )
        cls.emp_boss = cls._create_employee(cls.user_boss, cls.making)
        cls.right = cls._grant(amount_limit=6000)
        cls.overrides = cls.env["performance.budget.override"]

    @classmethod
    def _grant(cls, **values):
        return (
            cls.env["performance.budget.override.right"]
            .with_user(cls.user_manager)
            .create(
                {"user_id": cls.user_boss.id, "company_id": cls.company.id, **values}
            )
        )

    def _claim(self, amount=5000, **values):
        values = {"total_amount_currency": amount, **values}
        claim = self._create_claim(**values)
        claim.sudo()._write({"create_uid": self.user_employee.id})
        claim.invalidate_recordset()
        return claim

    def _override(self, claim, reason="The machine stands still", user=None):
        return claim.with_user(user or self.user_boss)._override_budget(reason)

    def test_a_blocked_claim_passes_and_is_posted(self):
        claim = self._claim()
        with self._refused("Blocked"):
            claim.with_user(self.user_employee).action_submit()
        dialog = claim.with_user(self.user_boss).action_override_budget()
        wizard = self.env["performance.budget.override.apply"].with_user(self.user_boss)
        wizard = wizard.browse(dialog["res_id"])
        self.assertEqual(wizard.line_ids.mapped("level"), ["block"])
        wizard.reason = "The machine stands still"
        wizard.action_override()
        self.assertEqual(claim.approval_state, "submitted")
        kept = self.overrides.search([("res_id", "=", claim.id)])
        self.assertRecordValues(
            kept,
            [
                {
                    "res_model": "hr.expense",
                    "document_name": "Claim",
                    "line_id": self.line_hotel_sales.id,
                    "month": date(2026, 3, 1),
                    "level": "block",
                    "amount": 5000,
                    "amount_planned": 4800,
                    "amount_used": 0,
                    "amount_limit": 4800,
                    "reason": "The machine stands still",
                    "user_id": self.user_boss.id,
                    "right_id": self.right.id,
                    "date_expiry": date(2026, 7, 15),
                }
            ],
        )
        message = claim.message_ids.filtered(lambda m: "override" in (m.body or ""))
        self.assertIn("stands still", message.body)
        self.assertIn(self.user_employee.partner_id, message.partner_ids)
        self._flush()
        claim._do_approve(check=False)
        self._flush()
        self._post(claim)
        self.assertHeld(self.line_hotel_sales, {(3, "actual"): 5000.0})

    def test_the_dialog_offers_it_to_those_who_can(self):
        claim = self._claim()
        for user, offered in (
            (self.user_employee, False),
            (self.user_manager, False),
            (self.user_boss, True),
        ):
            own = claim.with_user(user).with_context(budget_performance_dialog=True)
            action = own.action_submit()
            check = self.env["performance.budget.check"].with_user(user)
            check = check.browse(action["res_id"])
            with self.subTest(user=user.login):
                self.assertEqual(check.can_override, offered)
                if offered:
                    dialog = check.action_override()
                    self.assertEqual(
                        dialog["res_model"], f"{self.overrides._name}.apply"
                    )
                else:
                    with self.assertRaises(UserError):
                        check.action_override()

    def test_what_was_overridden_passes_the_dialog_too(self):
        claim = self._claim()
        self._override(claim)
        claim.action_reset()
        self._flush()
        own = claim.with_user(self.user_employee)
        own.with_context(budget_performance_dialog=True).action_submit()
        self.assertEqual(claim.approval_state, "submitted")

    def test_a_bill_that_was_overridden_waits_for_who_may_post(self):
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.partner_a.id,
                "invoice_date": "2026-03-03",
                "date": "2026-03-03",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Rooms",
                            "account_id": self.account_hotel.id,
                            "price_unit": 5000,
                            "tax_ids": [Command.clear()],
                            "analytic_distribution": {str(self.centre_sales.id): 100},
                        }
                    )
                ],
            }
        )
        with self._refused("Blocked"):
            bill.action_post()
        self.user_boss.group_ids = [
            Command.link(self.env.ref("account.group_account_readonly").id)
        ]
        bill.with_user(self.user_boss)._override_budget("The fair was paid before")
        self.assertEqual(bill.state, "draft")
        bill.action_post()
        self.assertHeld(self.line_hotel_sales, {(3, "actual"): 5000.0})

    def test_it_covers_every_line_that_stops_the_claim(self):
        claim = self._claim(9700)
        self.right.with_user(self.user_manager).amount_limit = 9700
        self._override(claim)
        kept = self.overrides.search([("res_id", "=", claim.id)])
        self.assertEqual(kept.line_id, self.line_hotel_sales | self.line_travel)
        self.assertEqual(claim.approval_state, "submitted")

    def test_above_the_limit_it_is_refused(self):
        with self._refused("more than your right", "6,000.01"):
            self._override(self._claim(6000.01))

    def test_without_a_reason_it_is_refused(self):
        with self._refused("why"):
            self._override(self._claim(), "  ")

    def test_outside_its_dates_the_right_is_none(self):
        own = self.right.with_user(self.user_manager)
        today = fields.Date.today()
        for values in (
            {"date_from": "2020-01-01", "date_to": today - timedelta(days=1)},
            {"date_from": today + timedelta(days=1), "date_to": "2030-01-01"},
            {"date_from": today, "date_to": today, "active": False},
        ):
            own.write(values)
            with self.subTest(**values), self._refused("no right"):
                self._override(self._claim())

    def test_nobody_overrides_for_himself(self):
        own = self._claim(employee_id=self.emp_boss.id)
        entered = self._create_claim(total_amount_currency=5000)
        entered.sudo()._write({"create_uid": self.user_boss.id})
        entered.invalidate_recordset()
        for claim in (own, entered):
            with self._refused("your own document"):
                self._override(claim)

    def test_a_right_of_another_company_is_none(self):
        self.right.with_user(self.user_manager).active = False
        self.env["performance.budget.override.right"].create(
            {
                "user_id": self.user_boss.id,
                "company_id": self.company_other.id,
                "amount_limit": 1e6,
            }
        )
        with self._refused("no right"):
            self._override(self._claim())

    def test_a_closed_budget_is_a_right_of_its_own(self):
        values = {"amount": 100, "date": date(2025, 3, 3)}
        with self._refused("closed budgets"):
            self._override(self._claim(**values))
        self.right.with_user(self.user_manager).may_pass_closed = True
        claim = self._claim(**values)
        self._override(claim)
        self.assertEqual(claim.approval_state, "submitted")
        self.assertEqual(
            self.overrides.search([("res_id", "=", claim.id)]).level, "closed"
        )

    def test_a_claim_that_grew_is_stopped_again(self):
        claim = self._claim()
        self._override(claim)
        with self._refused("Blocked"):
            claim.total_amount_currency += 0.01
        claim.total_amount_currency -= 1
        self._flush()

    def test_another_claim_and_another_month_are_stopped(self):
        claim = self._claim()
        self._override(claim)
        with self._refused("Blocked"):
            self._claim(100).action_submit()
        claim.action_reset()
        self._flush()
        claim.date = date(2026, 4, 10)
        with self._refused("Blocked"):
            claim.action_submit()

    def test_what_passed_a_hold_does_not_pass_a_block(self):
        claim = self._claim(3900)
        self._override(claim)
        claim.action_reset()
        self._create_entry(2000, day="2026-02-02")
        self._flush()
        with self._refused("Blocked"):
            claim.action_submit()

    def test_what_is_not_stopped_or_not_in_the_budget_needs_another_way(self):
        with self._refused("not stopped"):
            self._override(self._claim(100))
        with self._refused("not in the budget"):
            self._override(self._claim(product_id=self.product_gift.id))

    def test_it_expires(self):
        claim = self._claim()
        self._override(claim)
        claim.action_reset()
        self._flush()
        with freeze_time(TODAY + timedelta(days=31)), self._refused("Blocked"):
            claim.action_submit()

    def test_nobody_grants_himself(self):
        Right = self.env["performance.budget.override.right"]
        mine = Right.with_user(self.user_manager)
        with self.assertRaisesRegex(ValidationError, "Nobody gives himself"):
            mine.create({"user_id": self.user_manager.id, "amount_limit": 10})
        with self.assertRaisesRegex(ValidationError, "Nobody gives himself"):
            self.right.with_user(self.user_manager).user_id = self.user_manager
        given = Right.create(
            {
                "user_id": self.user_manager.id,
                "company_id": self.company.id,
                "amount_limit": 10,
            }
        ).with_user(self.user_manager)
        for values in (
            {"amount_limit": 11},
            {"may_pass_closed": True},
            {"date_to": "2040-01-01"},
            {"active": False},
        ):
            with self.subTest(**values), self.assertRaises(ValidationError):
                given.write(values)

    @mute_logger("odoo.sql_db")
    def test_nonsense_is_no_right(self):
        for values in (
            {"amount_limit": 0},
            {"amount_limit": -1},
            {"amount_limit": 2e12},
            {"date_from": "2026-02-01", "date_to": "2026-01-31"},
        ):
            with (
                self.subTest(**values),
                self.assertRaises(psycopg2.IntegrityError),
                self.env.cr.savepoint(),
            ):
                self._grant(**{"amount_limit": 1, **values})

    def test_the_action_is_shown_to_those_who_have_a_right(self):
        group = self.env.ref("budget_performance.group_budget_override")
        self.assertIn(self.user_boss, group.user_ids)
        self.right.with_user(self.user_manager).active = False
        self.assertNotIn(self.user_boss, group.user_ids)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_who_sees_rights_and_overrides(self):
        self._override(self._claim())
        for user, rights, overrides in (
            (self.user_employee, False, False),
            (self.user_boss, False, True),
            (self.user_owner, False, True),
            (self.user_officer, True, True),
            (self.user_manager, True, True),
            (self.user_auditor, True, True),
        ):
            for model, allowed in (
                ("performance.budget.override.right", rights),
                ("performance.budget.override", overrides),
            ):
                records = self.env[model].with_user(user)
                with self.subTest(user=user.login, model=model):
                    if allowed:
                        self.assertTrue(records.search([]))
                    else:
                        with self.assertRaises(AccessError):
                            records.search([])

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_no_client_makes_an_override_or_a_right(self):
        claim = self._claim()
        self._override(claim)
        kept = self.overrides.search([("res_id", "=", claim.id)])
        values = kept.copy_data()[0]
        people = (
            self.user_employee,
            self.user_boss,
            self.user_owner,
            self.user_officer,
            self.user_auditor,
            self.user_manager,
        )
        for user in people:
            own = kept.with_user(user)
            attempts = {
                "create": lambda own=own: own.create(values),
                "write": lambda own=own: own.write({"amount": 1e6}),
                "delete": lambda own=own: own.unlink(),
            }
            if user != self.user_manager:
                right = self.right.with_user(user)
                attempts |= {
                    "grant": lambda r=right, u=user: r.create(
                        {"user_id": u.id, "amount_limit": 1}
                    ),
                    "raise": lambda r=right: r.write({"amount_limit": 1e6}),
                }
            for name, attempt in attempts.items():
                with (
                    self.subTest(user=user.login, attempt=name),
                    self.assertRaises(UserError),
                ):
                    attempt()

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_the_dialog_is_not_made_up_by_its_reader(self):
        Dialog = self.env["performance.budget.override.apply"]
        claim, other = self._claim(), self._claim(5001)
        dialog = claim.with_user(self.user_boss).action_override_budget()
        dialog = Dialog.with_user(self.user_boss).browse(dialog["res_id"])
        for values in ({"res_id": other.id}, {"res_model": "res.users"}):
            with self.subTest(**values), self.assertRaises(AccessError):
                dialog.write(values)
        with self.assertRaises(AccessError):
            Dialog.with_user(self.user_boss).create(
                {"res_model": "res.users", "res_id": 1, "reason": "x"}
            )
        forged = Dialog.sudo().create({"res_model": "res.users", "res_id": 1})
        with self.assertRaisesRegex(UserError, "does not follow"):
            forged.with_user(self.user_boss).sudo().action_override()
        for user in (self.user_employee, self.user_manager):
            with self.subTest(user=user.login), self.assertRaises(UserError):
                claim.with_user(user).action_override_budget()
        self.user_boss.group_ids = [
            Command.unlink(self.env.ref("hr_expense.group_hr_expense_user").id)
        ]
        with self.assertRaises(AccessError):
            claim.with_user(self.user_boss)._override_budget("x")

    @mute_logger("odoo.sql_db")
    def test_overrides_are_append_only_in_the_database(self):
        claim = self._claim()
        self._override(claim)
        kept = self.overrides.search([("res_id", "=", claim.id)])
        for attempt in (
            lambda: kept.sudo().write({"amount": 1}),
            lambda: kept.sudo().unlink(),
        ):
            with self.assertRaises(UserError):
                attempt()
        for query in (
            "UPDATE performance_budget_override SET amount = 1",
            "DELETE FROM performance_budget_override",
        ):
            with (
                self.subTest(query=query),
                self.assertRaises(psycopg2.Error),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(query)
