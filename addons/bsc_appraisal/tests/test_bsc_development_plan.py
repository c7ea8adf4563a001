from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.bsc_appraisal.tests.consequence_common import ConsequenceCommon


@tagged("post_install", "-at_install")
class TestBscDevelopmentPlan(ConsequenceCommon):
    def test_it_starts_with_what_was_weakest(self):
        action = self.cards["anna"].with_user(self.officer).action_plan_development()
        plan = self.env["bsc.development.plan"].browse(action["res_id"])
        self.assertEqual(plan.focus_ids.indicator_id, self.income)
        self.assertAlmostEqual(plan.focus_ids.points_lost, 60.0, places=2)
        self.assertTrue(plan.is_required)
        outcome = self.cards["anna"].outcome_ids
        self.assertEqual((outcome.kind, outcome.state), ("training", "proposed"))
        again = self.cards["anna"].with_user(self.officer).action_plan_development()
        self.assertEqual(again["res_id"], plan.id)

    def test_both_agree_and_a_change_asks_both_again(self):
        plan = self._create_plan()
        plan.with_user(self.users["anna"]).action_agree()
        self.assertEqual(plan.state, "draft")
        plan.action_ids.with_user(self.officer).name = "Another course"
        self.assertFalse(plan.employee_agreed_date)
        plan.with_user(self.users["anna"]).action_agree()
        plan.with_user(self.users["lead"]).action_agree()
        self.assertEqual(plan.state, "agreed")
        self.assertEqual(plan.manager_agreed_id, self.users["lead"])
        self.assertEqual(self.cards["anna"].outcome_ids.state, "approved")
        with self.assertRaisesRegex(UserError, "reopen"):
            plan.with_user(self.officer).goal = "Other"
        with self.assertRaisesRegex(UserError, "reopen"):
            plan.action_ids.with_user(self.officer).name = "Third"
        plan.with_user(self.officer).action_reopen()
        self.assertFalse(plan.employee_agreed_date or plan.manager_agreed_date)

    def test_it_needs_steps_evidence_and_no_open_step(self):
        plan = self._create_plan(steps=())
        with self.assertRaisesRegex(UserError, "no steps"):
            plan.with_user(self.users["anna"]).action_agree()
        plan = self._create_plan("bert", steps=("Course", "Task"))
        plan.with_user(self.users["bert"]).action_agree()
        plan.with_user(self.officer).action_agree()
        first, second = plan.action_ids.with_user(self.users["bert"])
        with self.assertRaisesRegex(UserError, "shows"):
            first.action_complete()
        first.evidence = "Certificate"
        first.action_complete()
        self.assertEqual(plan.progress, 50.0)
        with self.assertRaisesRegex(UserError, "not finished"):
            plan.with_user(self.officer).action_finish()
        with self.assertRaises(UserError):
            second.action_drop()
        second.with_user(self.officer).action_drop()
        plan.with_user(self.officer).action_finish()
        self.assertEqual((plan.state, plan.progress), ("done", 100.0))
        self.assertEqual(self.cards["bert"].outcome_ids.state, "applied")

    def test_a_course_appears_in_the_resume_once(self):
        plan = self._create_plan()
        self._finish_plan(plan)
        line = plan.action_ids.sudo().resume_line_id
        self.assertEqual(line.employee_id, self.employees["anna"])
        self.assertTrue(line.is_course)
        with self.assertRaisesRegex(UserError, "not open"):
            plan.action_ids.with_user(self.users["anna"]).action_complete()

    def test_the_next_result_reassesses_and_shows_the_effect(self):
        plan = self._create_plan()
        self._finish_plan(plan)
        Plan = self.env["bsc.development.plan"]
        self.assertEqual(plan.reassessment_state, "waiting")
        self.assertIn(plan, Plan.search([("reassessment_state", "=", "waiting")]))
        poor = self._publish_next({"anna": 45})["anna"]
        self.assertEqual(plan.reassessment_id, poor)
        self.assertEqual(plan.reassessment_state, "failed")
        self.assertIn(plan, Plan.search([("reassessment_state", "=", "failed")]))
        better = self._publish_next({"anna": 70}, year=2028)["anna"]
        self.assertEqual(plan.reassessment_id, better)
        self.assertEqual(plan.reassessment_state, "passed")
        self.assertIn(plan, Plan.search([("reassessment_state", "=", "passed")]))
        self.assertEqual((plan.score_before, plan.score_after), (40.0, 70.0))
        self.assertAlmostEqual(plan.focus_ids.effect, 37.5, places=2)

    def test_only_one_plan_and_only_of_published_people(self):
        self._create_plan()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.cr.savepoint(),
        ):
            self._create_plan()
        card = self._create_card(
            [(self.income, 100, 100)],
            employee="chief",
            cycle_id=self._create_cycle(
                name="Later", date_from="2026-07-01", date_to="2026-12-31"
            ).id,
        )
        with self.assertRaisesRegex(UserError, "published"):
            self.env["bsc.development.plan"].create({"scorecard_id": card.id})

    def test_a_reminder_comes_once(self):
        plan = self._create_plan()
        plan.with_user(self.users["anna"]).action_agree()
        plan.with_user(self.officer).action_agree()
        step = plan.action_ids.sudo()
        step.date_deadline = fields.Date.today()
        with self.enter_registry_test_mode():
            for _time in range(2):
                self.env.ref(
                    "bsc_appraisal.ir_cron_bsc_development_remind"
                ).method_direct_trigger()
        self.assertEqual(step.activity_ids.user_id, self.users["anna"])
        self.assertEqual(len(step.activity_ids), 1)


@tagged("post_install", "-at_install")
class TestDevelopmentAccess(ConsequenceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._create_plan()
        cls.step = cls.plan.action_ids

    def test_each_role_reads_what_it_should(self):
        allowed = self.env.ref("base.group_allow_export")
        (self.users["bert"] | self.users["stranger"]).group_ids |= allowed
        for user, sees in (
            (self.users["anna"], True),
            (self.users["lead"], True),
            (self.users["chief"], True),
            (self.users["bert"], False),
            (self.users["stranger"], False),
            (self.officer, True),
            (self.auditor, True),
        ):
            for record in (self.plan, self.step, self.plan.focus_ids):
                Model = record.with_user(user).browse()
                with self.subTest(user=user.login, model=record._name):
                    found = Model.search([("id", "in", record.ids)])
                    self.assertEqual(bool(found), sees)
                    if not sees:
                        bare = Model.browse(record.ids)
                        for attempt in (
                            lambda bare=bare: bare.read(["company_id"]),
                            lambda bare=bare: bare.export_data(["company_id"]),
                        ):
                            with self.assertRaises(AccessError):
                                attempt()
        stranger = self.env["bsc.development.plan"].with_user(self.users["bert"])
        self.assertFalse(stranger.search([("employee_id.name", "=", "Anna")]))
        self.assertFalse(stranger.search([], order="progress desc"))
        self.assertFalse(stranger.formatted_read_group([], ["state"], ["__count"]))
        with self.assertRaises(AccessError):
            self.env["bsc.development.plan"].with_user(self.portal).search([])

    def test_other_companies_see_nothing(self):
        elsewhere = self.env["res.company"].create({"name": "Hill Farms"})
        foreigner = self._create_user(
            "hill", "bsc_appraisal.group_appraisal_manager", elsewhere
        )
        for record in (self.plan, self.step, self.plan.focus_ids):
            self.assertFalse(
                record.with_user(foreigner).search([("id", "in", record.ids)])
            )

    @mute_logger("odoo.models")
    def test_no_client_writes_states_or_owners(self):
        for user in (self.users["anna"], self.users["lead"], self.officer):
            for record, vals in (
                (self.plan, {"state": "done"}),
                (self.plan, {"employee_agreed_date": "2026-07-01"}),
                (self.plan, {"manager_agreed_date": "2026-07-01"}),
                (self.plan, {"reassessment_id": self.cards["bert"].id}),
                (self.plan, {"user_id": user.id}),
                (self.plan, {"appraiser_id": user.id}),
                (self.step, {"state": "done"}),
                (self.step, {"user_id": user.id}),
                (self.plan.focus_ids, {"points_lost": 0}),
            ):
                with (
                    self.subTest(user=user.login, vals=vals),
                    self.assertRaises(UserError),  # AccessError is one, too
                    self.cr.savepoint(),
                ):
                    record.with_user(user).write(vals)
        Plan = self.env["bsc.development.plan"].with_user(self.officer)
        vals = {"scorecard_id": self.cards["bert"].id}
        for extra in ({"state": "done"}, {"user_id": self.officer.id}):
            with self.assertRaises(AccessError), self.cr.savepoint():
                Plan.create({**vals, **extra})
        with self.assertRaises(AccessError):
            Plan.with_context(default_state="done").create(vals)

    def test_the_employee_gives_evidence_and_nothing_else(self):
        anna = self.users["anna"]
        self.step.with_user(anna).evidence = "I went there."
        plan = self.plan.with_user(anna)
        plan.write({"action_ids": [(1, self.step.id, {"evidence": "In the form."})]})
        self.assertEqual(self.step.evidence, "In the form.")
        for vals in ({"name": "Holiday"}, {"evidence": "x", "state": "done"}):
            with self.assertRaises(UserError), self.cr.savepoint():
                plan.write({"action_ids": [(1, self.step.id, vals)]})
        for attempt in (
            lambda: self.step.with_user(anna).write({"name": "Holiday"}),
            lambda: self.step.with_user(anna).unlink(),
            lambda: self.step.with_user(anna).copy(),
            lambda: self.plan.with_user(anna).write({"goal": "Nothing"}),
            lambda: self.plan.with_user(anna).action_cancel(),
            lambda: self.plan.with_user(anna).action_finish(),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                attempt()

    def test_nobody_prepares_his_own_plan(self):
        officer = self.env["hr.employee"].create(
            {
                "name": "Officer",
                "user_id": self.officer.id,
                "company_id": self.company.id,
            }
        )
        self.employees["officer"] = officer
        cycle = self._create_cycle(
            name="Own", date_from="2027-01-01", date_to="2027-06-30"
        )
        card = self._create_card(
            [(self.income, 100, 100)],
            subject_kind="employee",
            employee_id=officer.id,
            cycle_id=cycle.id,
        )
        card.sudo().write({"state": "final", "published_date": fields.Datetime.now()})
        self.assertFalse(card.with_user(self.officer).can_plan_development)
        with self.assertRaises(UserError):
            card.with_user(self.officer).action_plan_development()
        with self.assertRaises(UserError):
            self.env["bsc.development.plan"].with_user(self.officer).create(
                {"scorecard_id": card.id}
            )
        with self.assertRaises(UserError):
            self.cards["bert"].with_user(self.users["bert"]).action_plan_development()

    def test_a_supporter_sees_his_steps_and_not_the_plan(self):
        stranger = self.users["stranger"]
        self.step.with_user(self.officer).owner_id = stranger
        self.plan.with_user(self.users["anna"]).action_agree()
        self.plan.with_user(self.officer).action_agree()
        step = self.step.with_user(stranger)
        self.assertTrue(step.can_complete)
        step.evidence = "She passed."
        step.action_complete()
        self.assertEqual(self.step.state, "done")
        with self.assertRaises(AccessError):
            step.plan_id.read(["rating_id"])
        with self.assertRaises(UserError):
            self.plan.with_user(stranger).action_finish()

    def test_public_methods_are_the_known_ones(self):
        expected = {
            "bsc.development.plan": {
                "action_agree",
                "action_cancel",
                "action_finish",
                "action_reopen",
            },
            "bsc.development.action": {
                "action_complete",
                "action_drop",
                "action_open_step",
            },
            "bsc.development.focus": set(),
        }
        self._check_public(expected)
