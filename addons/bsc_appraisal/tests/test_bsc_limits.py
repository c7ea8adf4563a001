from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.bsc_appraisal.tests.scorecard_common import ScorecardCommon


@tagged("post_install", "-at_install")
class TestLimits(ScorecardCommon):
    """P6: a range is agreed like a target; steps are shown as the indicator's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna, cls.lead = cls.users["anna"], cls.users["lead"]
        cls.rate = cls._create_measured(
            code="RNG", name="Rate", calculation="range", direction="range"
        )
        cls.steps = cls._create_measured(
            code="STP", name="Days", calculation="steps", score_points="1: 60\n5: 100"
        )
        cls.card = cls._create_card(
            [(cls.rate, 60, None), (cls.steps, 40, None)], employee="anna"
        )
        cls.range_line, cls.steps_line = cls.card.line_ids

    def test_a_range_is_proposed_countered_and_agreed(self):
        line = self.range_line
        with self.assertRaisesRegex(UserError, "not agreed yet.*Rate"):
            self.card.with_user(self.lead).action_agree()
        line.with_user(self.lead).write(
            {"low": 85, "high": 100, "zero_low": 40, "zero_high": 120}
        )
        self.assertEqual(line.target_status, "superior")
        line.with_user(self.lead).zero_high = 130
        self.assertEqual(line._get_limits()["zero_low"], 40.0)
        first = line.proposal_ids.sorted("id")[0]
        self.assertEqual(first.answer, "countered")
        self.env["bsc.target.proposal"].with_user(self.anna).create(
            {
                "line_id": line.id,
                "low": 80,
                "high": 100,
                "zero_low": 40,
                "zero_high": 130,
                "reason": "The first quarter is always slow.",
            }
        )
        self.assertEqual((line.target_status, line.low), ("subordinate", 80.0))
        line.with_user(self.lead).action_accept_target()
        self.assertEqual(line.target_status, "agreed")
        self.assertEqual(
            line.target_ids.limits, "80 to 100, nothing below 40 or above 130"
        )
        self.card.with_user(self.lead).action_agree()

    def test_limits_out_of_order_are_refused_when_they_are_proposed(self):
        with self.assertRaisesRegex(ValidationError, "not in order"):
            self.range_line.with_user(self.lead).write({"low": 100, "high": 85})

    def test_steps_are_shown_and_leave_nothing_to_agree_on(self):
        self.assertEqual(
            self.steps_line.limits_text, "By the indicator: 1: 60 %, 5: 100 %"
        )
        self.assertNotIn(self.steps_line, self.card._get_open_targets())
        for values in ({"target": 5}, {"target": 0}):
            with self.assertRaisesRegex(ValidationError, "steps of the indicator"):
                self.steps_line.with_user(self.lead).write(values)
        self.assertTrue(self.card.has_limits)

    def test_an_agreed_range_changes_by_request(self):
        limits = {"low": 85, "high": 100, "zero_low": 40, "zero_high": 130}
        self.range_line._set_target(0, "agreed", limits)
        self._run(self.card)
        with self.assertRaises(UserError):
            self.range_line.with_user(self.lead).low = 1
        request = {"line_id": self.range_line.id, "reason": "Flood"}
        request["date_effective"] = "2026-04-01"
        Change = self.env["bsc.target.change"].with_user(self.anna)
        change = Change.create({**request, **limits, "low": 70})
        self.assertEqual(change.old_limits, "85 to 100, nothing below 40 or above 130")
        with self.assertRaises(UserError):
            change.low = 1
        change.with_user(self.lead).action_approve()
        self.assertEqual(self.range_line.low, 70.0)
        self.assertIn("70 to 100", self.range_line.target_ids[-1].limits)
        with self.assertRaisesRegex(ValidationError, "steps of the indicator"):
            Change.create({**request, "line_id": self.steps_line.id})

    def test_a_new_line_without_numbers_is_open(self):
        """A form sends zeros for what nobody typed: that is no proposal."""
        card = self._create_card([], employee="bert")
        card.with_user(self.lead).line_ids = [
            (0, 0, {"indicator_id": self.rate.id, "weight": 50, "target": 0, "low": 0}),
            (0, 0, {"indicator_id": self.income.id, "weight": 50, "target": 0}),
        ]
        self.assertEqual(set(card.line_ids.mapped("target_status")), {"open"})

    def test_the_next_cycle_starts_from_the_range(self):
        self.range_line.write({"low": 85, "high": 100})
        copied = self.range_line._prepare_copies()[0]
        self.assertEqual(copied["target_status"], "superior")
        self.assertEqual(copied["low"], 85.0)
