import psycopg2

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .adjustment_common import JULY, AdjustmentCommon


@tagged("post_install", "-at_install")
class TestAdjustmentRights(AdjustmentCommon):
    """What nobody writes, and whose drafts and lines nobody touches."""

    @mute_logger(
        "odoo.addons.base.models.ir_model",
        "odoo.addons.base.models.ir_rule",
        "odoo.orm.models",
    )
    def test_clients_write_no_state_no_decision_and_no_plan(self):
        """Four eyes cannot be passed by RPC, as nobody and nowhere."""
        self.level_management.active = False
        moved = self._adjust([(self.line_training, 10)], "supplement")
        moved.action_submit()
        Adjustment = self.env["performance.budget.adjustment"]
        Decision = self.env["performance.budget.adjustment.decision"]
        Change = self.env["performance.budget.plan.change"]
        decision = {
            "adjustment_id": moved.id,
            "company_id": self.company.id,
            "revision": 1,
            "level_id": self.level_owner.id,
            "decision": "granted",
            "fingerprint": "x",
            "user_id": self.user_maker.id,
        }
        change = {
            "adjustment_id": moved.id,
            "line_id": self.line_training.id,
            "budget_id": self.budget.id,
            "company_id": self.company.id,
            "month": JULY,
            "amount": 1,
            "amount_before": 0,
            "amount_after": 1,
            "user_id": 1,
            "date": "2026-01-01",
        }
        draft = {"kind": "supplement", "reason": "x", "company_id": self.company.id}
        for user in (
            self.user_employee,
            self.user_owner,
            self.user_officer,
            self.user_manager,
        ):
            own = moved.with_user(user)
            mine = Adjustment.with_user(user)
            for name, attempt in {
                "state": lambda own=own: own.write({"state": "approved"}),
                "web_save": lambda own=own: own.web_save({"state": "applied"}, {}),
                "create": lambda mine=mine: mine.create({**draft, "state": "approved"}),
                "default": lambda mine=mine: mine.with_context(
                    default_state="approved"
                ).create({**draft, "state": "approved"}),
                "requester": lambda own=own: own.write({"requester_id": 1}),
                "submitter": lambda own=own: own.write({"submitter_id": 1}),
                "revision": lambda own=own: own.write({"revision": 0}),
                "reason": lambda own=own: own.write({"reason": "other"}),
                "kind": lambda own=own: own.write({"kind": "revision"}),
                "amount": lambda own=own: own.line_ids.write({"amount": 1e6}),
                "line": lambda own=own: own.line_ids.create(
                    {
                        "adjustment_id": own.id,
                        "line_id": self.line_training.id,
                        "amount": 1,
                    }
                ),
                "lines": lambda own=own: own.write({"line_ids": [Command.clear()]}),
                "decision": lambda user=user: Decision.with_user(user).create(decision),
                "change": lambda user=user: Change.with_user(user).create(change),
                "delete": lambda own=own: own.unlink(),
                "apply": lambda own=own: own.action_apply(),
                "plan": lambda user=user: self.line_training.with_user(user).write(
                    {"amount_planned": 1e6}
                ),
            }.items():
                with (
                    self.subTest(user=user.login, attempt=name),
                    self.assertRaises(UserError),
                    self.env.cr.savepoint(),
                ):
                    attempt()
                    self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(moved.state, "submitted")
        self.assertEqual(self.line_training.amount_planned, 6000)

    def test_a_draft_of_another_one_is_not_submitted(self):
        moved = self._adjust([(self.line_training, 10)], "supplement")
        for user in (self.user_employee, self.user_owner, self.user_auditor):
            with self.subTest(user.login), self.assertRaises(AccessError):
                moved.with_user(user).action_submit()

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_an_owner_names_only_lines_that_he_sees(self):
        with self.assertRaises(AccessError):
            self._adjust(
                [(self.line_training, -10), (self.line_travel, 10)],
                user=self.user_stranger,
            )
        self.line_training.owner_id = self.user_manager
        with self.assertRaises(AccessError):
            self._adjust([(self.line_training, 10)], user=self.user_owner)

    @mute_logger("odoo.sql_db")
    def test_history_and_decisions_are_append_only_in_the_database(self):
        self.level_management.active = False
        moved = self._adjust([(self.line_training, 10)], "supplement")
        moved.action_submit()
        self._approve(moved, self.user_maker, self.user_manager)
        for table in ("adjustment_decision", "plan_change"):
            for query in (
                f"UPDATE performance_budget_{table} SET user_id = 1",
                f"DELETE FROM performance_budget_{table}",
            ):
                with (
                    self.subTest(query=query),
                    self.assertRaises(psycopg2.Error),
                    self.env.cr.savepoint(),
                ):
                    self.env.cr.execute(query)
        for records in (moved.sudo().decision_ids, moved.sudo().change_ids):
            with self.assertRaises(UserError):
                records.write({"user_id": 1})
            with self.assertRaises(UserError):
                records.unlink()
