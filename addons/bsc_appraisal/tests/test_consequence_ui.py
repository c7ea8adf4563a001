from odoo.tests import HttpCase, tagged

from odoo.addons.bsc_appraisal.tests.test_bsc_budget_recommendation import (
    RecommendationCommon,
)


@tagged("post_install", "-at_install")
class TestRecommendationUi(RecommendationCommon, HttpCase):
    def test_a_recommendation_becomes_a_draft_adjustment(self):
        """O5: with the results that justify it, decided by people."""
        found = self._recommend(110)
        self.start_tour(
            "/odoo", "bsc_finance_follows_recommendation", login="bsc_finance"
        )
        self.assertEqual(found.adjustment_id.state, "draft")
