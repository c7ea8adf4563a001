from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.bsc_appraisal.tests.feedback_common import PEERS, FeedbackCommon


@tagged("post_install", "-at_install")
class TestBscFeedback(FeedbackCommon):
    def test_the_obvious_people_are_asked(self):
        self.employees["bert"].parent_id = self.employees["anna"]
        feedback = (
            self.env["bsc.feedback"]
            .with_user(self.officer)
            .create({"scorecard_id": self.card.id})
        )
        self.assertEqual(
            {
                (one.rater_group, one.user_id.login)
                for one in feedback.sudo().invitation_ids
            },
            {("self", "bsc_anna"), ("manager", "bsc_lead"), ("reports", "bsc_bert")},
        )
        self.assertEqual(feedback.activity_ids.user_id, self.users["anna"])

    def test_the_employee_names_and_the_manager_approves(self):
        feedback = self._create_round()
        anna = feedback.with_user(self.users["anna"])
        with Form(anna) as form:
            with form.invitation_ids.new() as line:
                line.user_id = self.users["stranger"]
            with form.invitation_ids.new() as line:
                line.rater_group = "customers"
                line.name = "Max"
                line.email = "Max <MAX@buyer.example.com>"
        self.assertIn("max@buyer.example.com", anna.invitation_ids.mapped("email"))
        with self.assertRaises(AccessError):
            anna.action_start()
        anna.action_propose()
        self.assertEqual(feedback.activity_ids.user_id, self.users["lead"])
        with self.assertRaises(UserError):
            anna.action_propose()
        with self.assertRaises(AccessError):
            self._name(feedback, "peers", "rosa").with_user(self.users["anna"]).unlink()
        lead = feedback.with_user(self.users["lead"])
        lead.remark = "Too many peers"
        lead.action_return()
        self.assertEqual(feedback.state, "draft")
        anna.action_propose()
        lead.action_start()
        self.assertEqual(feedback.state, "collecting")
        self.assertFalse(feedback.activity_ids)
        self.assertEqual(
            feedback.asked_text.splitlines()[-1], "Customers: Kim, Lou, Max"
        )
        self.assertEqual(feedback.competency_ids, self.competencies)

    def test_small_groups_are_announced_before_the_start(self):
        feedback = self._create_round()
        self.assertIn("Customers: 2 named", feedback.advice)
        self.assertNotIn("Peers", feedback.advice)
        feedback.action_start()
        self.assertFalse(feedback.advice)

    def test_who_may_be_named(self):
        feedback = self._create_round()
        feedback.invitation_ids.filtered(
            lambda one: one.rater_group in ("self", "manager")
        ).unlink()
        rows = [
            {"rater_group": "peers", "user_id": self.users["anna"].id},
            {"rater_group": "customers", "user_id": self.users["lead"].id},
            {"rater_group": "manager", "user_id": self.users["rosa"].id},
            {"rater_group": "self", "user_id": self.users["rosa"].id},
            {"rater_group": "peers", "user_id": self.portal.id},
            {"rater_group": "peers", "name": "Max", "email": "max@x.example.com"},
            {"rater_group": "customers", "name": "Max", "email": "nowhere"},
            {"rater_group": "customers", "name": "Max"},
            {
                "rater_group": "customers",
                "name": "Anna at home",
                "email": self.users["anna"].email.upper(),
            },
        ]
        for row in rows:
            with (
                self.subTest(row),
                self.assertRaises(ValidationError),
                self.env.cr.savepoint(),
            ):
                self.env["bsc.feedback.invitation"].create(
                    {"feedback_id": feedback.id, **row}
                )
        for row in (
            {"rater_group": "reports", "user_id": self.users["bert"].id},
            {"rater_group": "customers", "name": "K", "email": "KIM@buyer.example.com"},
        ):
            with (
                self.subTest(row),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.env["bsc.feedback.invitation"].create(
                    {"feedback_id": feedback.id, **row}
                )

    def test_a_round_needs_questions_people_and_time(self):
        feedback = self._create_round(date_deadline="2026-07-19")
        with self.assertRaisesRegex(UserError, "time"):
            feedback.action_start()
        feedback.date_deadline = "2026-07-30"
        feedback.invitation_ids.filtered(lambda one: one.rater_group != "self").unlink()
        with self.assertRaisesRegex(UserError, "Nobody"):
            feedback.action_start()

    def test_the_published_example(self):
        """METHODS 5.1: shown, hidden, gaps; here reports are asked, too."""
        feedback = self._create_round()
        self._name(feedback, "reports", "rosa", "rita", "rolf")
        feedback.action_start()
        self._play_example(feedback)
        for name, row in zip(
            ("rosa", "rita", "rolf"), ((5, 3, 4), (4, 4, 4), (3, 2, 4)), strict=True
        ):
            self._answer(feedback, name, *row)
        feedback.with_user(self.officer).action_close()
        care, speed, tone = self.competencies
        found = {
            (row.rater_group, row.competency_id): (row.value, row.gap, row.status)
            for row in feedback.result_ids
        }
        none = self.env["bsc.competency"]
        self.assertEqual(found["all", care], (4.0, 1.0, "shown"))
        self.assertEqual(found["all", speed][:2], (3.3333, 0.6667))
        self.assertEqual(found["all", tone][:2], (4.3611, 0.6389))
        self.assertEqual(found["all", none][0], 3.8569)
        self.assertEqual(found["customers", none], (0.0, 0.0, "hidden"))
        self.assertNotIn(("customers", care), found)
        self.assertIn(
            ("agreement", "peers", care),
            {
                (one.kind, one.rater_group, one.competency_id)
                for one in feedback.flag_ids
            },
        )
        self.assertEqual(self.card._get_feedback_score(), 3.8569)

    def test_small_groups_may_be_merged_by_the_cycle(self):
        self.cycle.feedback_small_groups = "merge"
        feedback = self._create_round()
        feedback.action_start()
        self._play_example(feedback)
        feedback.with_user(self.officer).action_close()
        row = feedback.result_ids.filtered(
            lambda row: row.rater_group == "customers" and not row.competency_id
        )
        self.assertEqual((row.status, row.merged_into), ("merged", "peers"))
        self.assertIn("counted together with Peers", feedback.report)

    def test_the_rules_of_a_started_round_hold(self):
        feedback = self._create_round()
        self.cycle.feedback_minimum = 4
        feedback.action_start()
        self.cycle.feedback_minimum = 3
        self.assertEqual(feedback.feedback_minimum, 4)
        self.env["bsc.competency"].create(
            {"name": "Later", "company_id": self.company.id}
        )
        self.assertEqual(feedback.competency_ids, self.competencies)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.cycle.feedback_minimum = 2
            self.cycle.flush_recordset()

    def test_one_answer_per_rater(self):
        feedback = self._create_round()
        feedback.action_start()
        self._answer(feedback, "bert", 4, 4, 4)
        with self.assertRaisesRegex(UserError, "already"):
            self._answer(feedback, "bert", 1, 1, 1)
        self._find(feedback, "carl")._decline("No time")
        with self.assertRaisesRegex(UserError, "declined"):
            self._answer(feedback, "carl", 1, 1, 1)
        for marks in ((0, 0, 0), (6, 1, 1), (-1, 0, 0)):
            with self.assertRaises(UserError):
                self._answer(feedback, "dora", *marks)
        with freeze_time("2026-08-04"), self.assertRaisesRegex(UserError, "over"):
            self._answer(feedback, "dora", 1, 1, 1)

    def test_closing_waits_for_the_deadline_or_the_last_answer(self):
        feedback = self._create_round(date_deadline="2026-07-25")
        feedback.action_start()
        officer = feedback.with_user(self.officer)
        with self.assertRaisesRegex(UserError, "until"):
            officer.action_close()
        officer.date_deadline = "2026-07-29"
        with self.assertRaises(UserError):
            officer.date_deadline = "2026-07-10"
        with freeze_time("2026-07-30"):
            officer.action_close()
            with self.assertRaises(UserError):
                officer.action_close()
        self.assertEqual(feedback.state, "closed")
        self.assertEqual(feedback.date_closed, date(2026, 7, 30))
        self.assertEqual(set(feedback.invitation_ids.mapped("state")), {"expired"})
        self.assertFalse(
            self.env["bsc.feedback.answer"].search([("feedback_id", "=", feedback.id)])
        )

    def test_comments_are_shown_when_enough_people_wrote(self):
        feedback = self._create_round()
        feedback.action_start()
        for name in PEERS[:3]:
            self._answer(feedback, name, 4, 4, 4, strength=f"Good {name}")
        self._answer(feedback, PEERS[3], 4, 4, 4, improve="Only I write this")
        self._answer(feedback, "Kim", 4, 4, 4, strength="From a hidden group")
        self._answer(feedback, "lead", 4, 4, 4, improve="Ask earlier")
        self._close(feedback)
        self.assertEqual(
            {(one.kind, one.source, one.text) for one in feedback.comment_ids},
            {
                *(("strength", "others", f"Good {name}") for name in PEERS[:3]),
                ("improve", "manager", "Ask earlier"),
            },
        )

    def test_reminders_before_the_deadline(self):
        feedback = self._create_round(date_deadline="2026-08-10")
        feedback.action_start()
        cron = self.env.ref("bsc_appraisal.ir_cron_bsc_feedback_remind")
        self._answer(feedback, "Kim", 4, 4, 4)
        days = (("04", 1), ("05", 2), ("06", 2), ("09", 3), ("11", 3))
        for day, count in days:
            with (
                self.subTest(day),
                freeze_time(f"2026-08-{day}"),
                self.enter_registry_test_mode(),
            ):
                cron.method_direct_trigger()
                self.assertEqual(self._count_mails("lou"), count)
                self.assertEqual(self._count_mails("kim"), 1)

    def _count_mails(self, name):
        return self.env["mail.mail"].search_count(
            [("email_to", "=", f"{name}@buyer.example.com")]
        )

    def test_people_added_later_are_asked_by_hr(self):
        feedback = self._create_round()
        feedback.action_start()
        manager = feedback.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "nobody new"):
            manager.action_invite()
        self.env["bsc.feedback.invitation"].with_user(self.manager).create(
            {
                "feedback_id": feedback.id,
                "rater_group": "peers",
                "user_id": self.users["rosa"].id,
            }
        )
        manager.action_invite()
        self._answer(feedback, "rosa", 4, 4, 4)

    def test_a_department_is_launched_in_one_step(self):
        bert = self._create_card([(self.income, 100, 100)], employee="bert")
        self._create_card([(self.income, 100, 100)], employee="chief")
        action = self.cycle.with_user(self.officer).action_launch_feedback()
        wizard = Form(
            self.env[action["res_model"]]
            .with_user(self.officer)
            .with_context(**action["context"])
        )
        self.assertEqual(len(wizard.scorecard_ids), 3)
        wizard.department_id = self.mill
        self.assertEqual(set(wizard.scorecard_ids.ids), {self.card.id, bert.id})
        wizard.save().action_launch()
        self.assertEqual(len((self.card | bert).feedback_ids), 2)
        again = bert.with_user(self.officer).action_launch_feedback()
        self.assertFalse(again["context"]["default_scorecard_ids"])

    def test_a_cycle_is_not_closed_while_answers_come(self):
        feedback = self._create_round()
        feedback.action_start()
        self.cycle.sudo().write({"state": "feedback", "published_date": "2026-07-19"})
        with self.assertRaisesRegex(UserError, "collect answers"):
            self.cycle.action_advance()
        self._close(feedback)
        self.cycle.action_advance()

    def test_a_started_round_is_not_deleted(self):
        feedback = self._create_round()
        feedback.action_start()
        with self.assertRaises(UserError):
            feedback.with_user(self.officer).unlink()
        with self.assertRaises(UserError):
            self._find(feedback, "bert").unlink()

    def test_a_lenient_manager_is_noticed_after_five_people(self):
        """METHODS 5.1: beyond 1.5 deviations, from five people on."""
        signs = []
        for number in range(3):
            appraiser = self._create_user(f"boss{number}", "base.group_user")
            for _each in range(5):
                signs.append(self._close_round_of(appraiser, 5 if number == 2 else 3))
        for appraiser in [
            self._create_user(f"more{n}", "base.group_user") for n in (1, 2)
        ]:
            for _each in range(5):
                self._close_round_of(appraiser, 3)
        last = self._close_round_of(signs[-1].appraiser_id, 5)
        self.assertEqual(
            last.flag_ids.filtered(lambda one: one.kind == "leniency").rater_group,
            "manager",
        )
        self.assertFalse(signs[0].flag_ids.filtered(lambda one: one.kind == "leniency"))

    def _close_round_of(self, appraiser, mark):
        employee = self.env["hr.employee"].create(
            {"name": "Somebody", "company_id": self.company.id}
        )
        card = self._create_card([], subject_kind="employee", employee_id=employee.id)
        card.sudo().appraiser_id = appraiser
        feedback = self.env["bsc.feedback"].create({"scorecard_id": card.id})
        feedback.action_start()
        feedback.invitation_ids._answer(
            {
                one.id: mark if one != self.competencies[0] else 4
                for one in self.competencies
            }
        )
        feedback.action_close()
        return feedback
