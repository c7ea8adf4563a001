from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.bsc_appraisal.tests.common import AppraisalCommon


@tagged("post_install", "-at_install")
class TestBscIndicatorAssignment(AppraisalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.job = cls.env["hr.job"].create(
            {"name": "Sales", "company_id": cls.company.id}
        )
        cls.department = cls.env["hr.department"].create(
            {"name": "South", "company_id": cls.company.id}
        )
        cls.indicator = cls._create_active(level="post")
        cls.draft = cls._create_draft(code="D1", name="Visits")

    def _assign(self, user=None, **values):
        Assignment = self.env["bsc.indicator.assignment"]
        return Assignment.with_user(user or self.manager).create(
            {
                "indicator_id": self.indicator.id,
                "job_id": self.job.id,
                "weight": 100.0,
                **values,
            }
        )

    def test_post_says_what_is_wrong_with_its_weights(self):
        """P4, P5: direct weights per post, 100 %, balanced, at most 30."""
        self.assertFalse(self.job.indicator_issue)
        assignment = self._assign(weight=60.0)
        self.assertIn("60.00 %", self.job.indicator_issue)
        assignment.weight = 100.0
        self.assertFalse(self.job.indicator_issue)
        self.indicator.perspective_id = self.env.ref(
            "bsc_appraisal.bsc_perspective_financial"
        )
        self.assertIn("All indicators are financial", self.job.indicator_issue)

    def test_more_than_thirty_are_named(self):
        for number in range(31):
            indicator = self._create_draft(code=f"N{number}", name=f"Thing {number}")
            self._assign(indicator_id=indicator.id, weight=100 / 31)
        self.assertEqual(self.job.indicator_count, 31)
        self.assertIn("31 indicators: more than 30", self.job.indicator_issue)

    def test_one_subject_and_once(self):
        self._assign()
        rows = [
            {},
            {"department_id": self.department.id},
            {"job_id": False},
            {"indicator_id": self.draft.id, "weight": 101.0},
            {"indicator_id": self.draft.id, "weight": -1.0},
        ]
        for values in rows:
            with (
                self.subTest(values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self._assign(**values)
        self._assign(job_id=False, department_id=self.department.id)
        self.assertEqual(self.department.indicator_count, 1)

    def test_retired_indicator_is_not_assigned(self):
        self.indicator.with_user(self.manager).action_retire()
        with self.assertRaisesRegex(ValidationError, "is retired"):
            self._assign()

    def test_everybody_reads_only_managers_set(self):
        assignment = self._assign()
        hidden = self._assign(indicator_id=self.draft.id, weight=0.0)
        for user in (self.employee, self.officer, self.auditor):
            with self.subTest(user.login):
                self.assertEqual(assignment.with_user(user).weight, 100.0)
                for attempt in (
                    lambda one: one.write({"weight": 1.0}),
                    lambda one: one.unlink(),
                    lambda one: one.copy(),
                ):
                    with self.assertRaises(AccessError):
                        attempt(assignment.with_user(user))
                with self.assertRaises(AccessError):
                    self._assign(user, indicator_id=self.draft.id)
        with self.assertRaises(AccessError):
            hidden.with_user(self.employee).read(["weight"])
        self.assertEqual(self.job.with_user(self.employee).assignment_ids, assignment)
        self.assertEqual(hidden.with_user(self.auditor).weight, 0.0)
