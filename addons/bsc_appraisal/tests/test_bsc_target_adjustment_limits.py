from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError
from odoo.tests import HttpCase, tagged

from odoo.addons.bsc_appraisal.tests.test_bsc_target_adjustment import (
    JULY,
    TargetAdjustmentCommon,
)

RANGE = {"low": 80.0, "high": 100.0, "zero_low": 40.0, "zero_high": 130.0}


@tagged("post_install", "-at_install")
class TestTargetAdjustmentLimits(TargetAdjustmentCommon):
    """B10, P7: several targets, ranges and what is possible, with the money."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rate = cls._create_indicator("RNG", calculation="range", direction="range")
        # sudo: the card is in force already
        cls.ranged = (
            cls.env["bsc.scorecard.line"]
            .sudo()
            .create({"scorecard_id": cls.card.id, "indicator_id": cls.rate.id})
        )
        cls.ranged.sudo()._set_target(0, "agreed", RANGE)
        cls.target.sudo().capacity = 110.0

    @classmethod
    def _ask_for_all(cls, **values):
        """Return a draft about an income, a waste and a range."""
        day = {"date_effective": date(2026, 7, 1)}
        return cls._adjust(
            [(cls.line_hotel_sales, 300, JULY), (cls.line_travel, 300, JULY)],
            kind="supplement",
            user=cls.user_owner,
            target_ids=[
                Command.create(
                    {"line_id": cls.target.id, "value": 150, "capacity": 130, **day}
                ),
                Command.create({"line_id": cls.other.id, "value": 90, **day}),
                Command.create(
                    {"line_id": cls.ranged.id, **RANGE, "low": 70, **day, **values}
                ),
            ],
        )

    def test_targets_limits_and_capacity_change_with_one_approval(self):
        asked = self._ask_for_all()
        self.assertRecordValues(
            asked.target_ids,
            [
                {"aim_before": "100 (possible: 110)", "aim": "150 (possible: 130)"},
                {"aim_before": "100", "aim": "90"},
                {
                    "aim_before": "80 to 100, nothing below 40 or above 130",
                    "aim": "70 to 100, nothing below 40 or above 130",
                },
            ],
        )
        self._apply(asked)
        self.assertEqual(asked.sudo().state, "applied")
        self.assertTarget(150)
        self.assertTarget(90, self.other)
        self.assertEqual((self.target.capacity, self.other.capacity), (130, 0))
        self.assertEqual(self.ranged._get_limits(), {**RANGE, "low": 70})
        self.assertEqual(
            self.ranged.target_ids.mapped("limits"),
            [
                "80 to 100, nothing below 40 or above 130",
                "70 to 100, nothing below 40 or above 130",
            ],
        )
        # the history of the target tells what was possible when
        self.assertEqual(self.target.target_ids.mapped("capacity"), [0, 130])
        self.assertRecordValues(
            asked.target_ids,
            [
                {"aim_before": "100 (possible: 110)", "aim": "150 (possible: 130)"},
                {"aim_before": "100", "aim": "90"},
                {
                    "aim_before": "80 to 100, nothing below 40 or above 130",
                    "aim": "70 to 100, nothing below 40 or above 130",
                },
            ],
        )
        self.assertExplained()

    def test_when_the_last_target_fails_nothing_of_it_counts(self):
        asked = self._ask_for_all()
        plans = {self.line_hotel_sales: self._plan(self.line_hotel_sales)}
        Line = type(self.env["bsc.scorecard.line"])
        original = Line._set_target

        def fail_at_the_range(line, *args, **kwargs):
            if line == self.ranged:
                # pylint: disable-next=translation-required
                raise UserError("No such luck")
            return original(line, *args, **kwargs)

        with patch.object(Line, "_set_target", fail_at_the_range):
            self._apply(asked)
        self.assertEqual(asked.sudo().state, "approved")
        self.assertUnchanged(plans)
        self.assertTarget(100)
        self.assertTarget(100, self.other)
        self.assertEqual(self.target.capacity, 110)
        self.assertEqual(self.ranged._get_limits(), RANGE)

    def test_a_counter_adjustment_takes_limits_and_capacity_back(self):
        asked = self._ask_for_all()
        self._apply(asked)
        action = asked.with_user(self.user_officer).action_reverse()
        back = self.env["performance.budget.adjustment"].browse(action["res_id"])
        self._apply(back.with_user(self.user_officer))
        self.assertEqual(back.state, "applied")
        self.assertTarget(100)
        self.assertEqual(self.target.capacity, 110)
        self.assertEqual(self.ranged._get_limits(), RANGE)

    def test_limits_and_capacity_are_part_of_what_is_decided(self):
        asked = self._ask_for_all().sudo()
        ranged = asked.target_ids[2]
        for values in ({"low": 75}, {"capacity": 5}):
            before = asked._get_fingerprint()
            ranged.write(values)
            with self.subTest(values):
                self.assertNotEqual(asked._get_fingerprint(), before)
        before = asked._get_fingerprint()
        self.target.sudo().capacity = 111
        self.assertNotEqual(asked._get_fingerprint(), before)

    def test_what_makes_no_sense_is_refused_with_its_reason(self):
        with self.assertRaisesRegex(ValidationError, "not in order"):
            self._ask_for_all(low=120)
        with self.assertRaisesRegex(ValidationError, "reasonable size"):
            self._ask_for_all(capacity=float("inf"))
        same = self._ask_for_all(low=80)
        with self.assertRaisesRegex(ValidationError, "RNG.*is the present one"):
            same.action_submit()
        same.target_ids[2].capacity = 100
        beyond = self._ask_for_all()
        beyond.target_ids[0].capacity = 110
        with self.assertRaisesRegex(ValidationError, "36.4 % above what is assessed"):
            beyond.action_submit()

    def test_far_beyond_what_is_possible_is_asked_with_the_money(self):
        """P7: alone it is refused, with the way that leads on."""
        Change = self.env["bsc.target.change"]
        vals = {"line_id": self.target.id, "value": 150, "reason": "The fair"}
        vals["date_effective"] = date(2026, 7, 1)
        with self.assertRaises(RedirectWarning) as caught:
            Change.with_user(self.user_owner).create(dict(vals))
        message, action, _button, context = caught.exception.args
        self.assertIn("36.4 % above what was assessed as possible", message)
        asked = (
            self.env[action["res_model"]]
            .with_user(self.user_owner)
            .with_context(**context)
            .create(
                {
                    "line_ids": [
                        Command.create({"line_id": line.id, "amount": 300})
                        for line in (self.line_hotel_sales, self.line_travel)
                    ]
                }
            )
        )
        row = asked.target_ids
        self.assertEqual((row.line_id, row.value), (self.target, 150.0))
        self.assertEqual(row.capacity_before, 110.0)
        row.capacity = 140
        self.assertEqual(asked.reason, "The fair")
        self._apply(asked)
        self.assertTarget(150)
        # who may not ask for money is told the same, without a door that is closed
        self.assertFalse(
            self.env["performance.budget.adjustment"]
            .with_user(self.chief)
            .has_access("create")
        )
        with (
            self.assertRaisesRegex(ValidationError, "above what was assessed"),
            self.env.cr.savepoint(),
        ):
            Change.with_user(self.chief).create({**vals, "value": 400})
        # what was agreed with open eyes, or goes no farther than that, is fair
        self.target.sudo().capacity = 100
        Change.with_user(self.chief).create({**vals, "value": 149})

    def test_the_capacity_of_a_request_is_not_typed(self):
        vals = {"line_id": self.target.id, "value": 105, "reason": "The fair"}
        vals["date_effective"] = date(2026, 7, 1)
        with self.assertRaises(AccessError):
            self.env["bsc.target.change"].with_user(self.user_owner).create(
                {**vals, "capacity": 1000}
            )
        change = self.env["bsc.target.change"].with_user(self.user_owner).create(vals)
        change.with_user(self.chief).action_approve()
        self.assertEqual((self.target.target, self.target.capacity), (105, 110))


@tagged("post_install", "-at_install")
class TestTargetAdjustmentUi(TargetAdjustmentCommon, HttpCase):
    def test_a_blocked_target_comes_with_its_money(self):
        """B10, P7: refused alone, asked with the money, granted, in both histories."""
        self.target.sudo().capacity = 110.0
        (self.level_owner | self.level_finance).active = False
        before = self._plan(self.line_hotel_sales)
        path = f"/odoo/my-scorecard/{self.card.id}"
        self.start_tour(path, "bsc_owner_asks_with_money", login=self.user_owner.login)
        asked = self.env["performance.budget.adjustment"].search(
            [("target_ids.line_id", "=", self.target.id)]
        )
        self.assertEqual(asked.state, "submitted")
        self.start_tour(
            f"/odoo/budget-adjustments/{asked.id}",
            "bsc_money_and_target_approved",
            login=self.user_manager.login,
        )
        self.assertEqual(asked.state, "applied")
        self.assertTarget(150)
        month = date(2026, 7, 1)
        self.assertGreater(self._plan(self.line_hotel_sales)[month], before[month])
        self.start_tour(path, "bsc_owner_sees_history", login=self.user_owner.login)
