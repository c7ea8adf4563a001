from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.bsc_appraisal.tests.common import MANAGER, AppraisalCommon


@tagged("post_install", "-at_install")
class TestMultiCompany(AppraisalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreign_company = cls.env["res.company"].create({"name": "Hill Farms"})
        cls.foreigner = cls._create_user("foreigner", MANAGER, cls.foreign_company)
        cls.indicator = cls._create_active(weight=100.0)
        cls.own_perspective = cls._create_perspective(
            code="W", weight=40.0, company_id=cls.company.id
        )

    def _create_foreign_draft(self, **values):
        defaults = {
            "company_id": self.foreign_company.id,
            "collector_id": self.foreigner.id,
        }
        return self._create_draft(**{**defaults, **values})

    def test_other_company_is_out_of_reach(self):
        foreign = self.env["bsc.indicator"].with_user(self.foreigner)
        self.assertFalse(foreign.search([("id", "=", self.indicator.id)]))
        for attempt in (
            lambda indicator: indicator.read(["name"]),
            lambda indicator: indicator.write({"weight": 1.0}),
            lambda indicator: indicator.action_retire(),
            lambda indicator: indicator.unlink(),
        ):
            with self.assertRaises(AccessError):
                attempt(foreign.browse(self.indicator.id))

    def test_shared_perspective_is_read_by_all_own_one_is_not(self):
        found = (
            self.env["bsc.perspective"]
            .with_user(self.foreigner)
            .search([("id", "in", (self.perspective | self.own_perspective).ids)])
        )
        self.assertEqual(found, self.perspective)

    def test_indicator_cannot_be_moved_to_a_foreign_company(self):
        draft = self._create_draft(code="Z1").with_user(self.manager)
        with self.assertRaises(AccessError):
            draft.company_id = self.foreign_company

    def test_company_of_perspective_and_people_must_fit(self):
        for values in (
            {"perspective_id": self.own_perspective.id},
            {"collector_id": self.collector.id},
            {"verifier_id": self.collector.id},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                self._create_foreign_draft(**{"code": "Z2", **values})

    def test_shared_perspective_with_foreign_indicators_stays_shared(self):
        self._create_foreign_draft(code="Z3")
        with self.assertRaisesRegex(ValidationError, "cannot belong to"):
            self.perspective.company_id = self.company

    def test_sums_are_those_of_one_company(self):
        """P5: each company's own weights sum to 100 %, also with shared ones."""
        foreign = self._create_foreign_draft(code="V1", weight=70.0)
        foreign.action_activate()
        shared = self.perspective.with_context(
            allowed_company_ids=(self.company | self.foreign_company).ids
        )
        self.assertEqual(shared.indicator_weight_total, 100.0)
        self.assertFalse(shared.weight_issue)
        elsewhere = shared.with_company(self.foreign_company)
        self.assertEqual(elsewhere.indicator_weight_total, 70.0)
        self.assertEqual(elsewhere.scorecard_weight_total, 60.0)
        self.assertIn("Hill Farms", elsewhere.weight_issue)
        self.assertEqual(
            (self.indicator | foreign).mapped("displayed_weight"), [60.0, 42.0]
        )

    def test_same_code_in_two_companies(self):
        self.assertTrue(self._create_foreign_draft(code=self.indicator.code))
