from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.bsc_appraisal.tests.raise_common import RaiseCommon


@tagged("post_install", "-at_install")
class TestHrPayslip(RaiseCommon):
    """O1, O2: what was decided stands on a computed payslip, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer_pay = cls._create_user("pay", "payroll.group_payroll_manager")
        Category = cls.env["hr.salary.rule.category"]
        categories = {
            code: Category.create({"name": code, "code": code, "company_id": False})
            for code in ("BASIC", "GROSS")
        }
        rules = cls.env["hr.salary.rule"].create(
            [
                {
                    "name": name,
                    "code": name,
                    "sequence": sequence,
                    "company_id": False,
                    "category_id": categories[name].id,
                    "amount_select": "code",
                    "amount_python_compute": code,
                }
                for name, sequence, code in (
                    ("BASIC", 1, "result = contract.wage"),
                    ("GROSS", 100, "result = categories.BASIC + categories.ALW"),
                )
            ]
        )
        cls.structure = cls.env["hr.payroll.structure"].create(
            {
                "name": "Monthly",
                "code": "M",
                "company_id": cls.company.id,
                "parent_id": False,
                "rule_ids": [Command.set(rules.ids)],
            }
        )
        for person in cls.people.values():
            person.version_ids.struct_id = cls.structure
        cls.policy_bonus = cls.policy.copy({"kind": "bonus", "bonus_months": 1})

    def _create_slip(self, name="Cem", month="2026-12"):
        employee = self.people[name]
        return (
            self.env["hr.payslip"]
            .with_user(self.officer_pay)
            .create(
                {
                    "employee_id": employee.id,
                    "company_id": self.company.id,
                    "date_from": f"{month}-01",
                    "date_to": f"{month}-30",
                    "contract_id": employee._get_version(self._day(month)).id,
                    "struct_id": self.structure.id,
                }
            )
        )

    def _day(self, month):
        return self.env["hr.payslip"]._fields["date_to"].to_date(f"{month}-30")

    def _get_totals(self, slip):
        return {line.code: line.total for line in slip.line_ids}

    def _apply(self, **values):
        batch = self._create_approved(**values)
        batch.action_apply()
        self.assertFalse(batch.failed_count)
        return batch

    def _give_bonus(self, **values):
        return self._apply(kind="bonus", policy_id=self.policy_bonus.id, **values)

    def test_raise_lump_sum_and_bonus_on_one_slip(self):
        self._give_bonus()
        self._apply()
        before = self._create_slip(month="2026-11")
        before.compute_sheet()
        self.assertEqual(self._get_totals(before), {"BASIC": 118000, "GROSS": 118000})
        slip = self._create_slip()
        slip.compute_sheet()
        self.assertEqual(
            self._get_totals(slip),
            {
                "BASIC": 120000.0,
                "BSC_BONUS": 3800.33,
                "BSC_LUMP": 1800.33,
                "GROSS": 125600.66,
            },
        )
        self.assertFalse(slip.award_issue)
        bonuses = self.env["bsc.bonus"].search([("payslip_id", "=", slip.id)])
        self.assertEqual(bonuses.mapped("state"), ["due", "due"])
        slip.action_payslip_done()
        self.assertEqual(bonuses.mapped("state"), ["paid", "paid"])
        after = self._create_slip(month="2027-01")
        after.compute_sheet()
        self.assertEqual(self._get_totals(after), {"BASIC": 120000, "GROSS": 120000})

    def test_a_computed_slip_is_flagged_and_not_changed(self):
        slip = self._create_slip()
        slip.compute_sheet()
        done = self._create_slip("Ada")
        done.compute_sheet()
        done.action_payslip_done()
        self.assertFalse(slip.award_issue)
        self._apply()
        (slip | done).invalidate_recordset()
        for one, wage in ((slip, 118000), (done, 80000)):
            self.assertIn("raise came after", one.award_issue)
            self.assertEqual(self._get_totals(one), {"BASIC": wage, "GROSS": wage})
        slip.compute_sheet()
        self.assertFalse(slip.award_issue)
        self.assertEqual(self._get_totals(slip)["GROSS"], 121800.33)

    def test_a_bonus_after_the_slip_is_flagged_and_comes_next(self):
        slip = self._create_slip()
        slip.compute_sheet()
        self._give_bonus()
        slip.invalidate_recordset()
        self.assertIn("does not show it", slip.award_issue)
        slip.with_context(without_compute_sheet=True).action_payslip_done()
        following = self._create_slip(month="2027-01")
        following.compute_sheet()
        self.assertEqual(self._get_totals(following)["BSC_BONUS"], 3800.33)

    def test_two_slips_pay_once(self):
        self._give_bonus()
        first, second = self._create_slip(), self._create_slip()
        (first | second).compute_sheet()
        self.assertEqual(self._get_totals(first)["BSC_BONUS"], 3800.33)
        self.assertNotIn("BSC_BONUS", self._get_totals(second))
        second.compute_sheet()
        self.assertNotIn("BSC_BONUS", self._get_totals(second))

    def test_what_is_not_paid_is_due_again(self):
        self._give_bonus()
        Bonus = self.env["bsc.bonus"]
        cem = [("employee_id", "=", self.people["Cem"].id)]
        slip = self._create_slip()
        slip.compute_sheet()
        slip.action_payslip_cancel()
        self.assertFalse(Bonus.search(cem).payslip_id)
        slip = self._create_slip()
        slip.compute_sheet()
        slip.action_payslip_done()
        self.assertEqual(Bonus.search(cem).state, "paid")
        slip.refund_sheet()
        self.assertRecordValues(
            Bonus.search(cem), [{"state": "due", "payslip_id": False}]
        )
        again = self._create_slip(month="2027-01")
        again.compute_sheet()
        self.assertEqual(self._get_totals(again)["BSC_BONUS"], 3800.33)
        again.action_payslip_draft()
        again.unlink()
        self.assertFalse(Bonus.search(cem).payslip_id)

    def test_a_changed_input_is_put_back(self):
        self._give_bonus()
        slip = self._create_slip()
        slip.compute_sheet()
        slip.input_line_ids.amount = 99999
        slip.invalidate_recordset()
        self.assertTrue(slip.award_issue)
        slip.compute_sheet()
        self.assertEqual(self._get_totals(slip)["BSC_BONUS"], 3800.33)

    def test_two_versions_in_a_slip_pay_once(self):
        self._apply(date_effective="2026-12-15")
        slip = self._create_slip()
        slip.compute_sheet()
        lumps = slip.line_ids.filtered(lambda line: line.code == "BSC_LUMP")
        self.assertEqual(lumps.mapped("total"), [1800.33])

    def test_payroll_takes_few_queries(self):
        """At most one query more for each slip, when there is nothing to take."""
        slips = self.env["hr.payslip"]
        for name in self.people:
            slips |= self._create_slip(name)
        slips.compute_sheet()
        self._flush()
        self.env.invalidate_all()
        with self.assertQueryCount(3):
            slips._find_due()
            slips._find_raised()
        ours = self._count_queries(slips)
        with patch.object(type(slips), "_take_awards", lambda slips: None):
            before = self._count_queries(slips)
        self.assertLessEqual(ours - before, len(slips))

    def _count_queries(self, slips):
        self._flush()
        self.env.invalidate_all()
        start = self.cr.sql_log_count
        slips.compute_sheet()
        self._flush()
        return self.cr.sql_log_count - start

    def test_only_payroll_sees_what_was_taken(self):
        self._give_bonus()
        slip = self._create_slip()
        slip.compute_sheet()
        for user in (self.employee, self.officer, self.auditor):
            with self.assertRaises(AccessError):
                slip.with_user(user).read(["award_issue"])
            with self.assertRaises(AccessError):
                self.env["hr.payslip"].with_user(user).search([("bonus_ids", "!=", 0)])
