from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .round_common import RoundCommon


@tagged("post_install", "-at_install")
class TestBudgetRoundHanding(RoundCommon):
    """Rounds wait for nobody who is away: delegates, forwarding, reminders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._accept_all()
        cls.round.action_request()

    def _forward(self, user, to):
        action = self.round.with_user(user).action_forward()
        wizard = (
            self.env[action["res_model"]]
            .with_user(user)
            .with_context(**action["context"])
            .create({"user_id": to.id, "comment": "I am at the fair"})
        )
        wizard.action_confirm()

    def _remind(self):
        """Run the job; return who was told."""
        before = self._messages()
        Cron = type(self.env["ir.cron"])
        with patch.object(Cron, "_commit_progress", lambda *a, **k: 1000.0):
            self.env["performance.budget.round"].sudo()._cron_remind()
        return (self._messages() - before).partner_ids

    def _messages(self):
        return (
            self.env["mail.message"]
            .sudo()
            .search(
                [
                    ("model", "=", self.round._name),
                    ("res_id", "=", self.round.id),
                    ("subject", "like", "Still to decide"),
                ]
            )
        )

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_a_forwarded_step_is_decided_by_the_other_one(self):
        maker = self._create_user(
            "maker", "budget_performance.group_budget_owner", self.company
        )
        with self.assertRaises(AccessError):
            self.round.with_user(maker).action_approve()
        self._forward(self.user_second, maker)
        self.assertIn(maker, self.round.sudo().activity_ids.user_id)
        self.assertIn(maker.name, self.round.waiting_for)
        lines = self.round.with_user(maker).proposal_ids.line_ids
        self.assertEqual(sorted(lines.mapped("amount")), [4000, 5000])
        self.round.with_user(maker).action_approve()
        self.assertEqual(
            self.round.decision_ids.mapped("decision"), ["forwarded", "granted"]
        )
        self.assertEqual(self.round.decision_ids[0].forward_user_id, maker)
        self.assertEqual(self.round.decision_ids[1].on_behalf_id, self.user_second)
        with self.assertRaises(UserError):
            self.round.with_user(self.user_second).action_approve()
        self.round.with_user(self.user_manager).action_approve()
        self.assertEqual(self.round.state, "agreed")

    def test_it_is_forwarded_to_nobody_who_may_not_decide(self):
        for user, words in (
            (self.user_officer, "asked for it"),
            (self.user_employee, "no budget owner"),
            (self.user_second, "somebody else"),
        ):
            with (
                self.subTest(user=user.login),
                self.assertRaisesRegex(UserError, words),
            ):
                self._forward(self.user_second, user)
        self.round.with_user(self.user_second).action_approve()
        with self.assertRaisesRegex(UserError, "another level already"):
            self._forward(self.user_manager, self.user_second)
        with self.assertRaisesRegex(UserError, "another level"):
            self._forward(self.user_second, self.user_owner)

    def test_a_forwarded_round_can_still_be_decided_or_sent_back(self):
        self._forward(self.user_second, self.user_owner)
        self.round.with_user(self.user_owner)._return("Too much")
        self.assertEqual(self.round.state, "consolidation")
        self.assertFalse(self.round.sudo().activity_ids)
        self.round.action_request()
        with self.assertRaisesRegex(UserError, "not your turn"):
            self.round.with_user(self.user_owner).action_approve()
        self.round.with_user(self.user_second).action_approve()

    def test_a_delegate_decides_while_the_other_one_is_away(self):
        self.assertFalse(self.round.with_user(self.user_owner).can_decide)
        today = fields.Date.today()
        self.env["performance.budget.delegation"].with_user(self.user_second).create(
            {
                "user_id": self.user_second.id,
                "delegate_id": self.user_owner.id,
                "date_from": today,
                "date_to": today + timedelta(days=5),
            }
        )
        told = self._remind()  # not due yet, but somebody new decides
        self.assertFalse(told)
        self.assertIn(self.user_owner, self.round.sudo().activity_ids.user_id)
        self.round.with_user(self.user_owner).action_approve()
        self.assertEqual(self.round.decision_ids.on_behalf_id, self.user_second)

    def test_each_level_is_reminded_once(self):
        self.assertFalse(self._remind())
        later = fields.Date.today() + timedelta(days=2)
        self.assertEqual(self.round.reminder_date, later)
        with patch.object(fields.Date, "today", lambda: later):
            told = self._remind()
            self.assertIn(self.user_second.partner_id, told)
            self.assertFalse(self._remind())
            self.round.with_user(self.user_second).action_approve()
            self.assertFalse(self._remind())
        self.assertEqual(self.round.reminder_date, later + timedelta(days=2))
        with patch.object(fields.Date, "today", lambda: later + timedelta(days=9)):
            told = self._remind()
            self.assertIn(self.user_manager.partner_id, told)
            self.assertNotIn(self.user_second.partner_id, told)
            self.assertFalse(self._remind())

    def test_nobody_is_reminded_of_what_was_taken_back(self):
        self.round.action_withdraw()
        with patch.object(
            fields.Date, "today", lambda: self.round.reminder_date + timedelta(days=9)
        ):
            self.assertFalse(self._remind())

    def test_clients_write_no_reminder_and_no_handing_on(self):
        with self.assertRaises(AccessError):
            self.round.with_user(self.user_officer).reminder_date = False
        with self.assertRaises(AccessError):
            self.env["performance.budget.round.decision"].with_user(
                self.user_second
            ).create({"round_id": self.round.id, "decision": "forwarded"})
