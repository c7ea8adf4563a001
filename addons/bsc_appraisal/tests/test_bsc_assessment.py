from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.bsc_appraisal.tests.common import MANAGER
from odoo.addons.bsc_appraisal.tests.scorecard_common import ScorecardCommon


class AssessmentCommon(ScorecardCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.card = cls._create_card([(cls.income, 100.0, 100.0)], employee="anna")
        cls._run(cls.card)
        cls.anna = cls.users["anna"]
        cls.lead = cls.users["lead"]
        cls.own = cls._open(cls.anna)
        cls.managers = cls._open(cls.lead)

    @classmethod
    def _open(cls, user):
        action = cls.card.with_user(user).action_assess()
        return cls.env["bsc.assessment"].with_user(user).browse(action["res_id"])

    def _sees(self, user, record):
        found = record.with_user(user).search([("id", "in", record.ids)])
        return bool(found)

    def _judge(self, value="4"):
        self.managers.line_ids.write({"value": value})
        self.managers.action_hand_in()

    def _finish(self, weight):
        self.cycle.sudo().competency_weight = weight
        self._measure(self.card, self.income, 90.0)
        self.card.action_score()
        self.cycle.sudo().state = "assess"
        self.cycle.with_user(self.manager).action_advance()


@tagged("post_install", "-at_install")
class TestBscAssessment(AssessmentCommon):
    def test_each_side_has_its_own(self):
        self.assertEqual((self.own.side, self.managers.side), ("self", "manager"))
        self.assertEqual(self._open(self.anna), self.own)
        self.assertEqual(
            self.own.line_ids.competency_id,
            self.env["bsc.competency"]._get_competencies(self.company),
        )

    def test_what_is_handed_in_stays(self):
        with self.assertRaisesRegex(UserError, "Write something"):
            self.own.action_hand_in()
        self.own.achievements = "All of it"
        self.own.action_hand_in()
        self.assertEqual(self.card.appraisal_step, "self")
        with self.assertRaisesRegex(UserError, "handed in"):
            self.own.achievements = "More"
        with self.assertRaisesRegex(UserError, "handed in"):
            self.own.line_ids[0].value = "5"
        self._judge()
        self.assertEqual(self.card.appraisal_step, "manager")
        self.managers.action_share()
        own = self.own.with_user(self.anna)
        own.invalidate_recordset()
        self.assertEqual(own.other_id, self.managers)
        self.assertEqual(own.line_ids[0].other_value, "4")

    def test_without_weight_the_rating_starts_from_the_score(self):
        self._judge("5")
        self._finish(0.0)
        self.assertEqual(self.card.rating_id, self.card.grade_id)
        self.assertFalse(self.card.combined_text)

    def test_with_weight_score_and_competencies_start_the_rating(self):
        """Half 90 points, half a mark of 5, 166.67 points: 128.33."""
        self._judge("5")
        self._finish(50.0)
        self.assertEqual(self.card.score, 90.0)
        self.assertAlmostEqual(self.card.combined_score, 128.33, places=2)
        self.assertIn("128.33", self.card.combined_text)
        self.assertEqual(
            self.card.rating_id,
            self.env["bsc.grade"]._find_grade(self.company, 128.33),
        )
        self.assertNotEqual(self.card.rating_id, self.card.grade_id)
        self.cycle.with_user(self.manager).action_step_back()
        self.assertFalse(self.card.combined_text or self.card.combined_score)

    def test_with_weight_every_appraiser_has_to_judge(self):
        self.managers.line_ids.write({"value": "4"})
        with self.assertRaisesRegex(UserError, "not judged"):
            self._finish(50.0)

    def test_everybody_is_asked_once(self):
        self.cycle.sudo().state = "assess"
        cron = self.env.ref("bsc_appraisal.ir_cron_bsc_assessment_ask")
        with self.enter_registry_test_mode():
            for _time in range(2):
                cron.method_direct_trigger()
        tasks = self.card.sudo().assessment_ids.activity_ids
        self.assertEqual(tasks.user_id, self.anna | self.lead)
        self.assertEqual(len(tasks), 2)
        self.own.achievements = "All"
        self.own.action_hand_in()
        self.assertFalse(self.own.sudo().activity_ids)

    def test_it_ends_when_scores_are_final(self):
        self.cycle.sudo().state = "feedback"
        with self.assertRaisesRegex(UserError, "until"):
            self.own.achievements = "Late"


@tagged("post_install", "-at_install")
class TestAssessmentAccess(AssessmentCommon):
    def test_drafts_are_private_and_shown_step_by_step(self):
        others = (
            self.lead,
            self.users["chief"],
            self.users["bert"],
            self.officer,
            self.manager,
            self.auditor,
        )
        for user in others:
            with self.subTest(user.login):
                self.assertFalse(self._sees(user, self.own))
                self.assertFalse(self._sees(user, self.own.line_ids))
        for user in (self.anna, *others[1:]):
            self.assertFalse(self._sees(user, self.managers))
        self.own.achievements = "All of it"
        self.own.action_hand_in()
        self._judge()
        for user, sees_own, sees_managers in (
            (self.lead, True, True),
            (self.anna, True, False),
            (self.users["chief"], False, False),
            (self.users["bert"], False, False),
            (self.officer, True, True),
            (self.auditor, True, True),
        ):
            with self.subTest(user.login):
                self.assertEqual(self._sees(user, self.own), sees_own)
                self.assertEqual(self._sees(user, self.managers), sees_managers)
                self.assertEqual(
                    self._sees(user, self.managers.line_ids), sees_managers
                )
        self.managers.action_share()
        self.assertTrue(self._sees(self.anna, self.managers))

    def test_the_cycle_may_keep_it_until_both_are_handed_in(self):
        self.cycle.sudo().self_shown_when = "both"
        self.own.achievements = "All of it"
        self.own.action_hand_in()
        self.assertFalse(self._sees(self.lead, self.own))
        self.managers.invalidate_recordset()
        self.assertTrue(self.managers.waits_for_other)
        self.assertFalse(self.managers.other_achievements)
        self.assertTrue(self._sees(self.officer, self.own))
        self._judge()
        self.assertTrue(self._sees(self.lead, self.own))
        self.managers.invalidate_recordset()
        self.assertFalse(self.managers.waits_for_other)
        self.assertEqual(self.managers.other_achievements, "All of it")

    def test_both_sides_and_the_figures_stand_beside_each_other(self):
        """Each as far as its reader may see it."""
        self.assertEqual(self.own.figure_ids, self.card.line_ids)
        self.managers.development = "Learn to plan"
        self._judge()
        self.own.invalidate_recordset()
        self.assertFalse(self.own.other_development)
        self.managers.action_share()
        self.own.invalidate_recordset()
        self.assertEqual(self.own.other_development, "Learn to plan")
        with self.assertRaises(AccessError):
            self.own.with_user(self.users["bert"]).read(["figure_ids"])

    def test_a_draft_is_found_by_no_door(self):
        self.own.achievements = "Secret"
        self.lead.group_ids |= self.env.ref("base.group_allow_export")
        Assessment = self.env["bsc.assessment"].with_user(self.lead)
        mine = self.managers.ids
        self.assertEqual(Assessment.search([], order="achievements").ids, mine)
        self.assertFalse(Assessment.search([("achievements", "ilike", "Secret")]))
        rows = Assessment.formatted_read_group([], ["side"], ["__count"])
        self.assertEqual([row["side"] for row in rows], ["manager"])
        cards = self.env["bsc.scorecard"].with_user(self.lead)
        self.assertFalse(
            cards.search([("assessment_ids.achievements", "ilike", "Secret")])
        )
        bare = Assessment.browse(self.own.id)
        for attempt in (
            lambda: bare.read(["achievements"]),
            lambda: bare.export_data(["achievements"]),
            lambda: self.managers.line_ids.browse(self.own.line_ids.ids).read(
                ["value"]
            ),
        ):
            with self.assertRaises(AccessError):
                attempt()
        with self.assertRaises(AccessError):
            self.env["bsc.assessment"].with_user(self.portal).search([])

    @mute_logger("odoo.models")
    def test_no_client_writes_states_or_authors(self):
        for record in (self.own, self.managers):
            for vals in (
                {"state": "shared"},
                {"author_id": self.users["bert"].id},
                {"side": "self"},
                {"scorecard_id": self.card.id},
                {"date_handed_in": "2026-07-01"},
            ):
                with (
                    self.subTest(side=record.side, vals=vals),
                    self.assertRaises(AccessError),
                    self.cr.savepoint(),
                ):
                    record.write(vals)
        for user in (self.anna, self.lead, self.officer, self.manager):
            with self.assertRaises(AccessError), self.cr.savepoint():
                self.env["bsc.assessment"].with_user(user).create(
                    {
                        "scorecard_id": self.card.id,
                        "side": "self",
                        "author_id": user.id,
                    }
                )
            with self.assertRaises(AccessError), self.cr.savepoint():
                self.card.with_user(user).write({"combined_score": 120})

    def test_nobody_assesses_for_somebody_else(self):
        self.own.achievements = "All"
        self.own.action_hand_in()
        self._judge()
        for user in (self.officer, self.manager):
            for attempt in (
                self.managers.with_user(user).action_share,
                lambda user=user: self.managers.with_user(user).write(
                    {"achievements": "x"}
                ),
            ):
                with self.assertRaises(UserError), self.cr.savepoint():
                    attempt()
        with self.assertRaises(UserError):
            self.card.with_user(self.users["chief"]).action_assess()
        with self.assertRaises(AccessError):
            self.card.with_user(self.users["bert"]).action_assess()

    def test_notes_are_private_until_they_are_shared(self):
        note = (
            self.env["bsc.note"]
            .with_user(self.lead)
            .create({"scorecard_id": self.card.id, "text": "Late on Monday"})
        )
        self.assertEqual(note.author_id, self.lead)
        for user in (self.anna, self.users["chief"], self.officer, self.auditor):
            with self.subTest(user.login):
                self.assertFalse(self._sees(user, note))
        note.is_shared = True
        for user, sees in (
            (self.anna, True),
            (self.officer, True),
            (self.auditor, True),
            (self.users["bert"], False),
        ):
            with self.subTest(user.login):
                self.assertEqual(self._sees(user, note), sees)
        for user in (self.anna, self.officer):
            with self.assertRaises(UserError):  # AccessError is one, too
                note.with_user(user).text = "Never late"
        for user in (self.users["bert"], self.officer):
            with self.assertRaises(UserError), self.cr.savepoint():
                self.env["bsc.note"].with_user(user).create(
                    {"scorecard_id": self.card.id, "text": "Gossip"}
                )
        with self.assertRaises(AccessError):
            note.author_id = self.anna

    def test_other_companies_see_nothing(self):
        elsewhere = self.env["res.company"].create({"name": "Hill Farms"})
        foreigner = self._create_user("hill", MANAGER, elsewhere)
        self.own.achievements = "All"
        self.own.action_hand_in()
        self.assertFalse(self._sees(foreigner, self.own))
        self.assertFalse(self._sees(foreigner, self.own.line_ids))

    def test_public_methods_are_the_known_ones(self):
        base = dir(self.env.registry["mail.thread"]) + dir(
            self.env.registry["mail.activity.mixin"]
        )
        public = {
            name
            for name in set(dir(self.env.registry["bsc.assessment"])) - set(base)
            if not name.startswith("_")
            and name not in self.env["bsc.assessment"]._fields
        }
        self.assertEqual(
            public,
            {
                "action_hand_in",
                "action_open_notes",
                "action_open_other",
                "action_share",
            },
        )
