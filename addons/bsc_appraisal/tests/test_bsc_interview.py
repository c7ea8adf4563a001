from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.bsc_appraisal.tests.common import MANAGER
from odoo.addons.bsc_appraisal.tests.consequence_common import ConsequenceCommon


class InterviewCommon(ConsequenceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        action = cls.cards["anna"].with_user(cls.users["lead"]).action_interview()
        cls.interview = cls.env["bsc.interview"].browse(action["res_id"])

    @classmethod
    def _write_minutes(cls):
        cls.interview.with_user(cls.users["lead"]).write(
            {
                "went_well": "Waste is on target.",
                "next_targets": "Income 60",
                "step_ids": [(0, 0, {"name": "Course", "date_deadline": "2026-09-30"})],
            }
        )


@tagged("post_install", "-at_install")
class TestBscInterview(InterviewCommon):
    def test_both_confirm_the_same_words(self):
        anna = self.interview.with_user(self.users["anna"])
        lead = self.interview.with_user(self.users["lead"])
        self.assertEqual(anna.state, "planned")
        with self.assertRaisesRegex(UserError, "no minutes"):
            lead.action_confirm()
        self._write_minutes()
        lead.action_confirm()
        self.assertEqual(self.interview.state, "minuted")
        self.assertEqual(self.interview.sudo().activity_ids.user_id, self.users["anna"])
        self.assertIn("employee", anna.waiting_for)
        with self.assertRaisesRegex(UserError, "already"):
            lead.action_confirm()
        anna.action_confirm()
        self.assertEqual(self.interview.state, "confirmed")
        self.assertFalse(self.interview.has_disagreement)
        self.assertIn("Income 60", self.interview.confirmation_ids[0].content)

    def test_changed_minutes_are_confirmed_again(self):
        self._write_minutes()
        for name in ("lead", "anna"):
            self.interview.with_user(self.users[name]).action_confirm()
        self.interview.step_ids.with_user(
            self.users["lead"]
        ).date_deadline = "2026-12-31"
        self.assertEqual(self.interview.state, "minuted")
        for name in ("lead", "anna"):
            self.interview.with_user(self.users[name]).action_confirm()
        self.assertEqual(self.interview.state, "confirmed")
        self.assertEqual(len(self.interview.confirmation_ids), 4)

    def test_the_employee_may_disagree_in_his_own_words(self):
        self._write_minutes()
        anna = self.interview.with_user(self.users["anna"])
        with self.assertRaisesRegex(UserError, "remarks"):
            anna.action_disagree()
        with self.assertRaisesRegex(UserError, "Only the employee"):
            self.interview.with_user(self.users["lead"]).action_disagree()
        with self.assertRaisesRegex(UserError, "Only the employee"):
            self.interview.with_user(self.users["lead"]).employee_remark = "I am fine."
        anna.employee_remark = "The mill stood still."
        anna.action_disagree()
        self.interview.with_user(self.users["lead"]).action_confirm()
        self.assertEqual(self.interview.state, "confirmed")
        self.assertTrue(self.interview.has_disagreement)

    def test_the_meeting_is_private_to_the_two(self):
        lead = self.interview.with_user(self.users["lead"])
        with self.assertRaisesRegex(UserError, "day and time"):
            lead.action_schedule()
        with Form(lead) as form:
            form.date = "2026-07-22 08:00:00"
        lead.action_schedule()
        event = self.interview.event_id
        self.assertEqual(event.privacy, "private")
        self.assertEqual(
            event.partner_ids,
            (self.users["anna"] | self.users["lead"]).partner_id,
        )
        lead.action_schedule()
        self.assertEqual(self.interview.event_id, event)
        lead.date = "2026-07-23 08:00:00"
        self.assertEqual(str(event.stop), "2026-07-23 09:00:00")

    def test_what_was_agreed_appears_on_the_next_scorecard(self):
        self._write_minutes()
        for name in ("lead", "anna"):
            self.interview.with_user(self.users[name]).action_confirm()
        cycle = self._create_cycle(
            name="Next",
            date_from="2026-07-01",
            date_to="2026-12-31",
            previous_id=self.cycle.id,
        )
        subject = {
            "subject_kind": "employee",
            "employee_id": self.employees["anna"].id,
        }
        card = cycle._create_cards([subject])
        self.assertIn("Income 60", card.note)
        self.assertIn("Course", card.note)

    def test_the_agreement_is_printed(self):
        self._write_minutes()
        self.interview.with_user(self.users["lead"]).action_confirm()
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.users["anna"])
            ._render_qweb_html(
                "bsc_appraisal.bsc_interview_agreement", self.interview.ids
            )
        )
        for text in (b"Income 60", b"Course", b"Not yet confirmed"):
            self.assertIn(text, html)

    def test_a_closed_cycle_keeps_it(self):
        self._write_minutes()
        self.cycle.sudo().state = "closed"
        with self.assertRaisesRegex(UserError, "closed"):
            self.interview.with_user(self.users["lead"]).went_well = "All"
        with self.assertRaisesRegex(UserError, "closed"):
            self.interview.with_user(self.users["anna"]).action_confirm()


@tagged("post_install", "-at_install")
class TestInterviewAccess(InterviewCommon):
    def test_each_role_reads_what_it_should(self):
        self._write_minutes()
        self.interview.with_user(self.users["lead"]).action_confirm()
        records = (
            self.interview,
            self.interview.step_ids,
            self.interview.confirmation_ids,
        )
        self.users["bert"].group_ids |= self.env.ref("base.group_allow_export")
        for user, sees in (
            (self.users["anna"], True),
            (self.users["lead"], True),
            (self.users["chief"], False),
            (self.users["bert"], False),
            (self.officer, True),
            (self.auditor, True),
        ):
            for record in records:
                with self.subTest(user=user.login, model=record._name):
                    Model = record.with_user(user).browse()
                    found = Model.search([("id", "in", record.ids)])
                    self.assertEqual(bool(found), sees)
                    if not sees:
                        bare = Model.browse(record.ids)
                        with self.assertRaises(AccessError):
                            bare.read(["company_id"])
        bare = self.env["bsc.interview"].with_user(self.users["bert"])
        self.assertFalse(bare.search([("went_well", "ilike", "waste")]))
        self.assertFalse(bare.search([], order="state"))
        self.assertFalse(bare.formatted_read_group([], ["state"], ["__count"]))
        with self.assertRaises(AccessError):
            bare.browse(self.interview.id).export_data(["went_well"])
        with self.assertRaises(AccessError):
            self.env["bsc.interview"].with_user(self.portal).search([])

    def test_other_companies_see_nothing(self):
        elsewhere = self.env["res.company"].create({"name": "Hill Farms"})
        foreigner = self._create_user("hill", MANAGER, elsewhere)
        self.assertFalse(self.env["bsc.interview"].with_user(foreigner).search([]))

    def test_the_employee_writes_remarks_and_nothing_else(self):
        self._write_minutes()
        anna = self.interview.with_user(self.users["anna"])
        anna.employee_remark = "Fine"
        for attempt in (
            lambda: anna.write({"went_well": "All of it"}),
            lambda: anna.write({"step_ids": [(0, 0, {"name": "Holiday"})]}),
            lambda: anna.step_ids.write({"name": "Holiday"}),
            anna.step_ids.unlink,
            anna.unlink,
            anna.action_schedule,
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                attempt()

    @mute_logger("odoo.models")
    def test_no_client_writes_states_or_confirmations(self):
        self._write_minutes()
        for user in (self.users["anna"], self.users["lead"], self.officer):
            interview = self.interview.with_user(user)
            for vals in (
                {"state": "confirmed"},
                {"user_id": user.id},
                {"appraiser_id": user.id},
                {"has_disagreement": True},
                {"scorecard_id": self.cards["bert"].id},
                {"confirmation_ids": [(0, 0, {"side": "employee"})]},
            ):
                with (
                    self.subTest(user=user.login, vals=vals),
                    self.assertRaises(UserError),
                    self.cr.savepoint(),
                ):
                    interview.write(vals)
            with self.assertRaises(AccessError), self.cr.savepoint():
                interview.confirmation_ids.create({"interview_id": interview.id})
        self.interview.with_user(self.users["lead"]).action_confirm()
        with self.assertRaises(UserError):
            self.interview.confirmation_ids.sudo().agrees = False

    def test_others_do_not_confirm(self):
        self._write_minutes()
        for user in (self.officer, self.auditor):
            with self.subTest(user.login), self.assertRaises(UserError):
                self.interview.with_user(user).action_confirm()
        with self.assertRaises(AccessError):
            self.interview.with_user(self.users["bert"]).action_confirm()

    def test_nobody_starts_his_own(self):
        for name in ("bert", "anna"):
            card = self.cards["bert"].with_user(self.users[name])
            with self.subTest(name), self.assertRaises(UserError):
                card.action_interview()
            with self.assertRaises(AccessError), self.cr.savepoint():
                self.env["bsc.interview"].with_user(self.users[name]).create(
                    {"scorecard_id": self.cards["bert"].id}
                )

    def test_public_methods_are_the_known_ones(self):
        self._check_public(
            {
                "bsc.interview": {
                    "action_confirm",
                    "action_disagree",
                    "action_schedule",
                },
                "bsc.interview.step": set(),
            }
        )
