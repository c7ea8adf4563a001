from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.budget_performance.tests.adjustment_common import (
    JULY,
    AdjustmentCommon,
)


class TargetAdjustmentCommon(AdjustmentCommon):
    """Sales is measured by its income and asks for hotel money with a higher target.

    The owner of Sales' lines is its head and so the subject; the chief appraises him.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids |= cls.env.ref("bsc_appraisal.group_appraisal_manager")
        create = cls._create_user
        cls.chief = create("chief", "base.group_user", cls.company)
        cls.hr = create("hr", "bsc_appraisal.group_appraisal_manager", cls.company)
        cls.finance = create(
            "finance", "budget_performance.group_budget_officer", cls.company
        )
        cls.emp_owner.parent_id = cls._create_employee(cls.chief, cls.making)
        cls.perspective = cls.env["bsc.perspective"].create(
            {"name": "Money", "code": "TM"}
        )
        cls.income, cls.waste = (cls._create_indicator(code) for code in ("INC", "WST"))
        cls.cycle = cls.env["bsc.cycle"].create(
            {
                "name": "2026",
                "company_id": cls.company.id,
                "date_from": date(2026, 1, 1),
                "date_to": date(2026, 12, 31),
                "responsible_id": cls.hr.id,
            }
        )
        cls.card = cls.env["bsc.scorecard"].create(
            {
                "cycle_id": cls.cycle.id,
                "subject_kind": "department",
                "department_id": cls.sales.id,
                "line_ids": [
                    Command.create({"indicator_id": cls.income.id, "weight": 60}),
                    Command.create({"indicator_id": cls.waste.id, "weight": 40}),
                ],
            }
        )
        cls.target, cls.other = cls.card.line_ids
        for line in cls.card.line_ids:
            line._set_target(100, "agreed")
        cls.card.action_agree()

    @classmethod
    def _create_indicator(cls, code, **values):
        indicator = cls.env["bsc.indicator"].create(
            {
                "name": code,
                "code": code,
                "company_id": cls.company.id,
                "perspective_id": cls.perspective.id,
                "unit": "CNY",
                "statistical_rule": f"What {code} counts.",
                "source": "Books",
                "collector_id": cls.user_employee.id,
                **values,
            }
        )
        indicator.action_activate()
        return indicator

    @classmethod
    def _ask(cls, value=120.0, user=None, line=None, **values):
        """Return a draft: 300 more for hotels of Sales, and a higher target."""
        line = line or cls.target
        return cls._adjust(
            [(cls.line_hotel_sales, 300, JULY), (cls.line_travel, 300, JULY)],
            kind="supplement",
            user=user or cls.user_owner,
            target_ids=[
                Command.create(
                    {
                        "line_id": line.id,
                        "value": value,
                        "date_effective": date(2026, 7, 1),
                    }
                )
            ],
            **values,
        )

    def _apply(self, adjustment):
        adjustment.action_submit()
        second = self._create_user(
            f"second{adjustment.id}",
            "budget_performance.group_budget_manager",
            self.company,
        )
        for user in (self.finance, self.user_manager, second, self.user_officer):
            as_user = adjustment.with_user(user)
            if adjustment.sudo().state == "submitted" and (
                not as_user.sudo(False)._get_cannot_decide_reason()
            ):
                as_user.action_approve()

    def assertTarget(self, value, line=None):
        line = line or self.target
        line.invalidate_recordset()
        self.assertEqual(line.target, value)


@tagged("post_install", "-at_install")
class TestTargetAdjustment(TargetAdjustmentCommon):
    """B10: one approval changes the budget and the targets, and tells people."""

    def test_money_and_target_change_with_one_approval(self):
        adjustment = self._ask()
        row = adjustment.target_ids
        before = self._plan(self.line_hotel_sales)
        self.assertEqual((row.value_before, row.value), (100.0, 120.0))
        self._apply(adjustment)
        self.assertEqual(adjustment.sudo().state, "applied")
        self.assertEqual(self._plan(self.line_hotel_sales)[JULY], before[JULY] + 300)
        self.assertTarget(120.0)
        self.assertTarget(100.0, self.other)
        self.assertEqual((row.value_before, row.value), (100.0, 120.0))
        self.assertRecordValues(
            row.change_id.sudo(),
            [
                {
                    "state": "approved",
                    "old_value": 100.0,
                    "value": 120.0,
                    "requester_id": self.user_owner.id,
                    "adjustment_id": adjustment.id,
                    "reason": "The fair was moved",
                }
            ],
        )
        self.assertRecordValues(
            self.target.target_ids,
            [
                {"value": 100.0, "date_effective": date(2026, 1, 1)},
                {"value": 120.0, "date_effective": date(2026, 7, 1)},
            ],
        )
        self.assertFalse(row.change_id.sudo().activity_ids)
        self.assertExplained()

    def test_people_concerned_are_told_when_it_is_asked_and_when_it_counts(self):
        adjustment = self._ask()
        adjustment.action_submit()
        asked = self._find_messages(self.card)
        self.assertEqual(asked.notified_partner_ids, self.chief.partner_id)
        self.assertIn("from 100 to 120", asked.body)
        self._apply(self._ask(80.0, line=self.other))
        change = self.env["bsc.target.change"].search([("line_id", "=", self.other.id)])
        self.assertEqual(
            self._find_messages(change).notified_partner_ids,
            (self.chief | self.user_owner).partner_id,
        )

    def _find_messages(self, record):
        return (
            self.env["mail.message"]
            .sudo()
            .search([("model", "=", record._name), ("res_id", "=", record.id)])
            .filtered("notified_partner_ids")
        )

    def test_every_level_decides_and_never_the_subject(self):
        """A target has no amount: management decides though 600 are few."""
        plain = self._adjust(
            [(self.line_hotel_sales, 300, JULY), (self.line_travel, 300, JULY)],
            kind="supplement",
        ).sudo()
        self.assertNotIn(self.level_management, plain._get_levels())
        asked = self._ask(user=self.user_owner).sudo()
        self.assertIn(self.level_management, asked._get_levels())
        of_chief = self._ask(user=self.user_owner, value=130).sudo()
        of_chief.requester_id = self.user_maker
        of_chief.with_user(self.user_maker).sudo()._do_submit(self.user_maker)
        self.assertIn(
            "own request",
            of_chief.with_user(self.user_owner).sudo(False)._get_cannot_decide_reason(),
        )

    def test_when_the_target_fails_no_money_moves(self):
        adjustment = self._ask()
        plans = {self.line_hotel_sales: self._plan(self.line_hotel_sales)}
        Line = type(self.env["bsc.scorecard.line"])
        with patch.object(Line, "_set_target", side_effect=UserError("No such luck")):
            self._apply(adjustment)
        self.assertEqual(adjustment.sudo().state, "approved")
        self.assertTarget(100.0)
        self.assertUnchanged(plans)
        self.assertFalse(adjustment.target_ids.change_id)
        self.assertIn("No such luck", adjustment.sudo().message_ids[0].body)
        adjustment.with_user(self.user_officer).action_apply()
        self.assertTarget(120.0)

    def test_a_final_score_stops_the_money(self):
        adjustment = self._ask()
        self.card.sudo().state = "final"
        plans = {self.line_hotel_sales: self._plan(self.line_hotel_sales)}
        with self.assertRaisesRegex(ValidationError, "already final"):
            adjustment.action_submit()
        self.card.sudo().state = "agreed"
        adjustment.action_submit()
        self.card.sudo().state = "final"
        adjustment.sudo().state = "approved"
        with (
            patch.object(type(adjustment), "_check_unchanged"),
            self.assertRaisesRegex(ValidationError, "already final"),
        ):
            adjustment.with_user(self.user_officer).action_apply()
        self.assertUnchanged(plans)

    def test_when_the_money_fails_no_target_changes(self):
        adjustment = self._ask()
        Change = type(self.env["performance.budget.plan.change"])
        with patch.object(Change, "_change_plan", side_effect=UserError("No money")):
            self._apply(adjustment)
        self.assertEqual(adjustment.sudo().state, "approved")
        self.assertTarget(100.0)
        self.assertFalse(adjustment.target_ids.change_id)
        self.assertEqual(len(self.target.target_ids), 1)

    def test_a_target_changed_after_a_decision_voids_it(self):
        for change in (
            lambda adjustment: adjustment.target_ids.sudo().write({"value": 1}),
            lambda adjustment: adjustment.target_ids.sudo().unlink(),
            lambda adjustment: self.target._set_target(110, "agreed"),
        ):
            adjustment = self._ask()
            adjustment.action_submit()
            print_before = adjustment.sudo()._get_fingerprint()
            change(adjustment)
            self.assertNotEqual(adjustment.sudo()._get_fingerprint(), print_before)
        adjustment = self._ask()
        adjustment.action_submit()
        first = next(
            user
            for user in (self.user_manager, self.finance)
            if not adjustment.with_user(user).sudo(False)._get_cannot_decide_reason()
        )
        adjustment.with_user(first).action_approve()
        adjustment.target_ids.sudo().value = 500
        with self.assertRaisesRegex(UserError, "changed after a decision"):
            self._apply_rest(adjustment)
        self.assertTarget(110.0)

    def _apply_rest(self, adjustment):
        for number in range(5):
            user = self._create_user(
                f"rest{number}",
                "budget_performance.group_budget_manager",
                self.company,
            )
            adjustment.with_user(user).action_approve()

    def test_a_counter_adjustment_takes_the_target_back(self):
        adjustment = self._ask()
        self._apply(adjustment)
        before = self._plan(self.line_hotel_sales)
        action = adjustment.with_user(self.user_officer).action_reverse()
        reversal = self.env["performance.budget.adjustment"].browse(action["res_id"])
        self.assertRecordValues(
            reversal.target_ids,
            [{"line_id": self.target.id, "value_before": 120.0, "value": 100.0}],
        )
        self._apply(reversal.with_user(self.user_officer))
        self.assertEqual(reversal.state, "applied")
        self.assertTarget(100.0)
        self.assertEqual(self._plan(self.line_hotel_sales)[JULY], before[JULY] - 300)
        self.assertEqual(self.target.target_ids.mapped("value"), [100.0, 100.0, 120.0])
        self.assertExplained()

    def test_what_cannot_be_asked_is_refused_with_its_reason(self):
        rows = [
            (lambda: self._ask(100.0), "is the present one"),
            (lambda: self._ask(line=self.other), "another request"),
        ]
        self.env["bsc.target.change"].with_user(self.user_owner).create(
            {"line_id": self.other.id, "value": 50, "reason": "Flood"}
        )
        for make, reason in rows:
            with (
                self.subTest(reason),
                self.assertRaisesRegex(ValidationError, reason),
            ):
                make().action_submit()
        steps = self._create_indicator(
            "STP", calculation="steps", score_points="1: 60\n5: 100"
        )
        line = self.card.sudo().line_ids.create(
            {"scorecard_id": self.card.id, "indicator_id": steps.id}
        )
        with self.assertRaisesRegex(ValidationError, "steps of the indicator"):
            self._ask(line=line)
        with self.assertRaisesRegex(ValidationError, "counts from a day"):
            self._ask().target_ids.date_effective = date(2027, 1, 1)
        with self.assertRaisesRegex(UserError, "reasonable size"):
            self._ask(float("nan"))
        alone = self._ask()
        alone.line_ids.unlink()
        with self.assertRaisesRegex(ValidationError, "which line gets"):
            alone.action_submit()

    def test_only_those_with_a_say_ask_for_a_target(self):
        """Subject, appraiser and HR; not whoever owns a budget line."""
        with self.assertRaises(AccessError):
            self._ask(user=self.user_maker)
        with self.assertRaises(AccessError):
            self._ask(user=self.user_officer)
        draft = self._ask()
        for user in (self.user_officer, self.finance, self.user_maker):
            with self.subTest(user.login), self.assertRaises(AccessError):
                draft.target_ids.with_user(user).value = 1
        self.user_officer.group_ids |= self.env.ref(
            "bsc_appraisal.group_appraisal_officer"
        )
        draft.target_ids.with_user(self.user_officer).value = 110
        self.assertEqual(draft.target_ids.value, 110.0)

    def test_submitted_rows_are_closed_and_applied_ones_are_not_forged(self):
        draft = self._ask()
        row = draft.target_ids
        for values in ({"applied_before": 1.0}, {"change_id": False}):
            with self.subTest(values), self.assertRaises(AccessError):
                row.with_user(self.user_owner).write(values)
        draft.action_submit()
        for attempt in (
            lambda: row.with_user(self.user_owner).write({"value": 1}),
            lambda: row.with_user(self.user_owner).unlink(),
        ):
            with self.assertRaisesRegex(UserError, "was submitted"):
                attempt()
        with self.assertRaises(UserError):
            draft.write({"target_ids": [Command.clear()]})

    def test_each_role_reads_the_rows_of_its_adjustments(self):
        adjustment = self._ask()
        adjustment.action_submit()
        rows = [
            (self.user_owner, True),
            (self.finance, True),
            (self.user_manager, True),
            (self.user_auditor, True),
            (self.user_maker, False),
            (self.user_employee, False),
            (self.chief, False),
        ]
        for user, sees in rows:
            found = (
                self.env["bsc.target.adjustment"]
                .with_user(user)
                .search([("adjustment_id", "=", adjustment.id)])
            )
            with self.subTest(user.login):
                self.assertEqual(bool(found), sees)
        # finance reads what it decides on, without reading the scorecard itself
        row = adjustment.target_ids.with_user(self.finance)
        shown = row.web_read(
            {
                "scorecard_id": {"fields": {"display_name": {}}},
                "line_id": {"fields": {"display_name": {}}},
                "value_before": {},
                "unit": {},
            }
        )[0]
        self.assertEqual(shown["value_before"], 100.0)
        self.assertIn("Sales", shown["scorecard_id"]["display_name"])
        with self.assertRaises(AccessError):
            self.card.with_user(self.finance).read(["score"])
