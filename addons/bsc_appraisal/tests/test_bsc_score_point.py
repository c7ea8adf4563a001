from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.bsc_appraisal.tests.scorecard_common import ScorecardCommon


@tagged("post_install", "-at_install")
class TestBscScorePoint(ScorecardCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.card = cls._create_card([(cls.income, 100.0, 100.0)], employee="anna")
        cls._run(cls.card)

    def _score(self, day, value):
        figure = self.env["bsc.measurement"].search(
            [("indicator_id", "=", self.income.id)]
        )
        if figure:
            figure.sudo().value = value
        else:
            self._measure(self.card, self.income, value)
        with freeze_time(day):
            self.card.with_user(self.officer).action_score()

    def _get_points(self):
        points = self.env["bsc.score.point"].search(
            [("scorecard_id", "=", self.card.id)], order="date"
        )
        return [(str(point.date), point.score) for point in points]

    def test_a_day_is_kept_when_the_score_moved(self):
        self.card.with_user(self.officer).action_score()
        self.assertFalse(self._get_points())
        self._score("2026-07-01", 70.0)
        self._score("2026-07-01", 80.0)
        self._score("2026-07-02", 80.0)
        self._score("2026-07-03", 90.0)
        self.assertEqual(
            self._get_points(), [("2026-07-01", 80.0), ("2026-07-03", 90.0)]
        )

    def test_the_course_starts_with_the_cycle_before(self):
        before = self._create_cycle(
            name="Before", date_from="2025-07-01", date_to="2025-12-31"
        )
        self.cycle.previous_id = before
        old = self._create_card(
            [(self.income, 100.0, 100.0)], employee="anna", cycle_id=before.id
        )
        old.sudo().write({"score": 60.0, "is_scored": True})
        self._score("2026-07-01", 70.0)
        self._score("2026-07-02", 90.0)
        course = self.card.with_user(self.users["anna"]).score_course
        self.assertEqual(
            [value for _day, value in course["points"]], [60.0, 70.0, 90.0]
        )
        self.assertEqual(course["points"][0][0], "Before")

    def test_clients_write_nothing_and_others_read_nothing(self):
        self._score("2026-07-01", 70.0)
        point = self.env["bsc.score.point"].search(
            [("scorecard_id", "=", self.card.id)]
        )
        for user in (self.users["stranger"], self.users["bert"], self.users["anna"]):
            with self.assertRaises(AccessError):
                point.with_user(user).read(["score"])
        with self.assertRaises(AccessError):
            self.card.with_user(self.users["bert"]).read(["score_course"])
        for user in (self.officer, self.manager, self.auditor):
            self.assertTrue(point.with_user(user).read(["score"]))
            with self.assertRaises(AccessError):
                point.with_user(user).score = 1.0
