from unittest import SkipTest

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
