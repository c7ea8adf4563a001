from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.bsc_appraisal.tests.consequence_common import ConsequenceCommon


@tagged("post_install", "-at_install")
class TestBscPayCheck(ConsequenceCommon):
    """Whether raises went where results were good, for HR managers alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pay = new_test_user(
            cls.env,
            login="bsc_pay",
            groups="hr.group_hr_manager",
            company_id=cls.company.id,
            company_ids=cls.company.ids,
        )
        for number, points in enumerate((50, 70, 105, 110)):
            name = f"worker{number}"
            cls.employees[name] = cls.env["hr.employee"].create(
                {
                    "name": name,
                    "company_id": cls.company.id,
                    "department_id": cls.spinning.id,
                }
            )
            cls.cards[name] = (
                cls.cards["anna"]
                .sudo()
                .create(
                    {
                        "cycle_id": cls._create_cycle(name=name).id,
                        "employee_id": cls.employees[name].id,
                    }
                )
            )
            grade = cls.env["bsc.grade"]._find_grade(cls.company, points)
            cls.cards[name].write(
                {
                    "cycle_id": cls.cycle.id,
                    "state": "final",
                    "rating_id": grade.id,
                    "published_date": cls.cycle.published_date,
                }
            )

    def _check(self, percents, user=None):
        found = {self.cards[name]: value for name, value in percents.items()}
        path = type(self.env["bsc.scorecard"])
        with patch.object(path, "_get_raise_percents", lambda cards: found):
            check = (
                self.env["bsc.pay.check"]
                .with_user(user or self.pay)
                .create({"cycle_id": self.cycle.id})
            )
            check.flush_recordset()  # computed here, not when it is read
            return check

    def test_it_says_where_raises_follow_results(self):
        names = ("anna", "worker0", "worker1", "bert", "worker2", "worker3")
        rising = dict(zip(names, (0, 0, 3, 5, 10, 10), strict=True))
        line = self._check(rising).line_ids
        self.assertEqual((line.department_id, line.people), (self.spinning, 6))
        self.assertEqual((line.correlation, line.verdict), (1.0, "good"))
        falling = dict(zip(names, (10, 10, 5, 3, 0, 0), strict=True))
        self.assertEqual(self._check(falling).line_ids.verdict, "reverse")
        same = dict.fromkeys(names, 4)
        self.assertEqual(self._check(same).line_ids.verdict, "same")

    def test_few_people_are_not_shown(self):
        check = self._check({"anna": 1, "bert": 2, "worker0": 3, "worker1": 4})
        self.assertFalse(check.line_ids)
        self.assertEqual(check.small_count, 1)

    def test_nobody_else_opens_it(self):
        for user in (self.officer, self.manager, self.auditor, self.users["lead"]):
            with self.assertRaises(AccessError):
                self._check({}, user)
