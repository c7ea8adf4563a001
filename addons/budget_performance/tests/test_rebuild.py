from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import SerializationFailure

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import performance_budget_rebuild
from .common import TODAY, BudgetCommon


@tagged("post_install", "-at_install")
class TestRebuild(BudgetCommon):
    """Balances taken anew from the entries while people work (B20)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claim = cls._create_approved()
        cls._create_entry(50)
        cls._flush()
        cls.startClassPatcher(
            patch.object(performance_budget_rebuild, "REBUILD_BATCH", 2)
        )

    def _break(self):
        """Write wrong figures past all code, in months and totals of every line."""
        self.env.cr.execute(
            "UPDATE performance_budget_allocation SET amount_committed = 7"
            " WHERE line_id = ANY(%s) AND month = '2026-03-01'",
            [self.budget.line_ids.ids],
        )
        self.env.invalidate_all()

    def _run(self, times=100):
        """Run the job for so many transactions; return how far it says it was."""
        steps = []

        def commit(_cron, processed=0, *, remaining=None):
            steps.append((processed, remaining))
            return float(len(steps) < times)

        with patch.object(self.env.registry["ir.cron"], "_commit_progress", commit):
            self.env["performance.budget"]._cron_rebuild()
        return steps

    def _find_wrong(self):
        self.env.invalidate_all()
        return self.env["performance.budget.audit"]._find_unbalanced_lines(self.budget)

    def test_a_rebuild_puts_the_balances_right(self):
        self._break()
        self.assertEqual(self._find_wrong(), self.budget.line_ids.sorted("id"))
        self.budget.with_user(self.user_manager).action_rebuild()
        self.assertEqual(self._run(), [(2, 5), (2, 3), (2, 1), (1, 0)])
        self.assertFalse(self._find_wrong())
        self.assertLedgerSound()
        self.assertRecordValues(
            self.budget, [{"rebuild_state": "done", "rebuild_percent": 100.0}]
        )
        self.assertTrue(self.budget.rebuild_date)

    def test_stopped_it_goes_on_where_it_was_and_shows_how_far(self):
        self._break()
        self.budget.action_rebuild()
        self._run(times=1)
        self.assertEqual(self.budget.rebuild_state, "running")
        self.assertAlmostEqual(self.budget.rebuild_percent, 100 * 2 / 7)
        self.assertEqual(len(self._find_wrong()), 5)
        self.budget.action_rebuild()
        self.assertAlmostEqual(self.budget.rebuild_percent, 100 * 2 / 7)
        self.assertEqual(self._run(), [(2, 3), (2, 1), (1, 0)])
        self.assertFalse(self._find_wrong())
        self.assertEqual(self._run(), [], "nothing is left to do")

    def test_a_line_in_use_is_tried_again_in_the_next_transaction(self):
        self._break()
        self.budget.action_rebuild()
        Balance = self.env.registry["performance.budget.balance"]
        rebuild, failures = Balance._rebuild, [1, 1]

        def busy(balances, line_ids):
            if failures:
                failures.pop()
                raise SerializationFailure("in use")
            return rebuild(balances, line_ids)

        with patch.object(Balance, "_rebuild", busy):
            self.assertEqual(self._run()[:3], [(0, 7), (0, 7), (2, 5)])
        self.assertFalse(self._find_wrong())

        def always_busy(balances, line_ids):
            raise SerializationFailure("in use")

        self.budget.action_rebuild()
        with (
            patch.object(Balance, "_rebuild", always_busy),
            self.assertRaises(SerializationFailure),
        ):
            self._run()
        self.assertEqual(self.budget.rebuild_state, "running", "the next run goes on")

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_rebuilds_are_asked_for_by_finance_managers(self):
        for user in (self.user_officer, self.user_auditor, self.user_owner):
            with self.subTest(user=user.login), self.assertRaises(UserError):
                self.budget.with_user(user).action_rebuild()
        with self.assertRaises(UserError):
            self.budget.copy().action_rebuild()
        for values in ({"rebuild_state": "done"}, {"rebuild_line_ref": 9**9}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                self.budget.with_user(self.user_manager).write(values)


@tagged("post_install", "-at_install")
class TestStaleReservations(BudgetCommon):
    """Documents that hold money and do not move are named at night (B20)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claim = cls._create_approved(name="Forgotten")
        cls.audit = cls.env["performance.budget.audit"]
        cls.company.budget_stale_days = 30

    def _find(self, days):
        with freeze_time(TODAY) as clock:
            clock.tick(timedelta(days=days))
            return self.audit._find_stale(self.budget)

    def test_a_document_is_named_once_when_it_is_old(self):
        self.assertEqual(self._find(30), [])
        found = self._find(31)
        self.assertEqual(len(found), 1, "not once for each line")
        self.assertIn("Forgotten", found[0])
        self.assertIn("100.00", found[0])

    def test_what_moved_holds_nothing_or_is_spent_is_not_old(self):
        with freeze_time("2026-07-01"):
            self.claim.total_amount_currency = 110
            self._flush()
        self.assertEqual(self._find(40), [])
        self._post(self.claim)
        self._flush()
        self.assertEqual(self._find(400), [])

    def test_zero_days_switch_it_off(self):
        self.company.budget_stale_days = 0
        self.assertEqual(self._find(400), [])

    def test_the_night_raises_one_activity_for_them(self):
        self.company.budget_stale_days = 1
        self.budget.user_id = self.user_officer
        Cron = self.env.registry["ir.cron"]
        with (
            freeze_time("2026-08-01"),
            patch.object(Cron, "_commit_progress", lambda *args, **options: 1.0),
        ):
            for _night in range(2):
                self.audit._cron_audit()
        activity = self.budget.activity_ids
        self.assertEqual((len(activity), activity.user_id), (1, self.user_officer))
        self.assertIn("Forgotten", activity.note)
