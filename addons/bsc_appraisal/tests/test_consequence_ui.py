from datetime import date

from odoo.tests import HttpCase, tagged

from odoo.addons.bsc_appraisal.tests.test_bsc_budget_recommendation import (
    RecommendationCommon,
)
from odoo.addons.bsc_appraisal.tests.test_bsc_promotion import PromotionCommon


@tagged("post_install", "-at_install")
class TestPromotionUi(PromotionCommon, HttpCase):
    def test_from_a_poor_result_to_a_promotion(self):
        """O3, O4: the plan and the re-assessment unlock the promotion."""
        self.start_tour("/odoo", "bsc_officer_plans_development", login="bsc_officer")
        plan = self.cards["anna"].development_plan_ids
        self.assertEqual(plan.action_ids.name, "Loom course")
        plan.with_user(self.users["anna"]).action_agree()
        step = plan.action_ids.with_user(self.users["anna"])
        step.evidence = "Certificate of June"
        step.action_complete()
        plan.with_user(self.officer).action_finish()
        self._publish_next({"anna": 95})
        self.assertEqual(plan.reassessment_state, "passed")
        self.listing.date_effective = date(2027, 9, 1)
        promotion = self._propose("anna")
        promotion.with_user(self.officer).action_submit()
        self.start_tour("/odoo", "bsc_manager_approves_promotion", login="bsc_manager")
        promotion.with_user(self.cfo).action_approve()
        self.start_tour("/odoo", "bsc_manager_applies_promotion", login="bsc_manager")
        version = promotion.sudo().version_id
        self.assertEqual(version.job_id, self.foreman)
        self.assertEqual(version.date_version, date(2027, 9, 1))


@tagged("post_install", "-at_install")
class TestRecommendationUi(RecommendationCommon, HttpCase):
    def test_a_recommendation_becomes_a_draft_adjustment(self):
        """O5: with the results that justify it, decided by people."""
        found = self._recommend(110)
        self.start_tour(
            "/odoo", "bsc_finance_follows_recommendation", login="bsc_finance"
        )
        self.assertEqual(found.adjustment_id.state, "draft")
