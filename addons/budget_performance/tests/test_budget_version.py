from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .adjustment_common import AdjustmentCommon


@tagged("post_install", "-at_install")
class TestBudgetVersion(AdjustmentCommon):
    """Every approved revision keeps its predecessor (B16)."""

    def _compare(self, version, other=None, user=None):
        Compare = self.env["performance.budget.version.compare"]
        compare = Compare.with_user(user or self.user_officer).create(
            {
                "budget_id": self.budget.id,
                "version_id": version.id,
                "other_version_id": other.id if other else False,
            }
        )
        return {
            line.name: (line.amount_before, line.amount_after, line.amount_change)
            for line in compare.line_ids
        }

    def _apply(self, legs, kind):
        adjustment = self._adjust(legs, kind)
        adjustment.action_submit()
        while adjustment.state == "submitted":
            user = adjustment.sudo()._get_deciders()[:1]
            adjustment.with_user(user).action_approve()
        self.assertEqual(adjustment.state, "applied")
        return adjustment

    def test_versions_are_kept_at_approval_and_around_a_revision(self):
        (first,) = self.budget.version_ids
        self.assertEqual(first.amount_planned, 15600)
        self.assertEqual(
            sum(first.line_ids.mapped("amount_planned")),
            sum(self.budget.line_ids.mapped("amount_planned")),
        )
        self._apply([(self.line_training, 100)], "supplement")
        self.assertEqual(len(self.budget.version_ids), 1)
        self.assertEqual(self._compare(first), {"Training": (6000, 6100, 100)})
        revision = self._apply(
            [(self.line_training, -300), (self.line_travel, 1000)], "revision"
        )
        third, second, _first = self.budget.version_ids
        self.assertEqual(third.adjustment_id, revision)
        self.assertEqual(
            self._compare(second, third),
            {"Training": (6100, 5800, -300), "Travel": (9600, 10600, 1000)},
        )
        self.assertEqual(self._compare(first, third)["Training"], (6000, 5800, -200))
        self.assertFalse(self._compare(third))
        self.assertEqual(
            first.line_ids.filtered(
                lambda line: line.line_id == self.line_training
            ).months["2026-07-01"],
            500,
        )

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_versions_are_not_written_and_not_for_owners(self):
        version = self.budget.version_ids
        for user in (self.user_manager, self.user_officer, self.user_auditor):
            for records in (version, version.line_ids):
                with self.subTest(user.login), self.assertRaises(UserError):
                    records.with_user(user).write({"name": "X"})
                with self.subTest(user.login), self.assertRaises(AccessError):
                    records.with_user(user).unlink()
        with self.assertRaises(UserError):
            version.sudo().write({"amount_planned": 1})
        with self.assertRaises(AccessError):
            version.with_user(self.user_owner).read(["name"])
        with self.assertRaises(AccessError):
            self.budget.with_user(self.user_owner).action_compare_versions()
        self.assertFalse(self._compare(version, user=self.user_auditor))
