from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import BudgetCommon


@tagged("post_install", "-at_install")
class TestAudit(BudgetCommon):
    """The ledger proves itself, says what differs and is put right on request (B20)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claim = cls._create_approved()
        cls._create_entry(50, cls.account_hotel)
        cls._flush()
        cls.audit = cls.env["performance.budget.audit"]

    def _break_document(self):
        """Change a claim where no hook sees it."""
        self.env.cr.execute(
            "UPDATE hr_expense SET total_amount = 130 WHERE id = %s", [self.claim.id]
        )
        self.env.invalidate_all()

    def _break_balance(self):
        self.env.cr.execute(
            "UPDATE performance_budget_allocation SET amount_committed = 7"
            " WHERE line_id = %s AND month = '2026-03-01'",
            [self.line_hotel_sales.id],
        )
        self.env.invalidate_all()

    def test_a_sound_ledger_has_no_problems(self):
        for budget in (self.budget, self.budget_closed, self.budget_next):
            self.assertEqual(self.audit._find_problems(budget), [])
        action = self.budget.with_user(self.user_auditor).action_audit()
        self.assertEqual(action["params"]["type"], "success")

    def test_a_document_that_drifted_is_named(self):
        self._break_document()
        problems = self.audit._find_problems(self.budget)
        self.assertEqual(len(problems), 2, problems)  # its line and the pool above
        self.assertIn(self.claim.name, problems[0])
        self.assertIn("30", problems[0])

    def test_a_document_without_entries_is_named(self):
        """As when it was submitted while the budget was being approved."""
        Ledger = self.env.registry["performance.budget.ledger"]
        with patch.object(Ledger, "_is_controlled", lambda self, company_id: False):
            claim = self._create_claim(name="Unseen")
            claim.action_submit()
            self._flush()
        problems = self.audit._find_problems(self.budget)
        self.assertIn("Unseen", "".join(problems))

    def test_a_deleted_document_that_left_entries_is_named(self):
        self.env.cr.execute("DELETE FROM hr_expense WHERE id = %s", [self.claim.id])
        self.env.invalidate_all()
        drifts = self.audit._find_drifts(self.budget)
        self.assertEqual({row.res_id for row in drifts["hr.expense"]}, {self.claim.id})
        self.assertIn(str(self.claim.id), self.audit._find_problems(self.budget)[0])

    def test_a_balance_that_is_not_its_entries_is_named(self):
        self._break_balance()
        self.assertEqual(
            self.audit._find_unbalanced_lines(self.budget), self.line_hotel_sales
        )

    def test_repair_books_new_entries_and_says_so(self):
        self._break_document()
        self._break_balance()
        before = self.env["performance.budget.entry"].search_count([])
        manager = self.budget.with_user(self.user_manager)
        action = manager.action_repair()
        self.assertEqual(action["params"]["type"], "success")
        self.assertEqual(
            self.env["performance.budget.entry"].search_count([]), before + 2
        )
        self.assertHeld(self.line_hotel_sales, {(3, "committed"): 130.0}, self.claim)
        self.assertIn("Repaired", self.budget.message_ids[0].body)

    def test_repair_is_for_finance_managers(self):
        for user in (self.user_officer, self.user_auditor, self.user_owner):
            with self.subTest(user=user.login), self.assertRaises(UserError):
                self.budget.with_user(user).action_repair()
        with self.assertRaises(AccessError):
            self.budget.with_user(self.user_employee).action_audit()

    def test_the_night_raises_one_activity(self):
        self._break_document()
        self.budget.user_id = self.user_officer
        for _night in range(2):
            problems = self.audit._find_problems(self.budget)
            self.budget._report_problems(problems)
        activity = self.budget.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.user_officer)
        self.assertIn(self.claim.name, activity.note)
