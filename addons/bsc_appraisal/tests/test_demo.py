from unittest import SkipTest

from odoo import fields
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase):
    """The published case of S3, as the demo data ships it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        first = "bsc_appraisal.bsc_indicator_c1"
        if not cls.env.ref(first, raise_if_not_found=False):
            raise SkipTest("This database has no demo data.")
        cls.case = cls.env["bsc.indicator"].concat(
            *(
                cls.env.ref(f"bsc_appraisal.bsc_indicator_c{number}")
                for number in range(1, 25)
            )
        )

    def test_the_case_is_active_and_its_weights_sum_to_one_hundred(self):
        """P5: 4 perspectives, 24 indicators, 100.00 % on every level."""
        self.assertEqual(set(self.case.mapped("state")), {"active"})
        self.assertEqual(round(sum(self.case.mapped("displayed_weight")), 2), 100.0)
        company = self.case.company_id
        perspectives = self.case.perspective_id.with_company(company)
        self.assertEqual(perspectives.mapped("weight"), [47.1, 27.8, 8.7, 16.4])
        self.assertRecordValues(
            perspectives,
            [
                {
                    "indicator_count": 6,
                    "indicator_weight_total": 100.0,
                    "scorecard_weight_total": 100.0,
                    "weight_issue": "",
                }
            ]
            * 4,
        )

    def test_lower_is_better_for_two_of_the_case(self):
        """P9: negative indicators of the case."""
        lower = self.case.filtered(lambda indicator: indicator.direction == "lower")
        self.assertEqual(lower.mapped("code"), ["C4", "C5"])

    def test_a_newcomer_sees_every_state(self):
        states = self.env["bsc.indicator"]._read_group([], ["state"])
        self.assertEqual({state for (state,) in states}, {"draft", "active", "retired"})

    def test_the_case_is_scored_as_published(self):
        """P9: 58.41 + 27.63 + 9.27 + 12.21 = 107.52, excellent."""
        card = self.env.ref("bsc_appraisal.scorecard_last_year")
        self.assertAlmostEqual(card.score, 107.52, delta=0.05)
        parts = {
            "financial": 58.41,
            "customer": 27.63,
            "internal": 9.27,
            "learning": 12.21,
        }
        for name, published in parts.items():
            perspective = self.env.ref(f"bsc_appraisal.bsc_perspective_{name}")
            with self.subTest(name):
                self.assertAlmostEqual(
                    card.perspective_scores[str(perspective.id)], published, delta=0.05
                )
        self.assertEqual(
            card.grade_id, self.env.ref("bsc_appraisal.bsc_grade_excellent")
        )
        self.assertEqual((card.state, card.stage), ("final", "closed"))
        line = self.env.ref("bsc_appraisal.line_last_year_c3")
        self.assertEqual(line.explanation, "AV 36.21 / TV 24 = 1.51 × 12.53 % = 18.90")

    def test_a_running_cycle_shows_every_situation(self):
        cards = self.env.ref("bsc_appraisal.cycle_this_year").scorecard_ids
        self.assertEqual(set(cards.mapped("state")), {"draft", "agreed"})
        self.assertEqual(
            set(cards.mapped("subject_kind")), {"company", "department", "employee"}
        )
        self.assertIn(True, cards.mapped("is_complete"))
        draft = self.env.ref("bsc_appraisal.scorecard_zhao_lei")
        self.assertEqual(len(draft.line_ids.proposal_ids), 2)

    def test_a_published_half_year_shows_what_follows(self):
        """Talked about, challenged, followed by a bonus and a proposal; nothing is
        dated ahead that claims to be done.
        """
        batch = self.env.ref("bsc_appraisal.bonus_batch_half_year")
        bonuses = self.env["bsc.bonus"].search([("raise_id.batch_id", "=", batch.id)])
        self.assertEqual(batch.state, "applied")
        self.assertEqual(round(sum(bonuses.mapped("amount")), 2), 18000.0)
        today = fields.Date.today()
        self.assertLessEqual(max(bonuses.mapped("date")), today)
        appeal = self.env.ref("bsc_appraisal.appeal_half_zhao_lei")
        self.assertEqual(appeal.state, "refused")
        self.assertLessEqual(appeal.date_decided, today)
        self.assertEqual(
            appeal.days, (appeal.date_decided - appeal.date_submitted).days
        )
        talks = self.env["bsc.interview"].concat(
            *(
                self.env.ref(f"bsc_appraisal.interview_half_{name}")
                for name in ("li_na", "wang_fang")
            )
        )
        self.assertEqual(talks.mapped("state"), ["confirmed", "minuted"])
        promotion = self.env.ref("bsc_appraisal.promotion_li_na")
        self.assertEqual(promotion.state, "submitted")
        assessments = self.env["bsc.assessment"].search(
            [("employee_id", "=", promotion.employee_id.id)]
        )
        self.assertEqual(set(assessments.mapped("side")), {"self", "manager"})
