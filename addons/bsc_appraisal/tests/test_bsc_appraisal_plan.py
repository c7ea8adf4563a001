import doctest
from contextlib import closing
from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from odoo.addons.bsc_appraisal.tests.scorecard_common import ScorecardCommon
from odoo.addons.bsc_appraisal.tools import hierarchy, occurrence


class TestOccurrence(BaseCase):
    def test_doctests_hold(self):
        for module in (occurrence, hierarchy):
            self.assertEqual(doctest.testmod(module).failed, 0)

    def test_days_follow_each_other(self):
        """Day by day, the next day never lies before the question nor skips a step."""
        first = date(2026, 1, 31)
        for number in range(800):
            since = date.fromordinal(first.toordinal() + number)
            for trigger, months in (("month", 1), ("months", 5), ("year", 12)):
                day = occurrence.next_day(trigger, first, months, since=since)
                self.assertGreaterEqual(day, since)
                self.assertLess((day - since).days, months * 31)

    def test_long_chains_and_branches(self):
        above = {number: number + 1 for number in range(5000)}
        self.assertEqual(hierarchy.circles(above), {})
        above[5000] = 4999
        self.assertEqual(
            hierarchy.circles(above), {key: [4999, 5000] for key in (4999, 5000)}
        )


class PlanCommon(ScorecardCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = {
            name: cls.employees[name].sudo() for name in ("anna", "bert", "lead")
        }
        cls.env["bsc.indicator.assignment"].create(
            {
                "job_id": cls.job.id,
                "indicator_id": cls.income.id,
                "weight": 100.0,
            }
        )

    @classmethod
    def _create_plan(cls, **values):
        defaults = {
            "name": "Spinners",
            "company_id": cls.company.id,
            "job_ids": [Command.set(cls.job.ids)],
            "trigger": "month",
            "date_first": "2026-01-01",
            "form": "short",
            "cycle_months": 1,
            "lead_days": 7,
            "responsible_id": cls.manager.id,
        }
        return cls.env["bsc.appraisal.plan"].create({**defaults, **values})

    def _run_cron(self):
        cron = self.env.ref("bsc_appraisal.ir_cron_bsc_appraisal_plan")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _rows(self, plan, **values):
        domain = [("plan_id", "=", plan.id)]
        domain += [(name, "=", value) for name, value in values.items()]
        return self.env["bsc.appraisal.start"].search(domain)

    def _list(self, plan):
        return [
            (row.employee_id.name, str(row.date_due), row.state, row.reason)
            for row in self._rows(plan)
        ]


@tagged("post_install", "-at_install")
class TestBscAppraisalPlan(PlanCommon):
    def test_monthly_short_form_starts_once(self):
        """A week before the day both are told; a second run makes nothing."""
        plan = self._create_plan()
        self._run_cron()
        self.assertEqual(
            self._list(plan),
            [("Anna", "2026-08-01", "planned", False)]
            + [("Bert", "2026-08-01", "planned", False)],
        )
        self.assertFalse(plan.cycle_ids)
        with freeze_time("2026-07-25"):
            self._run_cron()
            self._run_cron()
        self.assertEqual(
            self._list(plan),
            [(name, "2026-08-01", "started", False) for name in ("Anna", "Bert")]
            + [(name, "2026-09-01", "planned", False) for name in ("Anna", "Bert")],
        )
        cycle = plan.cycle_ids
        self.assertRecordValues(
            cycle,
            [
                {
                    "form": "short",
                    "state": "assess",
                    "date_from": date(2026, 7, 1),
                    "date_to": date(2026, 7, 31),
                    "competency_weight": 100.0,
                }
            ],
        )
        cards = cycle.scorecard_ids
        self.assertEqual(set(cards.mapped("state")), {"agreed"})
        self.assertFalse(cards.line_ids)
        assessments = cards.assessment_ids
        self.assertEqual(assessments.mapped("side"), ["manager", "manager"])
        self.assertEqual(assessments.activity_ids.user_id, self.users["lead"])
        self.assertEqual(
            cards.activity_ids.user_id, self.users["anna"] | self.users["bert"]
        )

    def test_short_form_comes_to_a_rating(self):
        """A mark of 3 counts like a met target: 100 points."""
        own = self.env["bsc.competency"].create(
            {"name": "Clean machine", "job_ids": [Command.set(self.job.ids)]}
        )
        plan = self._create_plan()
        with freeze_time("2026-07-25"):
            self._run_cron()
            cycle = plan.cycle_ids
            with self.assertRaisesRegex(UserError, "not judged"):
                cycle.with_user(self.manager).action_advance()
            for one in cycle.scorecard_ids.assessment_ids:
                self.assertEqual(one.line_ids.competency_id, own)
                mine = one.with_user(self.users["lead"])
                mine.line_ids.value = "3"
                mine.action_hand_in()
            cycle.with_user(self.manager).action_advance()
        for card in cycle.scorecard_ids:
            self.assertEqual((card.state, card.combined_score), ("final", 100.0))
            self.assertEqual(
                card.rating_id,
                self.env["bsc.grade"]._find_grade(self.company, 100.0),
            )

    def test_full_form_rests_on_the_post(self):
        plan = self._create_plan(trigger="year", form="full", cycle_months=6)
        with freeze_time("2026-12-28"):
            self._run_cron()
        cycle = plan.cycle_ids
        self.assertEqual(
            (cycle.state, str(cycle.date_from), str(cycle.date_to)),
            ("plan", "2027-01-01", "2027-06-30"),
        )
        people = cycle.scorecard_ids.filtered("employee_id")
        self.assertEqual(people.line_ids.indicator_id, self.income)
        self.assertEqual(len(people.line_ids), 2)
        self.assertEqual(people.mapped("state"), ["draft", "draft"])
        self.assertEqual(cycle.activity_ids.user_id, self.users["lead"])
        self.assertEqual(
            people.activity_ids.user_id, self.users["anna"] | self.users["bert"]
        )

    def test_after_the_hire_people_of_a_month_share_a_cycle(self):
        for name, day in (("anna", "2026-05-04"), ("bert", "2026-05-20")):
            self.people[name].version_id.date_version = day
        plan = self._create_plan(trigger="hire", months=3, cycle_months=3)
        self._run_cron()
        self.assertEqual(
            [row[1] for row in self._list(plan)], ["2026-08-04", "2026-08-20"]
        )
        for day in ("2026-07-28", "2026-08-13", "2026-11-28"):
            with freeze_time(day):
                self._run_cron()
        self.assertEqual(len(plan.cycle_ids), 1)
        self.assertEqual(len(plan.cycle_ids.scorecard_ids), 2)
        self.assertEqual(len(self._rows(plan)), 2)

    def test_who_reached_the_months_before_the_plan_is_not_appraised(self):
        self.people["anna"].version_id.date_version = "2026-01-01"
        self.people["bert"].version_id.date_version = "2026-06-01"
        plan = self._create_plan(trigger="hire", months=3, date_first="2026-07-01")
        self._run_cron()
        self.assertEqual(self._rows(plan).employee_id, self.people["bert"])

    def test_a_changed_rule_moves_the_planned_days(self):
        plan = self._create_plan()
        self._run_cron()
        plan.with_user(self.manager).date_first = "2026-01-15"
        plan.with_user(self.officer).action_preview()
        self.assertEqual({row[1] for row in self._list(plan)}, {"2026-08-15"})
        plan.job_ids = [Command.clear()]
        plan.department_ids = self.mill
        self.people["anna"].department_id = False
        plan.with_user(self.officer).action_preview()
        self.assertEqual(self._rows(plan).employee_id, self.people["bert"])

    def test_reasons_are_said_and_the_next_night_starts(self):
        self.people["anna"].parent_id = False
        plan = self._create_plan()
        with freeze_time("2026-07-25"):
            self._run_cron()
            self.assertEqual(
                self._list(plan)[:2],
                [("Anna", "2026-08-01", "left_out", "no_superior")]
                + [("Bert", "2026-08-01", "started", False)],
            )
            row = self._rows(plan, state="left_out").with_user(self.officer)
            self.assertIn("has no superior", row.explanation)
            self.people["anna"].parent_id = self.people["lead"]
            self._run_cron()
            self.assertEqual(row.state, "started")
            self.assertEqual(len(plan.cycle_ids.scorecard_ids), 2)

    def test_archived_departed_and_late_ones_are_left_out(self):
        plan = self._create_plan()
        self._run_cron()
        self.people["anna"].action_archive()
        self.people["bert"].departure_date = "2026-07-24"
        with freeze_time("2026-07-25"):
            self._run_cron()
            self.assertEqual(
                [row[2:] for row in self._list(plan)][:2],
                [("left_out", "archived"), ("left_out", "departed")],
            )
            self.assertFalse(plan.cycle_ids)
            self.people["bert"].departure_date = False
            self._run_cron()
            plan.cycle_ids.state = "feedback"
            self.people["anna"].action_unarchive()
            self._run_cron()
        self.assertEqual(
            [row[2:] for row in self._list(plan)][:2],
            [("left_out", "cycle_over"), ("started", False)],
        )

    def test_the_database_refuses_a_second_start(self):
        plan = self._create_plan()
        self._run_cron()
        row = self._rows(plan)[0]
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.env["bsc.appraisal.start"].create(
                plan._prepare_start(row.employee_id, row.date_due)
            ).flush_recordset()

    def test_the_database_refuses_a_second_cycle(self):
        plan = self._create_plan()
        cycle = plan._get_cycle(date(2026, 8, 1))
        self.assertEqual(plan._get_cycle(date(2026, 8, 1)), cycle)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            cycle.copy({"plan_id": plan.id}).flush_recordset()

    def test_the_second_of_two_passes_over_what_the_first_works_at(self):
        """Another transaction holds the plan: nothing waits, fails or is done twice."""
        plan = self.env.ref("bsc_appraisal.bsc_appraisal_plan_year")  # is committed
        self._rows(plan).unlink()
        employee = plan._find_people()[:1]
        self.assertTrue(employee)
        row = self.env["bsc.appraisal.start"].create(
            plan._prepare_start(employee, fields.Date.today())
        )
        domain = [("plan_id", "=", plan.id)]
        cycles = self.env["bsc.cycle"].search_count(domain)
        with closing(self.registry.cursor()) as other:
            other.execute(
                "SELECT id FROM bsc_appraisal_plan WHERE id = %s FOR NO KEY UPDATE",
                [plan.id],
            )
            self._run_cron()
            plan.with_user(self.env.ref("base.user_admin")).action_preview()
            self.assertEqual(row.state, "planned")
            self.assertEqual(self._rows(plan), row)
            self.assertEqual(self.env["bsc.cycle"].search_count(domain), cycles)
        self._run_cron()
        self.assertNotEqual(row.state, "planned")
        self.assertGreater(len(self._rows(plan)), 1)

    def test_a_plan_in_use_keeps_its_kind(self):
        plan = self._create_plan()
        plan._get_cycle(date(2026, 8, 1))
        with self.assertRaisesRegex(UserError, "archive it"):
            plan.with_user(self.manager).form = "full"
        with self.assertRaisesRegex(UserError, "archive it"):
            plan.with_user(self.manager).unlink()
        plan.with_user(self.manager).write({"form": "short", "name": "Other"})

    def test_rights(self):
        plan = self._create_plan()
        self._run_cron()
        rows = self._rows(plan)
        Plan = self.env["bsc.appraisal.plan"]
        for user in (self.users["lead"], self.users["anna"], self.portal):
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    Plan.with_user(user).search([])
                with self.assertRaises(AccessError):
                    rows.with_user(user).read(["employee_id"])
        for user in (self.officer, self.auditor):
            self.assertTrue(rows.with_user(user).read(["employee_id", "date_due"]))
            with self.assertRaises(AccessError):
                plan.with_user(user).name = "Mine"
        for user in (self.officer, self.manager, self.auditor):
            with self.assertRaises(AccessError):
                rows.with_user(user).write({"state": "started"})
            with self.assertRaises(AccessError):
                rows.with_user(user).create(
                    plan._prepare_start(self.people["lead"], date(2026, 8, 1))
                )
        with self.assertRaisesRegex(UserError, "officers"):
            plan.with_user(self.auditor).action_preview()
        with self.assertRaises(AccessError):
            self.cycle.with_user(self.manager).plan_id = plan
        other = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self._create_plan(
            company_id=other.id, job_ids=False, responsible_id=self.env.uid
        )
        self.assertNotIn(foreign, Plan.with_user(self.officer).search([]))


@tagged("post_install", "-at_install")
class TestBscAppraisalLaunch(PlanCommon):
    def _create_launch(self, user=None, **values):
        defaults = {"cycle_id": self.cycle.id, "department_id": self.mill.id}
        return (
            self.env["bsc.appraisal.launch"]
            .with_user(user or self.officer)
            .create({**defaults, **values})
        )

    def test_a_department_starts_in_one_step_and_once(self):
        launch = self._create_launch()
        self.assertEqual((launch.new_count, launch.left_out_count), (2, 0))
        self.assertEqual(launch.new_names, "Anna\nBert")
        launch.action_launch()
        cards = self.cycle.scorecard_ids
        self.assertEqual(cards.employee_id, self.people["anna"] | self.people["bert"])
        self.assertEqual(cards.filtered("job_id").job_id, self.job)
        self.assertEqual(
            cards.filtered("employee_id").line_ids.indicator_id, self.income
        )
        self.assertEqual(self.cycle.activity_ids.user_id, self.users["lead"])
        launch = self._create_launch()
        self.assertEqual((launch.new_count, launch.known_count), (0, 2))
        with self.assertRaisesRegex(UserError, "Nobody is left"):
            launch.action_launch()
        self.assertEqual(self.cycle.scorecard_ids, cards)

    def test_posts_and_departments_below_narrow_it(self):
        self.assertFalse(self._create_launch(with_children=False).new_count)
        other = self.env["hr.job"].create(
            {"name": "Weaver", "company_id": self.company.id}
        )
        self.people["bert"].job_id = other
        launch = self._create_launch()
        self.assertEqual(launch.new_names, "Anna")
        self.assertIn("post without indicators (Weaver)", launch.left_out_text)
        self.assertFalse(self._create_launch(job_ids=other.ids).new_count)

    def test_circles_are_refused_by_name_at_every_door(self):
        self.people["lead"].parent_id = self.people["anna"]
        self.people["lead"].write(
            {"department_id": self.spinning.id, "job_id": self.job.id}
        )
        launch = self._create_launch()
        self.assertEqual(launch.new_names, "Bert")
        self.assertIn("Anna manages and is managed in a circle", launch.left_out_text)
        self.assertIn("Lead, Anna", launch.left_out_text)
        with (
            self.assertRaisesRegex(UserError, "circle: Lead, Anna"),
            self.cr.savepoint(),
        ):
            self._create_card([], employee="anna")
        self.cycle.with_user(self.officer).action_generate()
        with self.enter_registry_test_mode():
            self.env.ref("bsc_appraisal.ir_cron_bsc_generate").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.cycle.scorecard_ids.employee_id, self.people["bert"])
        self.assertEqual(self.cycle.circle_names, "Lead, Anna")

    def test_nobody_is_his_own_superior(self):
        self.people["anna"].parent_id = self.people["anna"]
        self.people["bert"].parent_id.user_id = False
        launch = self._create_launch()
        self.assertFalse(launch.new_count)
        self.assertIn("Anna is their own superior", launch.left_out_text)
        self.assertIn("by Lead, who has no user account", launch.left_out_text)
        with self.assertRaisesRegex(UserError, "own superior"):
            self._create_card([], employee="anna")
        card = self._create_card([], employee="bert")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            card.sudo().appraiser_id = card.responsible_id
            card.flush_recordset()

    def test_rights_and_stages(self):
        with self.assertRaises(AccessError):
            self._create_launch(user=self.users["lead"])
        launch = self._create_launch()
        self.cycle.state = "assess"
        with self.assertRaisesRegex(UserError, "choose the next cycle"):
            launch.action_launch()

    def test_public_methods_are_the_known_ones(self):
        known = {
            "bsc.appraisal.plan": {"action_open_cycles", "action_preview"},
            "bsc.appraisal.start": {"action_open_scorecard"},
            "bsc.appraisal.launch": {"action_launch"},
            "bsc.reminder": set(),
        }
        base = set(dir(self.env.registry["bsc.finite.mixin"]))
        for model, names in known.items():
            public = {
                name
                for name in set(dir(self.env.registry[model])) - base
                if name.isidentifier()
                and not name.startswith("_")
                and name not in self.env[model]._fields
            }
            self.assertEqual(public, names)
