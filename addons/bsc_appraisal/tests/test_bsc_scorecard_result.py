from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .scorecard_common import ScorecardCommon


@tagged("post_install", "-at_install")
class TestBscScorecardResult(ScorecardCommon):
    """The rating beside the score, publishing, and the list of consequences."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.card = cls._create_card([(cls.income, 100.0, 100.0)], employee="anna")
        cls._run(cls.card)
        cls._measure(cls.card, cls.income, 90.0)
        cls.card.action_score()
        cls.cycle.sudo().state = "assess"
        cls.cycle.with_user(cls.manager).action_advance()
        cls.best = cls.env["bsc.grade"].search([], order="score_min desc", limit=1)

    def test_the_rating_starts_as_the_grade(self):
        self.assertTrue(self.card.grade_id)
        self.assertEqual(self.card.rating_id, self.card.grade_id)

    def test_a_change_keeps_who_and_why_and_leaves_the_score(self):
        score, before = self.card.score, self.card.rating_id
        change = (
            self.card.with_user(self.manager)
            .sudo()
            ._change_rating(self.best, " Carried the team ", "calibration")
        )
        self.assertEqual((change.before_id, change.after_id), (before, self.best))
        self.assertEqual(change.reason, "Carried the team")
        self.assertEqual(change.user_id, self.manager)
        self.assertEqual(self.card.rating_id, self.best)
        self.assertEqual((self.card.score, self.card.grade_id), (score, before))
        again = self.card.sudo()._change_rating(self.best, "Again", "calibration")
        self.assertFalse(again)

    def test_a_change_needs_a_reason_and_a_final_score(self):
        with self.assertRaisesRegex(UserError, "Say why"):
            self.card.sudo()._change_rating(self.best, "  ", "appeal")
        draft = self._create_card([(self.income, 100.0, 100.0)], cycle_id=self._next())
        with self.assertRaisesRegex(UserError, "no final score"):
            draft.sudo()._change_rating(self.best, "Because", "appeal")

    def _next(self):
        return self._create_cycle(
            name="Next", date_from="2026-07-01", date_to="2026-12-31"
        ).id

    def test_changes_are_never_changed(self):
        change = self.card.sudo()._change_rating(self.best, "Why", "appeal")
        with self.assertRaisesRegex(UserError, "never changed"):
            change.sudo().reason = "Other"
        with self.assertRaisesRegex(UserError, "never"):
            change.sudo().unlink()

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_nobody_sees_the_rating_before_it_is_published(self):
        self.card.sudo()._change_rating(self.best, "Why", "calibration")
        for person in ("anna", "lead"):
            card = self.card.with_user(self.users[person])
            self.assertFalse(card.published_rating_id)
            for attempt in (
                lambda card=card: card.rating_id,
                lambda card=card: card.search([("rating_id", "=", self.best.id)]),
                lambda card=card: card.search([], order="rating_id"),
                lambda card=card: card._read_group([], ["rating_id"]),
                lambda card=card: card._export_rows([["rating_id"]]),
                lambda card=card: card.outcome_ids,
                lambda card=card: card.env["bsc.rating.change"].search([]),
                lambda card=card: card.env["bsc.outcome"].search([]),
            ):
                with self.assertRaises(AccessError):
                    attempt()
        self.cycle.with_user(self.manager).action_publish()
        card = self.card.with_user(self.users["anna"])
        self.assertEqual(card.published_rating_id, self.best)

    def test_publishing_is_announced_once_to_the_person(self):
        self.cycle.with_user(self.manager).action_publish()
        self.assertTrue(self.card.published_date)
        Cycle = self.env["bsc.cycle"]
        before = self.env["mail.message"].search([], order="id desc", limit=1).id or 0
        with self.enter_registry_test_mode():
            self.env.ref("bsc_appraisal.ir_cron_bsc_tell").method_direct_trigger()
        told = self.env["mail.message"].search(
            [
                ("id", ">", before),
                ("partner_ids", "in", self.users["anna"].partner_id.ids),
            ]
        )
        self.assertEqual(len(told), 1)
        self.assertNotIn("90", told.body)
        self.assertTrue(self.card.is_told)
        with self.assertRaisesRegex(UserError, "published already"):
            self.cycle.with_user(self.manager).action_publish()
        with self.assertRaisesRegex(UserError, "appeal"):
            Cycle.browse(self.cycle.id).with_user(self.manager).action_step_back()

    def test_a_cycle_is_closed_only_after_publishing(self):
        with self.assertRaisesRegex(UserError, "not published"):
            self.cycle.with_user(self.manager).action_advance()
        self.cycle.with_user(self.manager).action_publish()
        self.cycle.with_user(self.manager).action_advance()
        self.assertEqual(self.cycle.state, "closed")

    def test_only_managers_publish(self):
        for user in (self.officer, self.users["lead"]):
            with self.assertRaises(UserError):  # AccessError is one, too
                self.cycle.with_user(user).action_publish()

    def test_consequences_are_listed_and_found_missing(self):
        self.assertFalse(self.card.outcome_state)
        self.cycle.with_user(self.manager).action_publish()
        self.assertEqual(self.card.outcome_state, "missing")
        outcome = self.card.sudo()._set_outcome("training", "proposed", self.cycle)
        self.assertEqual(self.card.outcome_state, "open")
        again = self.card.sudo()._set_outcome("training", "applied", self.cycle)
        self.assertEqual(again, outcome)
        self.assertEqual(self.card.outcome_state, "done")
        self.assertTrue(outcome.date_applied)
        self.card.sudo()._set_outcome("training", "dropped", self.cycle)
        self.assertEqual(self.card.outcome_state, "missing")
        self.assertEqual(
            outcome.with_user(self.officer).action_open_document()["res_model"],
            "bsc.cycle",
        )
