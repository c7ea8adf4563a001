from datetime import date
from unittest.mock import patch

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import performance_budget_stop_keeping as keeping
from .common import BudgetCommon


@tagged("post_install", "-at_install")
class TestStop(BudgetCommon):
    """What was said to a stopped document is kept (B6, B18)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stops = cls.env["performance.budget.stop"]

    def _refuse(self, claim, user=None):
        """Submit a claim that the ledger refuses; return the stops it would keep.

        What runs after a rollback does not run in a test: it is called here, on the
        values that are waiting for it.
        """
        callbacks = self.env.cr.postrollback
        callbacks.data.pop(keeping._WAITING, None)
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            claim.with_user(user or self.user_employee).action_submit()
            self._flush()
        waiting = callbacks.data.pop(keeping._WAITING, [])
        self.env.cr.postcommit.data.pop(keeping._WAITING, None)
        return str(caught.exception), self.stops.sudo()._keep(waiting)

    def test_a_blocked_claim_leaves_a_row_with_figures_and_words(self):
        self._create_entry(1000, day="2026-02-02")
        claim = self._create_claim(total_amount_currency=5000)
        message, stop = self._refuse(claim)
        self.assertRecordValues(
            stop,
            [
                {
                    "document_name": "Claim",
                    "res_model": "hr.expense",
                    "res_id": claim.id,
                    "company_id": self.company.id,
                    "user_id": self.user_employee.id,
                    "employee_id": self.emp_employee.id,
                    "day": date(2026, 6, 15),
                    "action": "block",
                    "message": message,
                    "line_id": self.line_hotel_sales.id,
                    "month": date(2026, 3, 1),
                    "amount": 5000,
                }
            ],
        )
        self.assertRecordValues(
            stop.line_ids[0],
            [
                {
                    "line_id": self.line_hotel_sales.id,
                    "action": "block",
                    "interval": "Whole budget",
                    "amount_planned": 4800,
                    "amount_used": 1000,
                    "amount_requested": 5000,
                    "amount_limit": 4800,
                }
            ],
        )
        self.assertIn("above 100 %", stop.line_ids[0].rule_name)

    def test_held_and_closed_have_their_own_reason(self):
        rows = (
            ("hold", {"total_amount_currency": 3900}),
            ("closed", {"date": date(2025, 3, 3)}),
        )
        for action, values in rows:
            with self.subTest(action=action):
                _message, stop = self._refuse(self._create_claim(**values))
                self.assertEqual(stop.action, action)
                self.assertIn(action, stop.line_ids.mapped("action"))

    def test_what_is_not_in_the_budget_is_kept_as_well(self):
        claim = self._create_claim(product_id=self.product_gift.id)
        message, stop = self._refuse(claim)
        self.assertRecordValues(
            stop,
            [
                {
                    "action": "unbudgeted",
                    "message": message,
                    "month": date(2026, 3, 1),
                    "line_id": False,
                }
            ],
        )
        self.assertFalse(stop.line_ids)
        self.assertFalse(self._refuse(claim)[1])

    def test_the_dialog_leaves_a_row_at_once(self):
        claim = self._create_claim(total_amount_currency=3900)
        own = claim.with_user(self.user_employee)
        for _twice in range(2):
            own.with_context(budget_performance_dialog=True).action_submit()
        stop = self.stops.search([("res_id", "=", claim.id)])
        self.assertRecordValues(
            stop,
            [
                {
                    "action": "hold",
                    "user_id": self.user_employee.id,
                    "line_id": self.line_hotel_sales.id,
                    "month": date(2026, 3, 1),
                    "amount": 3900,
                }
            ],
        )
        self.assertIn("Held", stop.message)
        self.assertFalse(self._refuse(claim)[1], "the same reason on the same day")

    def test_each_claim_of_a_batch_has_its_own_row(self):
        claims = self._create_claim(total_amount_currency=3000)
        claims |= self._create_claim(total_amount_currency=3000, name="Second")
        other = self._create_claim(product_id=self.product_training.id)
        _message, stops = self._refuse(claims | other)
        self.assertEqual(set(stops.mapped("res_id")), set(claims.ids))

    def test_the_same_reason_is_kept_once_a_day(self):
        claim = self._create_claim(total_amount_currency=5000)
        self._refuse(claim)
        self.assertFalse(self._refuse(claim)[1])
        claim.total_amount_currency = 6000
        self.assertTrue(self._refuse(claim)[1])
        self.assertTrue(self._refuse(claim, self.user_manager)[1])

    def test_nobody_floods_the_list(self):
        claim = self._create_claim(total_amount_currency=5000)
        with patch.object(keeping, "MOST_A_DAY", 2):
            for amount in (5001, 5002, 5003, 5004):
                claim.total_amount_currency = amount
                self._refuse(claim)
        self.assertEqual(self.stops.search_count([("res_id", "=", claim.id)]), 2)

    def test_a_document_that_was_undone_as_well_leaves_nothing(self):
        callbacks = self.env.cr.postrollback
        callbacks.data.pop(keeping._WAITING, None)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._create_claim(total_amount_currency=5000).action_submit()
            self._flush()
        waiting = callbacks.data.pop(keeping._WAITING)
        self.assertEqual(len(waiting), 1)
        self.assertFalse(self.stops.sudo()._keep(waiting))

    def test_what_goes_wrong_while_keeping_fails_nothing(self):
        with self.assertLogs(keeping._logger, "WARNING") as logs:
            keeping._keep_aside(self.env.registry, [{"fingerprint": "x"}])
        self.assertIn("not kept", logs.output[0])

    def test_who_passes_leaves_nothing(self):
        self.env.cr.postrollback.data.pop(keeping._WAITING, None)
        self._create_claim().action_submit()
        self._flush()
        self.assertNotIn(keeping._WAITING, self.env.cr.postrollback.data)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_who_sees_which_stops(self):
        _message, mine = self._refuse(self._create_claim(total_amount_currency=5000))
        self.line_hotel_making.owner_id = self.user_manager
        _message, others = self._refuse(
            self._create_claim(
                employee_id=self.emp_colleague.id, total_amount_currency=3700
            ),
            self.user_officer,
        )
        both = mine | others
        for user, seen in (
            (self.user_owner, mine),
            (self.user_officer, both),
            (self.user_manager, both),
            (self.user_auditor, both),
        ):
            with self.subTest(user=user.login):
                found = self.stops.with_user(user).search([("id", "in", both.ids)])
                self.assertEqual(found.sudo(), seen)
                lines = found.line_ids.with_user(user)
                self.assertEqual(lines.search([("stop_id", "in", both.ids)]), lines)
        for user in (self.user_employee, self.user_stranger):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.stops.with_user(user).search([])

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.sql_db")
    def test_nobody_writes_a_stop(self):
        _message, stop = self._refuse(self._create_claim(total_amount_currency=5000))
        values = stop.copy_data()[0]
        for user in (self.user_employee, self.user_owner, self.user_manager):
            own = stop.with_user(user)
            for name, attempt in {
                "create": lambda own=own: own.create(values),
                "write": lambda own=own: own.write({"message": "x"}),
                "delete": lambda own=own: own.unlink(),
            }.items():
                with (
                    self.subTest(user=user.login, attempt=name),
                    self.assertRaises(UserError),
                ):
                    attempt()
        for table in ("performance_budget_stop", "performance_budget_stop_line"):
            for query in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
                with (
                    self.subTest(query=query),
                    self.assertRaises(psycopg2.Error),
                    self.env.cr.savepoint(),
                ):
                    self.env.cr.execute(query)

    def test_the_document_is_one_click_away(self):
        claim = self._create_claim(total_amount_currency=5000)
        _message, stop = self._refuse(claim)
        action = stop.with_user(self.user_manager).action_open_document()
        self.assertEqual(
            (action["res_model"], action["res_id"]), (claim._name, claim.id)
        )
        claim.unlink()
        with self.assertRaisesRegex(UserError, "deleted"):
            stop.with_user(self.user_manager).action_open_document()
