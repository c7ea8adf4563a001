from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.bsc_appraisal.tests.scorecard_common import ScorecardCommon


@tagged("post_install", "-at_install")
class TestCycleStages(ScorecardCommon):
    def test_a_cycle_goes_from_planning_to_closed(self):
        """P10: plan, coach, assess, feedback; scores are final after the assessment."""
        card = self._create_card([(self.income, 100, 100)])
        card.action_agree()
        cycle = self.cycle.with_user(self.manager)
        cycle.action_advance()
        self._measure(card, self.income, 90)
        card.action_score()
        cycle.action_advance()
        self.assertEqual(cycle.state, "assess")
        cycle.action_advance()
        self.assertEqual((cycle.state, card.state), ("feedback", "final"))
        cycle.action_step_back()
        self.assertEqual((cycle.state, card.state), ("assess", "agreed"))
        cycle.action_advance()
        cycle.action_publish()
        cycle.action_advance()
        self.assertEqual(cycle.state, "closed")
        for action in (cycle.action_step_back, cycle.action_advance):
            with self.assertRaisesRegex(UserError, "is closed"):
                action()
        with self.assertRaisesRegex(UserError, "is closed"):
            cycle.name = "Another"

    def test_a_stage_is_left_only_when_its_work_is_done(self):
        card = self._create_card([(self.income, 60, 100), (self.waste, 40, 10)])
        cycle = self.cycle.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "not agreed"):
            cycle.action_advance()
        card.action_agree()
        cycle.action_advance()
        cycle.action_advance()
        with self.assertRaisesRegex(UserError, "less measured than required"):
            cycle.action_advance()
        self._measure(card, self.income, 90)
        cycle.min_coverage = 50
        with self.assertRaisesRegex(UserError, "figures are missing"):
            cycle.action_advance()
        self._measure(card, self.waste, 10)
        cycle.action_advance()
        self.assertEqual(card.state, "final")
        self.assertEqual(card.score, 94.0, "with what was verified a moment ago")

    def test_figures_are_planned_as_soon_as_a_cycle_runs(self):
        self._create_card([(self.income, 100, 100)]).action_agree()
        job = self.env.ref("bsc_appraisal.ir_cron_bsc_schedule")
        triggers = self.env["ir.cron.trigger"].sudo()
        before = triggers.search_count([("cron_id", "=", job.id)])
        self.cycle.with_user(self.manager).action_advance()
        after = triggers.search_count([("cron_id", "=", job.id)])
        self.assertEqual(after, before + 1)

    def test_only_a_manager_moves_a_cycle_and_nobody_writes_its_stage(self):
        with self.assertRaisesRegex(UserError, "Only an appraisal manager"):
            self.cycle.with_user(self.officer).action_advance()
        for user in (self.employee, self.auditor):
            with self.assertRaises(AccessError):
                self.cycle.with_user(user).action_advance()
        for user in (self.officer, self.manager):
            cycle = self.cycle.with_user(user)
            for attempt in (
                lambda cycle=cycle: cycle.write({"state": "closed"}),
                lambda cycle=cycle: cycle.create(
                    {
                        "name": "X",
                        "state": "feedback",
                        "date_from": "2026-01-01",
                        "date_to": "2026-01-31",
                    }
                ),
            ):
                with self.assertRaises(AccessError):
                    attempt()

    def test_a_started_cycle_is_kept(self):
        self.cycle.sudo().state = "coach"
        with self.assertRaisesRegex(UserError, "has started"):
            self.cycle.with_user(self.manager).unlink()

    def test_form_proposes_the_dates_of_the_stages(self):
        form = Form(self.env["bsc.cycle"].with_user(self.officer))
        form.name = "A month"
        form.date_from = date(2026, 8, 1)
        form.date_to = date(2026, 8, 31)
        cycle = form.save()
        self.assertEqual(cycle.date_plan_end, date(2026, 8, 15))
        self.assertEqual(cycle.date_assess_end, date(2026, 9, 15))


@tagged("post_install", "-at_install")
class TestGeneration(ScorecardCommon):
    def _generate(self):
        with (
            self.enter_registry_test_mode(),
            patch.object(
                type(self.env["ir.cron"]),
                "_commit_progress",
                lambda *args, **kwargs: 1000.0,
            ),
        ):
            self.env["bsc.cycle"]._cron_generate()

    def _prepare_post(self):
        post = self._create_card([], subject_kind="job", job_id=self.job.id)
        self.env["bsc.scorecard.line"].create(
            {"scorecard_id": post.id, "indicator_id": self.income.id, "weight": 100}
        )
        post.line_ids.with_user(self.officer).target = 50
        return post

    def test_everybody_gets_a_scorecard_once(self):
        """P2: company, departments, posts, and the people of a post its lines."""
        self._prepare_post()
        cycle = self.cycle.with_user(self.officer)
        cycle.action_generate()
        self.assertTrue(cycle.is_generating)
        self.assertEqual(cycle.pending_employee_count, 2)
        self._generate()
        self.assertFalse(cycle.is_generating)
        cards = cycle.scorecard_ids
        self.assertEqual(
            sorted(card.name for card in cards if card.subject_kind == "employee"),
            ["Anna", "Bert"],
        )
        anna = cards.filtered(lambda card: card.name == "Anna")
        self.assertRecordValues(
            anna.line_ids,
            [
                {
                    "indicator_id": self.income.id,
                    "target": 50.0,
                    "target_status": "superior",
                }
            ],
        )
        self.assertEqual(anna.parent_id.department_id, self.spinning)
        self.assertEqual(anna.parent_id.parent_id.department_id, self.mill)
        self.assertEqual(anna.parent_id.parent_id.parent_id.subject_kind, "company")
        self.assertEqual(anna.responsible_id, self.users["anna"])
        self.assertEqual(anna.appraiser_id, self.users["lead"])
        before = len(cards)
        cycle.action_generate()
        self._generate()
        self.assertEqual(len(cycle.scorecard_ids), before)

    def test_company_starts_from_its_enterprise_indicators(self):
        self.cycle.with_user(self.officer).action_generate()
        company = self.cycle.scorecard_ids.filtered(
            lambda card: card.subject_kind == "company"
        )
        self.assertEqual(
            {line.indicator_id: line.weight for line in company.line_ids},
            {self.income: 60.0, self.waste: 40.0},
        )

    def test_posts_and_departments_start_from_what_is_assigned_to_them(self):
        """P2: a post gives its people their indicators and weights."""
        Assignment = self.env["bsc.indicator.assignment"].with_company(self.company)
        Assignment.create(
            [
                {
                    "job_id": self.job.id,
                    "indicator_id": self.waste.id,
                    "weight": 100,
                    "company_id": self.company.id,
                },
                {
                    "department_id": self.mill.id,
                    "indicator_id": self.income.id,
                    "weight": 100,
                    "company_id": self.company.id,
                },
            ]
        )
        self.cycle.with_user(self.officer).action_generate()
        self._generate()
        lines = {
            card.name: card.line_ids.indicator_id for card in self.cycle.scorecard_ids
        }
        self.assertEqual(lines["Spinner"], self.waste)
        self.assertEqual(lines["Anna"], self.waste)
        self.assertEqual(lines["Mill"], self.income)

    def test_previous_cycle_is_the_starting_point(self):
        card = self._create_card(
            [(self.income, 100, 70)],
            subject_kind="department",
            department_id=self.mill.id,
        )
        following = self._create_cycle(name="Next", previous_id=self.cycle.id)
        following.with_user(self.officer).action_generate()
        copied = following.scorecard_ids.filtered(
            lambda one: one.subject_key == card.subject_key
        )
        self.assertRecordValues(
            copied.line_ids, [{"target": 70.0, "target_status": "superior"}]
        )

    def test_generation_costs_the_same_for_each_batch(self):
        self._prepare_post()
        people = self.env["hr.employee"].create(
            [
                {
                    "name": f"Hand {number}",
                    "company_id": self.company.id,
                    "job_id": self.job.id,
                }
                for number in range(40)
            ]
        )

        def count_queries(employees):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.cycle._generate_employees(employees)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count_queries(people[:2])
        self.assertLessEqual(count_queries(people[4:]), count_queries(people[2:4]) + 3)

    def test_a_generation_that_broke_off_goes_on_where_it_was(self):
        """P2: a batch that died leaves nothing half done; the next run makes it."""
        self._prepare_post()
        self.cycle.with_user(self.officer).action_generate()
        Cycle = type(self.cycle)
        original = Cycle._generate_employees

        def die_with_bert(cycle, employees):
            with cycle.env.cr.savepoint():
                original(cycle, employees)
                if self.employees["bert"] in employees:
                    raise ValueError("The server died")

        batch = "odoo.addons.bsc_appraisal.models.bsc_cycle_generation.BATCH"
        with (
            patch(batch, 1),
            patch.object(Cycle, "_generate_employees", die_with_bert),
            self.assertRaisesRegex(ValueError, "The server died"),
        ):
            self._generate()
        self.assertTrue(self.cycle.is_generating)
        cards = self.cycle.scorecard_ids
        made = cards.filtered(lambda card: card.subject_kind == "employee")
        self.assertEqual(made.employee_id, self.employees["anna"])
        self._generate()
        self.assertFalse(self.cycle.is_generating)
        people = self.cycle.scorecard_ids.employee_id
        self.assertEqual(people, self.employees["anna"] | self.employees["bert"])
        self.assertTrue(made.exists())

    def test_only_officers_generate_and_only_while_planning(self):
        with self.assertRaises(AccessError):
            self.cycle.with_user(self.employee).action_generate()
        self.cycle.sudo().state = "assess"
        with self.assertRaisesRegex(UserError, "being assessed"):
            self.cycle.with_user(self.officer).action_generate()
        with self.assertRaisesRegex(UserError, "takes no new scorecards"):
            self._create_card([])
