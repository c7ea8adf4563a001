from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.bsc_appraisal.tests.consequence_common import ConsequenceCommon
from odoo.addons.bsc_appraisal.tests.test_bsc_assessment import AssessmentCommon


class ReminderMixin:
    def _remind(self, day):
        """Run the job on a day; return who of the company got a mail."""
        before = self.env["mail.message"].search([], order="id desc", limit=1).id
        cron = self.env.ref("bsc_appraisal.ir_cron_bsc_appraisal_remind")
        with freeze_time(day), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        found = self.env["mail.message"].search(
            [("id", ">", before), ("message_type", "=", "user_notification")]
        )
        ours = found.notified_partner_ids.filtered(
            lambda person: self.company in person.user_ids.company_ids
        )
        return sorted(ours.mapped("name"))

    def _tasks(self, record):
        tasks = record.sudo().activity_ids.sorted("id")
        return [(task.user_id, task.summary) for task in tasks]


@tagged("post_install", "-at_install")
class TestAssessmentReminder(ReminderMixin, AssessmentCommon):
    def test_before_the_day_after_it_and_hr(self):
        """Each once; what was handed in is left alone; HR hears of a cycle once."""
        self.cycle.sudo().state = "assess"
        self.cycle.date_assess_end = "2026-07-25"
        self.managers.achievements = "Judged"
        self.managers.action_hand_in()
        self.assertFalse(self._remind("2026-07-20"))
        self.assertEqual(len(self._remind("2026-07-22")), 1)
        self.assertEqual(
            self._tasks(self.own),
            [(self.anna, "Hand in your assessment by 2026-07-25")],
        )
        self.assertFalse(self._remind("2026-07-23"))
        self.assertEqual(len(self._remind("2026-07-26")), 2)
        self.assertEqual(
            self._tasks(self.own), [(self.anna, "Your assessment is late: hand it in")]
        )
        self.assertEqual(
            self._tasks(self.cycle),
            [(self.manager, "Assessments are late: see the progress board")],
        )
        self.assertFalse(self._remind("2026-07-27"))
        self.assertFalse(self._tasks(self.managers))
        with self.assertRaises(AccessError):
            self.own.reminder_level = 0

    def test_nobody_gets_two_mails_on_a_day(self):
        """Two cards are late: two tasks, one mail; a second run sends nothing."""
        card = self._create_card([], employee="bert")
        card.sudo()._prepare_assessments()
        self.cycle.sudo().state = "assess"
        self.cycle.date_assess_end = "2026-07-25"
        self.own.sudo().state = "handed_in"
        card.sudo().assessment_ids.filtered(
            lambda one: one.side == "self"
        ).state = "handed_in"
        self.assertEqual(
            self._remind("2026-07-26"),
            sorted((self.lead | self.manager).mapped("name")),
        )
        late = (self.card | card).sudo().assessment_ids.activity_ids
        self.assertEqual(len(late), 2)
        self.assertEqual(late.user_id, self.lead)
        self.assertFalse(self._remind("2026-07-26"))


@tagged("post_install", "-at_install")
class TestInterviewReminder(ReminderMixin, ConsequenceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna, cls.lead = cls.users["anna"], cls.users["lead"]
        action = cls.cards["anna"].with_user(cls.lead).action_interview()
        cls.interview = cls.env["bsc.interview"].browse(action["res_id"])
        cls.interview.cycle_id.sudo().date_feedback_end = "2026-08-31"

    def test_meeting_minutes_confirmation_and_hr(self):
        lead = self.interview.with_user(self.lead)
        lead.date = datetime(2026, 8, 10, 6)
        self.assertFalse(self._remind("2026-08-01"))
        self._remind("2026-08-09")
        self.assertEqual(
            set(self._tasks(self.interview)),
            {(user, "Prepare the interview") for user in self.anna | self.lead},
        )
        self._remind("2026-08-11")
        self.assertIn(
            (self.lead, "Write the minutes of the interview"),
            self._tasks(self.interview),
        )
        lead.went_well = "All of it"
        lead.action_confirm()
        self._remind("2026-08-28")
        self.assertEqual(
            self._tasks(self.interview),
            [(self.anna, "Read and confirm the minutes by 2026-08-31")],
        )
        self.assertFalse(self._remind("2026-08-29"))
        responsible = self.interview.cycle_id.responsible_id
        self._remind("2026-09-01")
        self.assertIn(
            (responsible, "The interview is late: see that it is held and confirmed"),
            self._tasks(self.interview),
        )

    def test_another_day_is_reminded_of_anew(self):
        lead = self.interview.with_user(self.lead)
        lead.date = datetime(2026, 8, 10, 6)
        self._remind("2026-08-09")
        self.assertFalse(self._remind("2026-08-09"))
        lead.date = datetime(2026, 8, 20, 6)
        self.assertEqual(len(self._remind("2026-08-19")), 2)
        with self.assertRaises(AccessError):
            lead.reminder_level = 0

    def test_without_a_meeting_the_appraiser_is_asked_to_choose_a_day(self):
        self.assertFalse(self._remind("2026-08-20"))
        self._remind("2026-08-27")
        self.assertEqual(
            self._tasks(self.interview),
            [(self.lead, "Choose a day for the interview")],
        )


@tagged("post_install", "-at_install")
class TestMissingInterviewReminder(ReminderMixin, ConsequenceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead, cls.card = cls.users["lead"], cls.cards["anna"]
        cls.cycle.sudo().date_feedback_end = "2026-08-31"
        # the others have theirs
        cls.env["bsc.interview"].create(
            [{"scorecard_id": cls.cards[name].id} for name in ("bert", "lead")]
        ).reminder_level = 4

    def test_the_appraiser_is_asked_and_hr_hears_of_it_once(self):
        self.card.appraiser_id = self.lead
        self.assertFalse(self._remind("2026-08-20"))
        self.assertEqual(len(self._remind("2026-08-21")), 1)
        self.assertIn(
            (self.lead, "Plan the interview: feedback is given by 2026-08-31"),
            self._tasks(self.card),
        )
        self.assertFalse(self._remind("2026-08-22"))
        self.assertEqual(len(self._remind("2026-09-01")), 2)
        self.assertEqual(
            [task for task in self._tasks(self.card) if task[0] == self.lead],
            [(self.lead, "The interview is late: plan it now")],
        )
        asked = (
            self.cycle.responsible_id,
            "Interviews are missing: see the progress board",
        )
        self.assertEqual(self._tasks(self.cycle).count(asked), 1)
        self.cycle.sudo().activity_ids.action_done()
        self.assertFalse(self._remind("2026-09-02"))
        self.assertNotIn(asked, self._tasks(self.cycle))
        with self.assertRaises(AccessError):
            self.card.with_user(self.officer).reminder_level = 0

    def test_without_appraiser_hr_is_asked_once(self):
        self.card.appraiser_id = False
        self._remind("2026-09-01")
        self.assertEqual(
            [task for task in self._tasks(self.card) if "interview" in task[1]],
            [(self.cycle.responsible_id, "The interview is late: plan it now")],
        )
        for record in (self.card, self.cycle):
            record.sudo().activity_ids.action_done()
        self.assertFalse(self._remind("2026-09-02"))

    def test_none_is_expected_in_the_short_form_or_of_the_departed(self):
        self.card.employee_id.active = False
        self.assertFalse(self._remind("2026-09-01"))
        self.card.employee_id.active = True
        self.env.cr.execute(
            """UPDATE bsc_cycle SET form = 'short', competency_weight = 100
                WHERE id = %s""",
            [self.cycle.id],
        )
        self.env.invalidate_all()
        self.assertFalse(self._remind("2026-09-02"))

    def test_hr_finds_them_on_the_board(self):
        for user in (self.officer, self.auditor):
            Card = self.env["bsc.scorecard"].with_user(user)
            mine = [("cycle_id", "=", self.cycle.id)]
            found = Card.search([("is_interview_missing", "=", True), *mine])
            self.assertEqual(found, self.card)
            self.assertTrue(found.is_interview_missing)
            rest = Card.search([("is_interview_missing", "=", False), *mine])
            self.assertLessEqual(self.cards["bert"], rest)
            self.assertFalse(any(rest.mapped("is_interview_missing")))
        with self.assertRaises(AccessError):
            self.card.with_user(self.lead).read(["is_interview_missing"])
        self.card.with_user(self.officer).action_interview()
        self.env.invalidate_all()
        self.assertFalse(self.card.with_user(self.officer).is_interview_missing)
