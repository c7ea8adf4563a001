from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.bsc_appraisal.tests.common import AppraisalCommon


@tagged("post_install", "-at_install")
class TestIndicatorScoring(AppraisalCommon):
    def test_scoring_is_frozen_with_what_is_measured(self):
        """Results rest on it: a manager sets it back to draft first."""
        indicator = self._create_active().with_user(self.manager)
        for values in (
            {"calculation": "pass_fail"},
            {"score_cap": 200},
            {"has_floor": False},
            {"aggregation": "sum"},
        ):
            with self.subTest(values), self.assertRaisesRegex(UserError, "is in use"):
                indicator.write(values)
        admin = self.env.ref("base.user_admin")
        admin.company_ids |= self.company
        admin.group_ids |= self.env.ref("bsc_appraisal.group_appraisal_manager")
        others = {"decimals": 4, "tolerance": 1, "deviation_unit": 1}
        others |= {"zero_passes": True, "score_points": "1: 2", "has_cap": False}
        others |= {"score_floor": 5}
        for name, value in others.items():
            for user in (self.manager, admin):
                for attempt in (
                    lambda one, vals: one.write(vals),
                    lambda one, vals: one.web_save(vals, {"name": {}}),
                    lambda one, vals: one.perspective_id.write(
                        {"indicator_ids": [(1, one.id, vals)]}
                    ),
                ):
                    as_user = indicator.with_user(user).with_company(self.company)
                    with (
                        self.subTest(name),
                        self.assertRaisesRegex(UserError, "in use"),
                    ):
                        attempt(as_user, {name: value})
        with self.assertRaises(UserError):
            indicator.with_user(self.officer).score_cap = 200
        indicator.action_reset()
        indicator.score_cap = 200

    def test_a_calculation_without_its_numbers_is_not_activated(self):
        for calculation, gap, values in (
            ("steps", "Points", {"score_points": "60: 80"}),
            ("piecewise", "Points", {"score_points": "60: 80\n90：100 %"}),
            ("closeness", "Tolerance", {"tolerance": 5}),
        ):
            draft = self._create_draft(code=calculation, calculation=calculation)
            with self.subTest(calculation):
                with self.assertRaisesRegex(UserError, gap):
                    draft.action_activate()
                draft.write(values)
                draft.action_activate()

    def test_points_are_numbers_that_rise(self):
        for text in ("60", "a: b", "60: 80\n60: 90", "90: 80\n60: 100", "1: nan"):
            with (
                self.subTest(text),
                self.assertRaisesRegex(ValidationError, "rising"),
                self.env.cr.savepoint(),
            ):
                self._create_draft(calculation="steps", score_points=text)

    @mute_logger("odoo.sql_db")
    def test_floor_lies_below_the_cap(self):
        with self.assertRaises(IntegrityError):
            self._create_draft(score_floor=130)
