from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .adjustment_common import EXPLAINED, AdjustmentCommon

JANUARY = date(2027, 1, 1)


@tagged("post_install", "-at_install")
class TestBudgetYearEnd(AdjustmentCommon):
    """What is open goes on in the next budget, then the old one is locked (B17)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level_management.active = False
        cls.claim = cls._create_approved(
            product_id=cls.product_taxi.id, total_amount_currency=300
        )
        cls.budget = cls.budget.with_user(cls.user_officer)

    def _wizard(self):
        action = self.budget.action_year_end()
        return (
            self.env[action["res_model"]]
            .with_user(self.user_officer)
            .browse(action["res_id"])
        )

    def assertHolds(self, line, expected, document=None):
        """Compare with the ledger; the oracle knows nothing of what was carried."""
        self._flush()
        self.assertEqual(self._held(line, document), expected)

    def _carry(self, wizard):
        adjustment = self.env["performance.budget.adjustment"].browse(
            wizard.action_carry()["res_id"]
        )
        adjustment.with_user(self.user_officer).action_submit()
        self._approve(adjustment, self.user_owner, self.user_manager)
        self._flush()
        return adjustment

    def test_open_documents_are_listed_and_carried_with_their_money(self):
        """B17: the commitment and its plan move together."""
        wizard = self._wizard()
        self.assertEqual(
            [(d.name, d.line_id, d.amount, d.kind) for d in wizard.document_ids],
            [("Claim", self.line_travel, 300, "committed")],
        )
        adjustment = self._carry(wizard)
        self.assertEqual(adjustment.state, "applied")
        self.assertHolds(self.line_travel, {})
        self.assertHolds(self.line_next, {(1, "committed"): 300}, self.claim)
        self.assertEqual(self.line_travel.amount_planned, 9300)
        self.assertEqual(self.line_next.amount_planned, 3300)
        self.env.cr.execute(EXPLAINED)
        self.assertFalse(self.env.cr.fetchall())

    def test_a_document_may_hold_more_than_its_month_plans(self):
        """800 are planned in March: the other months give what is missing."""
        claim = self._create_approved(
            product_id=self.product_taxi.id, total_amount_currency=1000
        )
        wizard = self._wizard()
        balance = wizard.balance_ids.filtered(lambda b: b.line_id == self.line_travel)
        self.assertEqual(balance.amount_left, 8300)
        adjustment = self._carry(wizard)
        self.assertEqual(adjustment.state, "applied")
        self.assertHolds(self.line_travel, {})
        self.assertHolds(self.line_next, {(1, "committed"): 1000}, claim)
        self.assertEqual(self.line_travel.amount_planned, 8300)
        self.assertEqual(self.line_next.amount_planned, 4300)
        months = self.line_travel.allocation_ids.mapped("amount_planned")
        self.assertGreaterEqual(min(months), 0)
        # What the line has left beside its documents can still be carried.
        again = self._wizard()
        self.assertFalse(again.document_ids)
        self.assertIn(self.line_travel, again.balance_ids.line_id)

    def test_nothing_is_carried_twice(self):
        """Idempotent for each year and position."""
        wizard, again = self._wizard(), self._wizard()
        wizard.balance_ids.filtered(
            lambda b: b.line_id == self.line_travel
        ).amount_carried = 100
        self._carry(wizard)
        third = self._wizard()
        self.assertFalse(third.document_ids)
        self.assertNotIn(self.line_travel, third.balance_ids.line_id)
        with self.assertRaisesRegex(UserError, "carried already"):
            again.action_carry()
        fourth = self._wizard()
        fourth.balance_ids[0].write(
            {"line_id": self.line_travel.id, "amount_carried": 10}
        )
        with self.assertRaisesRegex(UserError, "carried already"):
            fourth.action_carry()

    def test_without_money_the_next_budget_bears_it(self):
        wizard = self._wizard()
        wizard.with_money = False
        self._carry(wizard)
        self.assertEqual(self.line_next.amount_planned, 3000)
        self.assertHolds(self.line_next, {(1, "committed"): 300})
        self.assertEqual(self.line_travel.amount_planned, 9600)

    def test_without_money_there_must_be_room(self):
        self._create_entry(2800, self.account_taxi, "2027-02-05")
        self._flush()
        wizard = self._wizard()
        wizard.with_money = False
        adjustment = self.env["performance.budget.adjustment"].browse(
            wizard.action_carry()["res_id"]
        )
        with self.assertRaisesRegex(ValidationError, "carry the money"):
            adjustment.action_submit()

    def test_what_was_carried_is_spent_from_the_next_budget(self):
        self._carry(self._wizard())
        self._post(self.claim, "2027-01-20")
        self._flush()
        self.assertHolds(self.line_next, {(1, "actual"): 300})
        self.assertHolds(self.line_travel, {})

    def test_the_audit_agrees_with_what_was_carried(self):
        self._carry(self._wizard())
        for budget in (self.budget.sudo(), self.budget_next.sudo()):
            problems = self.env["performance.budget.audit"]._find_problems(budget)
            self.assertFalse(problems)

    def test_a_carried_claim_that_is_refused_frees_the_next_budget(self):
        self._carry(self._wizard())
        self.claim.action_reset()
        self.assertHolds(self.line_next, {})
        self.assertHolds(self.line_travel, {})
        # Asked again it stands where it was carried to.
        self.claim.action_submit()
        self.assertHolds(self.line_next, {(1, "reserved"): 300})

    def test_a_line_that_the_next_budget_lacks_is_named(self):
        self._create_approved()  # hotels of sales
        with self.assertRaisesRegex(UserError, "Hotel"):
            self._wizard().action_carry()

    def test_of_budgets_that_follow_the_one_with_the_same_lines_is_meant(self):
        """A budget of raises beside that of the year is not carried into."""
        for name, position in (("2027 A", "flight"), ("2027 Z", "hotel")):
            budget = self._create_budget(
                name=name, date_from=JANUARY, date_to=date(2027, 12, 31)
            )
            self._line(position, 100, budget=budget)
            self._approve_budget(budget)
        self.assertEqual(self._wizard().next_budget_id, self.budget_next)
        self.budget_next.action_close()
        self.assertFalse(self._wizard().next_budget_id)
        names = (self.line_travel | self.line_next).with_context(show_budget=True)
        self.assertEqual(
            names.mapped("display_name"), ["Travel · 2026", "Travel · 2027"]
        )

    def test_balances_are_carried_to_the_cent(self):
        wizard = self._wizard()
        wizard.document_ids.carry = False
        left = wizard.balance_ids.filtered(lambda b: b.line_id == self.line_travel)
        self.assertEqual(left.amount_left, 9300)
        self.assertNotIn(self.line_hotel_sales, wizard.balance_ids.line_id)
        left.amount_carried = 9300.01
        adjustment = self.env["performance.budget.adjustment"].browse(
            wizard.action_carry()["res_id"]
        )
        with self.assertRaises(ValidationError):
            adjustment.action_submit()
        adjustment.action_cancel()
        left.amount_carried = 9300
        self._carry(wizard)
        self.assertEqual(self.line_travel.amount_available, 0)
        self.assertEqual(self.line_next.amount_planned, 12300)

    def test_closed_it_takes_nothing_new_and_is_reopened_with_a_right_and_a_reason(
        self,
    ):
        """B17: lock, and reopen only with the separate right."""
        wizard = self._wizard()
        waiting = self._adjust([(self.line_training, 10)], "supplement")
        waiting.action_submit()
        with self.assertRaisesRegex(UserError, waiting.name):
            wizard.with_user(self.user_manager).action_close()
        waiting.action_cancel()
        with self.assertRaises(UserError):
            self._wizard().action_close()  # an officer
        self.budget.with_user(self.user_manager).action_close()
        with self._refused("closed"):
            self._create_claim().action_submit()
        with self.assertRaisesRegex(ValidationError, "not in force"):
            self._adjust([(self.line_training, 10)], "supplement").action_submit()
        with self.assertRaisesRegex(UserError, "right to reopen"):
            self.budget.with_user(self.user_manager).action_reopen()
        self.user_manager.group_ids = [
            Command.link(self.env.ref("budget_performance.group_budget_reopen").id)
        ]
        Reopen = self.env["performance.budget.reopen"].with_user(self.user_manager)
        with self.assertRaises(ValidationError):
            Reopen.create({"budget_id": self.budget.id, "reason": " "}).action_reopen()
        Reopen.create(
            {"budget_id": self.budget.id, "reason": "A late invoice"}
        ).action_reopen()
        self.assertEqual(self.budget.state, "approved")
        self.assertIn("A late invoice", self.budget.message_ids[0].body)
        self._create_claim().action_submit()
        self._flush()

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_nobody_else_ends_a_year(self):
        for user in (self.user_owner, self.user_auditor, self.user_employee):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.budget.with_user(user).action_year_end()
        carry = self.env["performance.budget.adjustment.carry"]
        with self.assertRaises(AccessError):
            carry.with_user(self.user_manager).create({"res_id": 1})
