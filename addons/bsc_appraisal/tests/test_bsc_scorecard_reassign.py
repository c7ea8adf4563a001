from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.bsc_appraisal.tests.scorecard_common import ScorecardCommon


@tagged("post_install", "-at_install")
class TestReassign(ScorecardCommon):
    """The appraiser changes by an officer, with a reason that stays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.card = cls._create_card([(cls.income, 100, 100)], employee="anna")
        cls.lead_card = cls._create_card([(cls.income, 100, 100)], employee="lead")
        cls.stranger = cls.users["stranger"]

    def _reassign(self, user, card=None, by=None, reason="The manager left."):
        (card or self.card).with_user(by or self.officer)._reassign(user, reason)

    def test_an_officer_reassigns_and_the_reason_stays(self):
        wizard = Form(
            self.env["bsc.scorecard.reassign"]
            .with_user(self.officer)
            .with_context(default_scorecard_ids=self.card.ids)
        )
        wizard.appraiser_id = self.stranger
        wizard.reason = "The manager is away for half a year."
        wizard.save().action_reassign()
        self.assertEqual(self.card.appraiser_id, self.stranger)
        message = self.card.message_ids[0]
        self.assertIn("in place of", message.body)
        self.assertIn("away for half a year", message.body)
        self.assertEqual(message.author_id, self.officer.partner_id)
        self.assertEqual(
            message.notified_partner_ids,
            (self.stranger | self.users["lead"] | self.users["anna"]).partner_id,
        )
        # he takes over what the other one could do
        self.card.with_user(self.stranger).note = "Mine now"
        with self.assertRaises(AccessError):
            self.card.with_user(self.users["lead"]).note = "Still mine?"

    def test_the_new_one_writes_an_assessment_of_his_own(self):
        """The draft of the one before was private; what was handed in stays."""
        self.card.action_agree()
        self.cycle.sudo().state = "coach"
        draft = self._open_assessment("lead")
        draft.achievements = "Between me and me"
        self._reassign(self.stranger)
        self.assertFalse(draft.exists())
        own = self._open_assessment("stranger")
        self.assertFalse(own.achievements)
        own.achievements = "Seen with other eyes"
        own.action_hand_in()
        self._reassign(self.users["lead"])
        self.assertTrue(own.exists())

    def _open_assessment(self, name):
        user = self.users[name]
        action = self.card.with_user(user).action_assess()
        one = self.env["bsc.assessment"].with_user(user).browse(action["res_id"])
        self.assertEqual((one.side, one.author_id), ("manager", user))
        return one

    def test_whose_turn_it_is_follows(self):
        card = self._create_card([(self.income, 100, None)], employee="bert")
        card.line_ids.with_user(self.users["bert"]).proposal_ids.create(
            {"line_id": card.line_ids.id, "value": 10}
        )
        self.assertEqual(card.activity_ids.user_id, self.users["lead"])
        self._reassign(self.stranger, card)
        self.assertEqual(card.activity_ids.user_id, self.stranger)

    def test_what_makes_no_sense_is_refused_with_its_reason(self):
        outsider = self._create_user(
            "hill", "base.group_user", self.env["res.company"].create({"name": "Hill"})
        )
        rows = [
            (self.users["anna"], "Nobody appraises himself"),
            (self.users["lead"], "appraises already"),
            (self.portal, "no internal user"),
            (outsider, "no internal user"),
        ]
        for user, reason in rows:
            with self.subTest(reason), self.assertRaisesRegex(UserError, reason):
                self._reassign(user)
        with self.assertRaisesRegex(UserError, "Say why"):
            self._reassign(self.stranger, reason=" ")
        self.card.sudo().state = "final"
        with self.assertRaisesRegex(UserError, "score is final"):
            self._reassign(self.stranger)

    def test_no_circle_of_appraisers(self):
        """Lead appraises anna: neither she nor bert under her may appraise lead."""
        with self.assertRaisesRegex(UserError, "in a circle"):
            self._reassign(self.users["anna"], self.lead_card)
        bert = self._create_card([(self.income, 100, 100)], employee="bert")
        self._reassign(self.users["anna"], bert)
        with self.assertRaisesRegex(UserError, "in a circle"):
            self._reassign(self.users["bert"], self.lead_card)
        self._reassign(self.stranger, self.lead_card)

    def test_only_officers_and_not_for_themselves(self):
        for name in ("anna", "lead", "chief"):
            with (
                self.subTest(name),
                self.assertRaises(UserError),
                self.env.cr.savepoint(),
            ):
                self._reassign(self.stranger, by=self.users[name])
        with self.assertRaises(AccessError):
            self.env["bsc.scorecard.reassign"].with_user(self.users["lead"]).create(
                {"appraiser_id": self.stranger.id, "reason": "Mine"}
            )
        own = self.env["hr.employee"].create(
            {
                "name": "Officer",
                "user_id": self.officer.id,
                "company_id": self.company.id,
            }
        )
        card = self._create_card(
            [(self.income, 100, 100)], subject_kind="employee", employee_id=own.id
        )
        with self.assertRaisesRegex(UserError, "not his own"):
            self._reassign(self.stranger, card)
        self.assertEqual(self.card.appraiser_id, self.users["lead"])


@tagged("post_install", "-at_install")
class TestTasks(ScorecardCommon):
    def _generate(self):
        self.cycle.with_user(self.officer).action_generate()
        with (
            self.enter_registry_test_mode(),
            patch.object(
                type(self.env["ir.cron"]),
                "_commit_progress",
                lambda *args, **kwargs: 1000.0,
            ),
        ):
            self.env["bsc.cycle"]._cron_generate()

    def _prepare_post(self, target):
        post = self._create_card([], subject_kind="job", job_id=self.job.id)
        self.env["bsc.scorecard.line"].create(
            {"scorecard_id": post.id, "indicator_id": self.income.id, "weight": 100}
        )
        if target:
            post.line_ids.with_user(self.officer).target = target

    def _tasks(self, record):
        return sorted(
            (task.user_id.login, task.summary) for task in record.activity_ids
        )

    def _find(self, name):
        return self.cycle.scorecard_ids.filtered(lambda card: card.name == name)

    def test_people_are_asked_for_answers_once(self):
        self._prepare_post(50)
        for _time in range(2):
            self._generate()
        for name in ("anna", "bert"):
            card = self._find(name.title())
            self.assertEqual(
                self._tasks(card), [(f"bsc_{name}", "Answer proposed targets (1)")]
            )
            self.assertEqual(card.activity_ids.date_deadline, self.cycle.date_plan_end)

    def test_superiors_are_asked_once_for_all_their_proposals(self):
        self._prepare_post(None)
        for _time in range(2):
            self._generate()
        self.assertFalse(self._find("Anna").activity_ids)
        tasks = self._tasks(self.cycle)
        self.assertIn(("bsc_lead", "Propose targets: 2 scorecards"), tasks)
        self.assertEqual(len(tasks), len({login for login, _summary in tasks}))

    def test_a_task_is_handed_to_anybody_and_opens_the_card_to_nobody(self):
        card = self._create_card([(self.income, 100, 100)], employee="anna")
        as_lead = card.with_user(self.users["lead"])
        for user in (self.officer, *map(self.users.get, ("lead", "chief", "bert"))):
            task = as_lead.activity_schedule(
                "mail.mail_activity_data_todo", user_id=user.id
            )
            with self.subTest(user.login):
                self.assertEqual(task.with_user(user).user_id, user)
        task.with_user(self.users["lead"]).user_id = self.users["stranger"]
        for name in ("bert", "stranger"):
            with self.assertRaises(AccessError):
                card.with_user(self.users[name]).read(["name"])
        self.assertLessEqual(
            card.message_partner_ids,
            (self.users["anna"] | self.users["lead"] | self.manager).partner_id,
        )
