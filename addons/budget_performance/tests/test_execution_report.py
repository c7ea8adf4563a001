import io
import zipfile

import openpyxl

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from .common import BudgetCommon

REPORT = "budget_performance.performance_budget_execution_document"


@tagged("post_install", "-at_install")
class TestExecutionReport(BudgetCommon):
    """The same figures on paper, in Excel and in the ledger (B18)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for month in (1, 2, 3):
            cls._create_entry(500.0, day=f"2026-{month:02}-10")
        cls._create_claim(total_amount_currency=80.0).action_submit()
        cls._create_approved(total_amount_currency=120.0)
        cls._flush()
        cls.Execution = cls.env["performance.budget.execution"]

    def _get_workbook(self, user=None):
        execution = self.Execution.with_user(user or self.user_manager)
        content = execution._get_workbook(self.budget.with_env(execution.env))
        return content, openpyxl.load_workbook(io.BytesIO(content))

    def _render(self, user=None):
        report = self.env["ir.actions.report"].with_user(user or self.user_manager)
        html, _kind = report._render_qweb_html(REPORT, self.budget.ids)
        return html.decode()

    def test_figures_are_those_of_the_ledger(self):
        figures = self.Execution._get_figures(self.budget)
        held = self._oracle().held
        by_name = {line.display_name: line for line in self.budget.line_ids}
        for row in figures["lines"]:
            line = by_name[row["name"]]
            for kind in ("reserved", "committed", "actual"):
                booked = sum(
                    float(amount)
                    for key, amount in held.items()
                    if key.line_id == line.id and key.kind == kind
                )
                with self.subTest(line=row["name"], kind=kind):
                    self.assertAlmostEqual(row[f"amount_{kind}"], booked)

    def test_totals_count_a_pool_once_and_leave_the_reserve_out(self):
        figures = self.Execution._get_figures(self.budget)
        self.assertEqual(figures["total"]["amount_planned"], 9600 + 6000)
        self.assertEqual(figures["total"]["amount_actual"], 1500)
        self.assertEqual(figures["reserve"], 5000)
        months = figures["months"]
        self.assertEqual(len(months), 12)
        self.assertEqual(sum(month["amount_planned"] for month in months), 15600)
        self.assertEqual(sum(month["amount_actual"] for month in months), 1500)

    def test_excel_shows_the_same_figures(self):
        figures = self.Execution._get_figures(self.budget)
        content, book = self._get_workbook()
        sheet, months = book.worksheets
        for number, line in enumerate(figures["lines"], start=5):
            cells = [cell.value for cell in sheet[number]]
            self.assertEqual(cells[0], line["name"])
            self.assertAlmostEqual(cells[3], line["amount_planned"])
            self.assertAlmostEqual(cells[6], line["amount_actual"])
            self.assertAlmostEqual(cells[7], line["amount_available"])
        total = [cell.value for cell in sheet[5 + len(figures["lines"])]]
        self.assertEqual(total[3], 15600)
        self.assertEqual(months.cell(5, 5).value, 500)
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
        self.assertEqual(len([n for n in names if n.startswith("xl/charts/chart")]), 2)

    def test_no_text_becomes_a_formula(self):
        attack = "=cmd|' /C calc'!A0"
        self.position_hotel.name = attack
        self.budget.name = "@SUM(1+1)"
        self.user_owner.name = "+49"
        content, book = self._get_workbook()
        archive = zipfile.ZipFile(io.BytesIO(content))
        for name in archive.namelist():
            if name.startswith("xl/worksheets/"):
                self.assertNotIn(b"<f>", archive.read(name))
        texts = [
            cell.value
            for row in book.worksheets[0].iter_rows()
            for cell in row
            if isinstance(cell.value, str)
        ]
        self.assertTrue(any(attack in text for text in texts))
        self.assertFalse([t for t in texts if t.startswith(("=", "+", "@", "-"))])

    def test_paper_shows_the_figures_and_escapes_names(self):
        self.position_hotel.name = "<script>alert(1)</script>"
        html = self._render()
        self.assertNotIn("<script>alert(1)", html)
        self.assertIn("15,600.00", html)
        self.assertIn("1,500.00", html)

    def test_owner_gets_his_lines_only(self):
        self.budget.line_ids.owner_id = self.user_manager
        _content, book = self._get_workbook(self.user_owner)
        names = [book.worksheets[0].cell(row, 1).value for row in range(5, 9)]
        self.assertEqual(
            set(names[:3]),
            {
                line.display_name
                for line in self.budget.line_ids
                if line.department_id == self.sales
            },
        )
        self.assertIn(self.line_hotel_making.display_name, self._render())
        html = self._render(self.user_owner)
        self.assertNotIn(self.line_hotel_making.display_name, html)

    def test_strangers_get_nothing(self):
        with self.assertRaises(AccessError):
            self.budget.with_user(self.user_employee).action_export_execution()
        with self.assertRaises(AccessError):
            self._get_workbook(self.user_employee)

    def test_reports_are_mailed_to_each_with_what_he_may_read(self):
        self.company.write(
            {
                "budget_execution_mail": True,
                "budget_execution_user_ids": self.user_owner
                | self.user_auditor
                | self.user_employee
                | self.user_stranger,
            }
        )
        (self.user_owner | self.user_auditor | self.user_employee).write(
            {"email": "someone@example.com"}
        )
        self.budget.line_ids.owner_id = self.user_manager
        mails = {
            user: self.Execution._mail(self.company, user)
            for user in self.company.budget_execution_user_ids
        }
        self.assertFalse(mails[self.user_employee])
        self.assertFalse(mails[self.user_stranger])
        self.assertIn("15,600.00", mails[self.user_auditor].body_html)
        self.assertNotIn("15,600.00", mails[self.user_owner].body_html)
        attachment = mails[self.user_auditor].attachment_ids
        self.assertTrue(attachment.raw.startswith(b"PK"))


@tagged("post_install", "-at_install")
class TestExecutionDownload(BudgetCommon, HttpCase):
    """The Excel file by its address."""

    def test_only_who_reads_the_budget_downloads_it(self):
        url = f"/budget_performance/execution/{self.budget.id}"
        self.user_employee.password = self.user_auditor.password = "budget password 1"
        self.authenticate(self.user_employee.login, "budget password 1")
        self.assertEqual(self.url_open(url).status_code, 404)
        self.authenticate(self.user_auditor.login, "budget password 1")
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200)
        self.assertTrue(response.content.startswith(b"PK"))
        self.assertEqual(
            self.url_open("/budget_performance/execution/99999999").status_code, 404
        )
