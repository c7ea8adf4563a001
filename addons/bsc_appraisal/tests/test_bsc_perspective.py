from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.bsc_appraisal.tests.common import AppraisalCommon


@tagged("post_install", "-at_install")
class TestBscPerspective(AppraisalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_perspective(name="Other", code="TO", weight=40.0)
        cls.other_indicator = cls._create_active(
            code="O1", perspective_id=cls.other.id, weight=100.0
        )

    def test_complete_weights_raise_no_issue(self):
        """P1, P5: perspectives and their indicators sum to 100.00 %."""
        self._create_active(code="A1", weight=29.5)
        self._create_active(code="A2", weight=70.5)
        self.assertEqual(self.perspective.indicator_count, 2)
        self.assertEqual(self.perspective.indicator_weight_total, 100.0)
        self.assertEqual(self.perspective.scorecard_weight_total, 100.0)
        self.assertFalse(self.perspective.weight_issue)

    def test_missing_and_surplus_indicator_weight_are_named(self):
        first = self._create_active(code="A1", weight=98.3)
        self.assertEqual(
            self.perspective.weight_issue,
            "The active indicators sum to 98.30 %: 1.70 % is missing.",
        )
        first.weight = 100.0
        self._create_active(code="A2", weight=0.5)
        self.assertEqual(
            self.perspective.weight_issue,
            "The active indicators sum to 100.50 %: 0.50 % too much.",
        )

    def test_drafts_and_retired_ones_do_not_count(self):
        self._create_active(code="A1", weight=100.0)
        self._create_draft(code="A2", weight=50.0)
        self._create_active(code="A3", weight=50.0).action_retire()
        self.assertEqual(self.perspective.indicator_count, 1)
        self.assertFalse(self.perspective.weight_issue)

    def test_weight_that_nothing_measures_is_named(self):
        self.assertIn("nothing measures this 60.00 %", self.perspective.weight_issue)
        self.perspective.weight = 0.0
        self.assertNotIn("nothing measures", self.perspective.weight_issue)

    def test_perspectives_that_do_not_sum_up_say_so_on_each(self):
        self._create_active(code="A1", weight=100.0)
        self.other.weight = 30.0
        expected = "The perspectives of Seaside Mills sum to 90.00 %: 10.00 % is"
        for perspective in self.perspective | self.other:
            self.assertIn(expected, perspective.weight_issue)

    def test_issue_follows_while_typing_and_does_not_block(self):
        self._create_active(code="A1", weight=100.0)
        with Form(self.perspective) as form:
            form.weight = 55.0
            self.assertIn("5.00 % is missing", form.weight_issue)
            with form.indicator_ids.edit(0) as line:
                line.weight = 80.0
            self.assertIn("20.00 % is missing", form.weight_issue)
        self.assertEqual(self.perspective.weight, 55.0)
        self.assertEqual(self.perspective.indicator_ids.weight, 80.0)

    def test_perspective_with_active_indicators_cannot_be_archived(self):
        indicator = self._create_active()
        with self.assertRaisesRegex(ValidationError, "still has active indicators"):
            self.perspective.active = False
        indicator.action_retire()
        self.perspective.active = False
        self.assertFalse(self.perspective.weight_issue)

    def test_archived_perspective_leaves_the_sum(self):
        self.other_indicator.action_retire()
        self.other.active = False
        self.assertEqual(self.perspective.scorecard_weight_total, 60.0)

    @mute_logger("odoo.sql_db")
    def test_code_is_unique_among_shared_and_among_those_of_a_company(self):
        for company in (self.env["res.company"], self.company):
            self._create_perspective(code="U", company_id=company.id)
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self._create_perspective(code="u", company_id=company.id)

    @mute_logger("odoo.sql_db")
    def test_weight_outside_its_range_is_refused(self):
        for weight in (-1.0, 101.0):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self._create_perspective(weight=weight)

    def test_used_perspective_cannot_be_deleted(self):
        self._create_draft()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.perspective.unlink()
