from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.bsc_appraisal.tests.common import AppraisalCommon


@tagged("post_install", "-at_install")
class TestBscIndicator(AppraisalCommon):
    def _assert_refused_by_database(self, message, **values):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError) as caught,
            self.env.cr.savepoint(),
        ):
            self._create_draft(**values)
        self.assertIn(message, str(caught.exception))

    def test_global_weight_is_exact(self):
        """P5: perspective × local weight, in the paper's own numbers."""
        self.perspective.weight = 47.1
        indicator = self._create_draft(weight=29.5)
        self.assertEqual(indicator.global_weight, 13.8945)
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT weight::text, global_weight::text FROM bsc_indicator WHERE id = %s",
            [indicator.id],
        )
        weight, global_weight = self.env.cr.fetchone()
        self.assertEqual(weight, "29.5000")
        self.assertEqual(global_weight, "13.8945000000")

    def test_global_weight_follows_the_perspective(self):
        indicator = self._create_draft(weight=50.0)
        self.assertEqual(indicator.global_weight, 30.0)
        self.perspective.weight = 20.0
        self.assertEqual(indicator.global_weight, 10.0)

    def test_displayed_weights_sum_to_one_hundred(self):
        """P5: seven equal indicators show 100.00 %, not 100.03 %."""
        self.perspective.weight = 100.0
        indicators = self.env["bsc.indicator"]
        for number in range(7):
            indicators |= self._create_active(code=f"S{number}", weight=100 / 7)
        shown = indicators.mapped("displayed_weight")
        self.assertEqual(round(sum(shown), 2), 100.0)
        self.assertEqual(set(shown), {14.28, 14.29})

    def test_only_active_indicators_count_in_displayed_weights(self):
        active = self._create_active(code="A1", weight=100.0)
        draft = self._create_draft(code="D1", weight=100.0)
        self.assertEqual(active.displayed_weight, 60.0)
        self.assertEqual(draft.displayed_weight, 0.0)

    def test_displayed_weights_cost_the_same_for_many(self):
        for number in range(3):
            self._create_active(code=f"Q{number}", weight=10.0)

        def count_queries():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            indicators = self.env["bsc.indicator"].search(
                [("company_id", "=", self.company.id)]
            )
            indicators.mapped("displayed_weight")
            return self.env.cr.sql_log_count - before

        few = count_queries()
        for number in range(3, 20):
            self._create_active(code=f"Q{number}", weight=5.0)
        self.assertEqual(count_queries(), few)

    def test_form_shows_the_global_weight_while_typing(self):
        form = Form(self.env["bsc.indicator"])
        form.perspective_id = self.perspective
        form.weight = 25.0
        self.assertEqual(form.global_weight, 15.0)

    def test_code_is_unique_in_a_company_whatever_its_case(self):
        """P2: one code names one definition."""
        self._create_draft(code="V1")
        self._assert_refused_by_database("code_company_uniq", code="v1")

    def test_code_of_a_retired_indicator_is_free(self):
        self._create_active(code="V1").action_retire()
        self.env.flush_all()
        self.assertTrue(self._create_draft(code="V1"))

    def test_collector_cannot_verify_his_own_figures(self):
        """P8: two different people stand behind a figure."""
        self._assert_refused_by_database("four_eyes", verifier_id=self.collector.id)

    def test_weight_outside_its_range_is_refused(self):
        for weight in (-0.01, 100.01):
            with self.subTest(weight=weight):
                self._assert_refused_by_database("weight_range", weight=weight)

    def test_responsible_people_are_internal(self):
        for code, field_name in (("I1", "collector_id"), ("I2", "verifier_id")):
            with (
                self.subTest(field_name),
                self.assertRaisesRegex(ValidationError, "not an internal user"),
            ):
                self._create_draft(**{"code": code, field_name: self.portal.id})

    def test_found_by_code_and_by_name(self):
        indicator = self._create_draft(code="ZX9", name="Received value")
        self.assertEqual(indicator.display_name, "[ZX9] Received value")
        Indicator = self.env["bsc.indicator"]
        for text in ("ZX9", "Received"):
            found = Indicator.name_search(text, [("company_id", "=", self.company.id)])
            self.assertEqual([record_id for record_id, _name in found], indicator.ids)

    def test_copy_is_a_draft_with_its_own_code(self):
        copy = self._create_active().copy()
        self.assertRecordValues(
            copy,
            [{"code": "V1 (copy)", "name": "Received value (copy)", "state": "draft"}],
        )
