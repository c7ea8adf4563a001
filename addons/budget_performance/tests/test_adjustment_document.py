from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .adjustment_common import AdjustmentCommon


@tagged("post_install", "-at_install")
class TestAdjustmentDocument(AdjustmentCommon):
    """A blocked claim asks for the money that is missing, then it goes on (B6, B10)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line = cls.line_hotel_sales
        cls._create_entry(4500, cls.account_hotel, "2026-03-02")
        cls._flush()
        cls.level_management.amount_from = 0

    def _blocked(self, amount=500, **values):
        claim = self._create_claim(total_amount_currency=amount, **values)
        return claim.with_user(self.user_employee)

    def _ask(self, claim):
        action = claim.action_request_budget_adjustment()
        return (
            self.env[action["res_model"]].with_env(claim.env).browse(action["res_id"])
        )

    def test_three_levels_later_the_claim_has_submitted_itself(self):
        """B6, B10: one click asks for the shortfall, to the cent."""
        claim = self._blocked(500.01)
        with self._refused("Hotel", "100"):
            claim.action_submit()
        adjustment = self._ask(claim)
        self.assertEqual(adjustment.line_ids.line_id.sudo(), self.line)
        self.assertEqual(adjustment.line_ids.amount, 200.01)
        self.assertEqual(adjustment.kind, "supplement")
        self.assertEqual(self._ask(claim), adjustment)
        adjustment.write(
            {"reason": "The customer asked us to stay", "driver": "market"}
        )
        adjustment.action_submit()
        self._approve(adjustment, self.user_owner, self.user_officer)
        self.assertFalse(claim.approval_state)
        self._approve(adjustment, self.user_manager)
        self.assertEqual(adjustment.state, "applied")
        self.assertEqual(claim.approval_state, "submitted")
        self.assertHeld(self.line, {(3, "reserved"): 500.01}, claim)
        self.assertEqual(self.line.amount_available, 0)
        self.assertExplained()

    def test_what_was_allowed_is_for_this_claim_and_this_amount(self):
        claim = self._blocked()
        adjustment = self._ask(claim)
        adjustment.action_submit()
        claim.total_amount_currency = 501
        self._approve(adjustment, self.user_owner, self.user_officer, self.user_manager)
        self.assertEqual(adjustment.state, "applied")
        self.assertFalse(claim.approval_state)
        self.assertIn("could not go on", adjustment.message_ids[0].body)
        with self._refused("80"):
            self._blocked(100).action_submit()
        claim.total_amount_currency = 500
        claim.action_submit()
        self._flush()
        self.assertEqual(claim.approval_state, "submitted")

    def test_a_line_that_only_holds_gets_nothing_but_is_asked(self):
        self._create_entry(3300, self.account_taxi, "2026-03-05")  # the pool: 81 %
        self._flush()
        adjustment = self._ask(self._blocked())
        self.assertEqual(
            {leg.line_id: leg.amount for leg in adjustment.sudo().line_ids},
            {self.line: 200, self.line_travel: 0},
        )

    def test_a_claim_that_is_not_stopped_asks_for_nothing(self):
        with self.assertRaisesRegex(UserError, "not stopped"):
            self._ask(self._blocked(product_id=self.product_training.id))
        with self.assertRaisesRegex(UserError, "not in the budget"):
            self._ask(self._blocked(product_id=self.product_gift.id))

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_the_employee_explains_and_plans_nothing(self):
        adjustment = self._ask(self._blocked())
        with self.assertRaises(AccessError):
            adjustment.with_user(self.user_colleague).read(["reason"])
        for name, attempt in {
            "kind": lambda: adjustment.write({"kind": "revision"}),
            "amount": lambda: adjustment.line_ids.write({"amount": 9000}),
            "line": lambda: adjustment.line_ids.create(
                {
                    "adjustment_id": adjustment.id,
                    "line_id": self.line_training.id,
                    "amount": 1,
                }
            ),
            "document": lambda: adjustment.write({"res_id": 1}),
            "allowed": lambda: adjustment.line_ids.write({"amount_document": 9000}),
            "create": lambda: adjustment.create({"kind": "supplement", "reason": "x"}),
        }.items():
            with self.subTest(name), self.assertRaises(UserError):
                attempt()
        self.assertFalse(adjustment.line_ids.amount_before, "an employee saw the plan")
        with self.assertRaises(AccessError):
            self._blocked().with_user(self.user_colleague).sudo(
                False
            ).action_request_budget_adjustment()

    def test_the_dialog_leads_to_the_adjustment(self):
        """B6: from the dialog in one click."""
        claim = self._blocked().with_context(budget_performance_dialog=True)
        action = claim.action_submit()
        check = self.env[action["res_model"]].with_user(self.user_employee)
        check = check.browse(action["res_id"])
        self.assertTrue(check.can_adjust)
        opened = check.action_adjust()
        adjustment = self.env[opened["res_model"]].browse(opened["res_id"])
        self.assertEqual(adjustment.requester_id, self.user_employee)
        self.assertEqual((adjustment.res_id, adjustment.amount), (claim.id, 200))
        other = self._blocked(product_id=self.product_gift.id).with_context(
            budget_performance_dialog=True
        )
        check = check.browse(other.action_submit()["res_id"])
        self.assertFalse(check.can_adjust, "no line covers it")
        with self.assertRaises(UserError):
            check.action_adjust()

    def test_a_claim_deleted_meanwhile_stops_nothing(self):
        claim = self._blocked()
        adjustment = self._ask(claim)
        adjustment.action_submit()
        claim.sudo().unlink()
        self._approve(adjustment, self.user_owner, self.user_officer, self.user_manager)
        self.assertEqual(adjustment.state, "applied")
        with self.assertRaisesRegex(UserError, "deleted"):
            adjustment.action_open_document()
