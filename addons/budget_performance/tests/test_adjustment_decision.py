from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .adjustment_common import AdjustmentCommon


@tagged("post_install", "-at_install")
class TestAdjustmentDecision(AdjustmentCommon):
    """Who decides an adjustment: levels, delegates, reminders, and who is told."""

    def test_sent_back_it_is_decided_anew(self):
        moved = self._adjust([(self.line_training, 10)], "supplement")
        moved.action_submit()
        self._approve(moved, self.user_maker)
        self._decide(moved, self.user_manager, "returned", comment="How much?")
        self.assertEqual(moved.state, "draft")
        moved.line_ids.amount = 20
        moved.action_submit()
        self.assertIn(self.user_maker.name, moved.waiting_for)
        self._approve(moved, self.user_maker, self.user_manager)
        self.assertEqual(moved.state, "applied")
        self.assertEqual(len(moved.sudo().decision_ids), 4)

    def _decide(self, adjustment, user, decision, **values):
        Wizard = self.env["performance.budget.approval.decide"].with_user(user)
        name = {"refused": "refuse", "returned": "return", "forwarded": "forward"}
        action = getattr(adjustment.with_user(user), f"action_{name[decision]}")()
        wizard = Wizard.with_context(**action["context"]).create(values)
        wizard.action_confirm()

    def test_refused_it_ends(self):
        moved = self._adjust([(self.line_training, 10)], "supplement")
        moved.action_submit()
        with self.assertRaises(ValidationError):
            self._decide(moved, self.user_maker, "refused", comment=" ")
        self._decide(moved, self.user_maker, "refused", comment="No room")
        self.assertEqual(moved.state, "refused")
        self.assertIn("No room", moved.message_ids[0].body)
        with self.assertRaises(UserError):
            self._approve(moved, self.user_maker)

    def test_a_forwarded_step_is_decided_by_the_other_one(self):
        moved = self._adjust([(self.line_training, 10)], "supplement")
        moved.action_submit()
        with self.assertRaisesRegex(UserError, "asked for it"):
            self._decide(
                moved, self.user_maker, "forwarded", user_id=self.user_officer.id
            )
        with self.assertRaisesRegex(UserError, "no budget owner"):
            self._decide(
                moved, self.user_maker, "forwarded", user_id=self.user_employee.id
            )
        self._decide(moved, self.user_maker, "forwarded", user_id=self.user_owner.id)
        self._approve(moved, self.user_owner, self.user_manager)
        decision = moved.sudo().decision_ids[1]
        self.assertEqual(decision.on_behalf_id, self.user_maker)
        self.assertEqual(moved.state, "applied")

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_a_delegate_decides_while_the_other_one_is_away(self):
        Delegation = self.env["performance.budget.delegation"]
        values = {"date_from": "2026-06-01", "date_to": "2026-06-30"}
        with self.assertRaises(AccessError):
            Delegation.with_user(self.user_owner).create(
                {
                    **values,
                    "user_id": self.user_maker.id,
                    "delegate_id": self.user_owner.id,
                }
            )
        with self.assertRaises(ValidationError):
            Delegation.with_user(self.user_maker).create(
                {**values, "delegate_id": self.user_employee.id}
            )
        moved = self._adjust([(self.line_training, 10)], "supplement")
        moved.action_submit()
        with self.assertRaises(UserError):
            self._approve(moved, self.user_owner)
        Delegation.with_user(self.user_maker).create(
            {**values, "delegate_id": self.user_owner.id}
        )
        moved.sudo()._notify_deciders()
        self._approve(moved, self.user_owner)
        self.assertEqual(moved.sudo().decision_ids.on_behalf_id, self.user_maker)

    def test_an_owner_of_finance_agrees_on_the_level_of_finance(self):
        """Small houses: one person owns a line and reviews; nobody waits for nobody."""
        self.line_training.owner_id = self.user_manager
        self.level_management.amount_from = 0
        moved = self._adjust([(self.line_training, 10)], "supplement")
        moved.action_submit()
        finance = self._create_user(
            "second", "budget_performance.group_budget_officer", self.company
        )
        self._approve(moved, finance, self.user_manager)
        self.assertEqual(moved.state, "applied")

    def test_who_asks_for_his_own_lines_is_still_checked_by_another(self):
        Level = self.env["performance.budget.adjustment.level"]
        (self.level_finance | self.level_management).amount_from = 1e6
        moved = self._adjust(
            [(self.line_hotel_sales, -10), (self.line_flight_sales, 10)],
            user=self.user_owner,
        )
        moved.action_submit()
        self.assertEqual(moved.state, "submitted")
        with self.assertRaisesRegex(UserError, "own request"):
            moved.action_approve()
        self._approve(moved, self.user_officer)
        self.assertEqual(moved.state, "applied")
        self.assertEqual(moved.sudo().decision_ids.level_id, self.level_finance)
        Level.search([]).active = False
        with self.assertRaisesRegex(UserError, "levels"):
            self._adjust(
                [(self.line_hotel_sales, -10), (self.line_flight_sales, 10)],
                user=self.user_owner,
            ).action_submit()

    def test_those_who_wait_are_reminded(self):
        moved = self._adjust([(self.line_training, 10)], "supplement")
        moved.action_submit()
        moved.sudo().reminder_date = date(2026, 6, 1)
        self._run_reminders()
        message = (
            self.env["mail.message"]
            .sudo()
            .search([("model", "=", moved._name), ("res_id", "=", moved.id)], limit=1)
        )
        self.assertIn(self.user_maker.partner_id, message.partner_ids)
        count = self.env["mail.message"].sudo().search_count([])
        self._run_reminders()
        self.assertEqual(self.env["mail.message"].sudo().search_count([]), count)

    def _run_reminders(self):
        Cron = type(self.env["ir.cron"])
        with patch.object(Cron, "_commit_progress", lambda *a, **k: 1000.0):
            self.env["performance.budget.adjustment"].sudo()._cron_remind()

    def test_owners_and_people_with_open_claims_are_told(self):
        self.level_management.active = False
        self._create_claim().action_submit()  # on hotels of sales
        self._flush()
        moved = self._adjust([(self.line_hotel_sales, 10)], "supplement")
        moved.action_submit()
        self._approve(moved, self.user_owner, self.user_manager)
        told = (
            self.env["mail.message"]
            .sudo()
            .search([("id", ">", 0)], limit=10)
            .partner_ids
        )
        self.assertIn(self.user_owner.partner_id, told)
        self.assertIn(self.user_employee.partner_id, told)

    def test_values_changed_after_a_decision_void_it(self):
        moved = self._adjust([(self.line_training, 10)], "supplement")
        moved.action_submit()
        self._approve(moved, self.user_maker)
        moved.sudo().line_ids.amount = 1000
        self.level_management.active = False
        with self.assertRaisesRegex(UserError, "changed after"):
            self._approve(moved, self.user_manager)
        self.assertEqual(moved.state, "submitted")
        self.assertEqual(self.line_training.amount_planned, 6000)
