from datetime import date, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from odoo.addons.bsc_appraisal.tests.scorecard_common import ScorecardCommon


@tagged("post_install", "-at_install")
class TestMeasurement(ScorecardCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.card = cls._create_card([(cls.income, 100, 100)], employee="anna")
        cls._run(cls.card)
        today = fields.Date.today()
        cls.figure = cls._measure(
            cls.card,
            cls.income,
            0,
            state="due",
            answer="value",
            date_due=today - timedelta(days=1),
            date_lock=today + timedelta(days=5),
        )

    def _as(self, user):
        return self.figure.with_user(user)

    def _deliver(self, value=90):
        self._as(self.collector).write({"value": value})
        self._as(self.collector).action_deliver()

    def test_one_delivers_another_verifies(self):
        """P8: entered and verified by named, different people."""
        self.assertEqual(self.figure.collector_id, self.collector)
        self.assertEqual(self.figure.verifier_id, self.officer)
        self._deliver()
        self.card.action_score()
        self.assertFalse(self.card.is_scored, "nothing counts before it is verified")
        for user in (self.collector, self.users["anna"]):
            with self.assertRaises(UserError):
                self._as(user).action_verify()
        self._as(self.officer).action_verify()
        self.assertRecordValues(
            self.figure,
            [
                {
                    "state": "verified",
                    "entered_by": self.collector.id,
                    "verified_by": self.officer.id,
                }
            ],
        )
        self.card.action_score()
        self.assertEqual(self.card.score, 90.0)

    def test_zero_has_to_be_said(self):
        """P9: a figure nobody gave never looks like a zero."""
        figure = self._as(self.collector)
        with self.assertRaisesRegex(UserError, "Zero, confirmed"):
            figure.action_deliver()
        figure.answer = "not_applicable"
        with self.assertRaisesRegex(UserError, "Note why"):
            figure.action_deliver()
        figure.write({"answer": "zero", "value": 5})
        with self.assertRaisesRegex(UserError, "A value is given"):
            figure.action_deliver()
        figure.value = 0
        figure.action_deliver()
        self.assertEqual(figure.state, "entered")

    def test_delivered_figures_are_closed_until_given_back(self):
        self._deliver()
        with self.assertRaises(UserError):
            self._as(self.collector).value = 1
        with self.assertRaises(UserError):
            self._as(self.officer).value = 1
        self._as(self.officer).action_return()
        self._as(self.collector).value = 91
        self.assertEqual(self.figure.value, 91.0)

    def test_two_collectors_at_once_lose_nothing(self):
        """Issue 5: the second one is told, the first value stays."""
        self._deliver(90)
        with self.assertRaisesRegex(UserError, "delivered already"):
            self._as(self.officer).action_deliver()
        self.assertEqual(
            (self.figure.value, self.figure.entered_by), (90, self.collector)
        )

    def test_locked_figures_are_delivered_late_by_hr_only(self):
        self.figure.sudo().date_lock = fields.Date.today()
        with self.assertRaisesRegex(UserError, "It is locked"):
            self._as(self.collector).value = 5
        with self.assertRaisesRegex(UserError, "It is locked"):
            self._as(self.collector).action_deliver()
        self._as(self.officer).value = 5
        self._as(self.officer).action_deliver()
        with self.assertRaisesRegex(UserError, "Another person verifies"):
            self._as(self.officer).action_verify()
        self._as(self.manager).action_verify()
        self.assertEqual(self.figure.state, "verified")

    def test_a_correction_is_a_new_version_that_another_verifies(self):
        """P8: append-only after verification, with a reason."""
        self._deliver(90)
        self._as(self.officer).action_verify()
        with self.assertRaisesRegex(UserError, "Say what was wrong"):
            self._as(self.collector)._correct(95, "value", " ")
        wizard = Form(
            self.env["bsc.measurement.correct"]
            .with_user(self.collector)
            .with_context(default_measurement_id=self.figure.id)
        )
        wizard.value = 95
        wizard.reason = "An invoice was late."
        wizard.save().action_correct()
        version = self.figure.search([("supersedes_id", "=", self.figure.id)])
        self.assertRecordValues(
            version,
            [
                {
                    "version": 2,
                    "value": 95.0,
                    "state": "entered",
                    "is_current": False,
                    "correction_reason": "An invoice was late.",
                }
            ],
        )
        self.card.action_score()
        self.assertRecordValues(self.card, [{"score": 90.0, "is_complete": True}])
        with self.assertRaisesRegex(UserError, "waits to be verified"):
            self._as(self.collector)._correct(96, "value", "Again")
        version.with_user(self.officer).action_verify()
        self.assertRecordValues(
            self.figure | version, [{"is_current": False}, {"is_current": True}]
        )
        self.card.action_score()
        self.assertEqual(self.card.score, 95.0)
        for user in (self.collector, self.officer, self.manager):
            with self.assertRaises(UserError):
                self.figure.with_user(user).write({"value": 1})
            with self.assertRaises(UserError):
                self.figure.with_user(user).unlink()

    def test_nobody_verifies_a_figure_about_himself(self):
        self.users["anna"].group_ids |= self.env.ref(
            "bsc_appraisal.group_appraisal_officer"
        )
        self._deliver()
        with self.assertRaisesRegex(UserError, "about himself"):
            self._as(self.users["anna"]).action_verify()

    def test_collector_writes_his_answer_and_nothing_else(self):
        figure = self._as(self.collector)
        for values in (
            {"date_due": "2027-01-01"},
            {"date_lock": "2027-01-01"},
            {"collector_id": self.officer.id},
            {"employee_id": self.employees["bert"].id},
            {"indicator_id": self.waste.id},
            {"state": "verified"},
            {"verified_by": self.officer.id},
            {"version": 4},
            {"is_current": False},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                figure.write(values)

    def test_same_person_cannot_be_both(self):
        with self.assertRaises(ValidationError):
            self._as(self.officer).verifier_id = self.collector

    def test_what_is_no_number_is_refused(self):
        for value in (float("nan"), float("inf"), -1e300, "abc"):
            with self.subTest(value), self.assertRaisesRegex(UserError, "reasonable"):
                self._as(self.collector).write({"value": value})
                self.env.flush_all()
            self.env.invalidate_all()
        self.assertEqual(self.figure.value, 0.0)


@tagged("post_install", "-at_install")
class TestSchedule(ScorecardCommon):
    def _run_cron(self, method):
        Cron = type(self.env["ir.cron"])
        with patch.object(Cron, "_commit_progress", lambda *a, **k: 1000.0):
            getattr(self.env["bsc.measurement"], method)()

    def test_figures_are_planned_once_from_agreed_cards(self):
        """P8: milestones and lock dates by the frequency of the indicator."""
        self.income.frequency = "quarter"
        card = self._create_card([(self.income, 60, 100), (self.waste, 40, 10)])
        self._create_card([(self.income, 100, None)], employee="anna")
        self._run(card)
        for _night in range(2):
            self._run_cron("_cron_schedule")
        figures = self.env["bsc.measurement"].search(
            [("company_id", "=", self.company.id)], order="indicator_id, date_to"
        )
        self.assertRecordValues(
            figures.filtered(lambda one: one.indicator_id == self.income),
            [
                {
                    "name": "Seaside Mills",
                    "date_to": date(2026, 3, 31),
                    "date_due": date(2026, 4, 5),
                    "date_lock": date(2026, 4, 15),
                    "collector_id": self.collector.id,
                    "state": "due",
                },
                {
                    "name": "Seaside Mills",
                    "date_to": date(2026, 6, 30),
                    "date_due": date(2026, 7, 5),
                    "date_lock": date(2026, 7, 15),
                    "collector_id": self.collector.id,
                    "state": "due",
                },
            ],
        )
        self.assertEqual(len(figures), 3)
        self.assertTrue(all(figures.mapped("is_late")))
        self.assertEqual(
            figures.search([("is_late", "=", True), ("id", "in", figures.ids)]), figures
        )

    def test_late_ones_are_chased_once_and_escalated_when_locked(self):
        """P8: reminders and escalation, one task per person and indicator."""
        card = self._create_card([(self.income, 100, 100)])
        self._run(card)
        self._run_cron("_cron_schedule")
        figure = self.env["bsc.measurement"].search(
            [("company_id", "=", self.company.id)]
        )
        figure.date_lock = fields.Date.today() + timedelta(days=2)
        for _night in range(2):
            self._run_cron("_cron_remind")
        self.assertEqual(self.income.activity_ids.user_id, self.collector)
        self.assertEqual(len(self.income.activity_ids), 1)
        figure.date_lock = fields.Date.today()
        self._run_cron("_cron_remind")
        self.assertIn(self.manager, self.income.activity_ids.user_id)
        figure.sudo().write({"state": "entered", "value": 1})
        self._run_cron("_cron_remind")
        self.assertIn(self.officer, self.income.activity_ids.user_id)

    def test_an_employee_cannot_plan_figures(self):
        with self.assertRaises(AccessError):
            self._measure(
                self._create_card([]).with_user(self.employee),
                self.income.with_user(self.employee),
                1,
            ).with_user(self.employee).copy()
