import io
import zipfile

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .scorecard_common import ScorecardCommon

REPORT = "bsc_appraisal.bsc_scorecard_sheet_document"
FIRST = 8  # the first row of indicators in a worksheet


class SheetCase(ScorecardCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.learning = cls._create_perspective(code="TL", name="Learning", sequence=90)
        cls.days = cls._create_measured(
            code="DAY", name="Training", perspective_id=cls.learning.id
        )
        cls.lines = [(cls.income, 50, 1000), (cls.waste, 30, 10), (cls.days, 20, 8)]
        cls.anna = cls._create_card(cls.lines, employee="anna")
        cls.bert = cls._create_card(cls.lines, employee="bert")
        cls._run(cls.anna, cls.bert)
        for indicator, value in ((cls.income, 1234.5), (cls.waste, 10)):
            cls._measure(cls.anna, indicator, value)
        (cls.anna | cls.bert).action_score()

    def _render(self, cards=None, user="lead", **context):
        report = self.env["ir.actions.report"].with_user(self.users[user])
        cards = self.anna if cards is None else cards
        html, _kind = report.with_context(**context)._render_qweb_html(
            REPORT, cards.ids
        )
        return html.decode()

    def _get_book(self, cards=None, user="lead", **context):
        cards = self.anna if cards is None else cards
        cards = cards.with_user(self.users[user]).with_context(**context)
        content = cards.env["bsc.scorecard.sheet"]._get_workbook(cards)
        return content, openpyxl.load_workbook(io.BytesIO(content))

    def _read_rows(self, page):
        return [[cell.value for cell in row] for row in page.iter_rows(min_row=FIRST)]


@tagged("post_install", "-at_install")
class TestScorecardSheet(SheetCase):
    """The printed scorecard: the figures of the records and nothing else (P9)."""

    def test_excel_shows_the_figures_of_the_lines(self):
        _content, book = self._get_book()
        (page,) = book.worksheets
        self.assertEqual(page.title, "Anna")
        self.assertEqual(page["B2"].value[:15], "First half 2026")
        self.assertEqual(page["B4"].value, self.users["lead"].name)
        rows = self._read_rows(page)
        lines = {line.indicator_id.display_name: line for line in self.anna.line_ids}
        for row in rows[:3]:
            line = lines.pop(row[1])
            with self.subTest(line=row[1]):
                self.assertEqual(row[0], line.perspective_id.name)
                self.assertEqual(row[3:5], [line.weight, line.target])
                figures = [line.actual, line.points, line.contribution]
                if line.status != "reported":
                    figures = [None, None, None]
                for cell, figure in zip(row[5:8], figures, strict=True):
                    self.assertAlmostEqual(cell, figure)
                self.assertEqual(row[8], line.explanation)
        self.assertFalse(lines)
        self.assertEqual((rows[3][3], rows[3][7]), (100, self.anna.score))

    def test_excel_draws_a_radar_where_there_is_a_shape(self):
        content, book = self._get_book()
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
        self.assertIn("xl/charts/chart1.xml", names)
        rates = [row[:3] for row in self._read_rows(book.worksheets[0])[6:9]]
        self.assertEqual(
            sorted(rates, key=str),
            sorted(
                [
                    [self.perspective.name, 123.45, 100],
                    ["Customer", 100, 100],
                    ["Learning", None, 100],
                ],
                key=str,
            ),
        )

    def test_many_scorecards_have_an_overview_and_a_worksheet_each(self):
        self.employees["bert"].name = "Anna"
        _content, book = self._get_book(self.anna | self.bert)
        self.assertEqual(book.sheetnames, ["Overview", "Anna", "Anna 2"])
        scores = [[cell.value for cell in row][4:6] for row in book.worksheets[0]][1:]
        self.assertEqual(
            scores, [[self.anna.score, self.anna.grade_id.display_name], [None, None]]
        )

    def test_names_that_excel_refuses_are_made_fit(self):
        self.employees["anna"].name = "[R&D]: what/is\\it? *" + "long" * 10
        self.employees["bert"].name = "History"
        _content, book = self._get_book(self.anna | self.bert)
        self.assertEqual(book.sheetnames[2], "History 2")
        self.assertLessEqual(len(book.sheetnames[1]), 31)

    def test_no_text_becomes_a_formula(self):
        attack = "=cmd|' /C calc'!A0"
        self.employees["anna"].name = attack
        self.learning.name = "@SUM(1+1)"
        self.income.sudo().name = "+49"
        content, book = self._get_book(self.anna | self.bert)
        archive = zipfile.ZipFile(io.BytesIO(content))
        for name in archive.namelist():
            if name.startswith("xl/worksheets/"):
                self.assertNotIn(b"<f>", archive.read(name))
        texts = [
            cell.value
            for page in book.worksheets
            for row in page.iter_rows()
            for cell in row
            if isinstance(cell.value, str)
        ]
        self.assertIn(f"'{attack}", texts)
        self.assertFalse([t for t in texts if t.startswith(("=", "+", "@", "-"))])

    def test_paper_shows_the_same_figures(self):
        html = self._render()
        for text in (
            "Anna",
            "First half 2026",
            "1,234.50",
            "1,000.00",
            f"{self.anna.score:.2f}",
            self.anna.grade_id.display_name,
            "Not reported yet: not zero, but not known.",
            "provisional",
        ):
            self.assertIn(text, html)
        for line in self.anna.line_ids:
            self.assertIn(line.indicator_id.name, html)
        self.assertEqual(html.count("Signature and date"), 2)

    def test_paper_escapes_what_people_type(self):
        self.employees["anna"].name = "<script>alert(1)</script>"
        self.assertNotIn("<script>alert(1)", self._render())

    def test_drafts_and_unscored_scorecards_say_so(self):
        self.assertIn("Not scored yet", self._render(self.bert))
        draft = self._create_card(self.lines, employee="lead")
        html = self._render(draft)
        self.assertIn("Draft: not agreed yet", html)
        self.assertNotIn("Not reported yet", html)
        _content, book = self._get_book(draft)
        self.assertEqual(book.worksheets[0]["B5"].value, "Draft: not agreed yet")

    def test_a_range_shows_its_limits_in_the_place_of_a_target(self):
        self._set_rule(self.income, calculation="range")
        line = self.anna.line_ids.filtered(lambda one: one.indicator_id == self.income)
        line.sudo().write({"low": 850, "high": 1250})
        _content, book = self._get_book()
        targets = {row[1]: row[4] for row in self._read_rows(book.worksheets[0])[:3]}
        self.assertEqual(targets[self.income.display_name], line.limits_text)
        self.assertEqual(targets[self.waste.display_name], 10)
        self.assertIn(line.limits_text, self._render())

    def test_readers_get_it_in_their_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.learning.with_context(lang="zh_CN").name = "学习与成长"
        self.income.sudo().with_context(lang="zh_CN").name = "业务收入"
        self.users["anna"].lang = "zh_CN"
        html = self._render(user="anna", lang="zh_CN")
        self.assertIn("学习与成长", html)
        self.assertIn("业务收入", html)
        self.assertIn("1,234.50", html)
        _content, book = self._get_book(user="anna", lang="zh_CN")
        rows = self._read_rows(book.worksheets[0])
        self.assertIn("学习与成长", [row[0] for row in rows])
        self.assertEqual(rows[3][7], self.anna.score)

    def test_who_may_read_a_scorecard_takes_it_away(self):
        for user in ("anna", "lead", "chief"):
            with self.subTest(user=user):
                self.assertIn("1,234.50", self._render(user=user))
                action = self.anna.with_user(self.users[user]).action_export_excel()
                self.assertEqual(
                    action["url"], f"/bsc_appraisal/scorecards/{self.anna.id}"
                )
        for user in ("bert", "stranger"):
            with (
                self.subTest(user=user),
                mute_logger("odoo.addons.base.models.ir_rule"),
            ):
                with self.assertRaises(AccessError):
                    self._get_book(user=user)
                with self.assertRaises(AccessError):
                    self._render(user=user)
                with self.assertRaises(AccessError):
                    self.anna.with_user(self.users[user]).action_export_excel()

    def test_everybody_finds_it_in_the_print_menu(self):
        for user in (self.users["anna"], self.officer, self.auditor):
            bindings = (
                self.env["ir.actions.actions"]
                .with_user(user)
                .get_bindings("bsc.scorecard")
            )
            names = {action["name"] for action in bindings.get("report", ())}
            self.assertEqual(names & {"Scorecard", "Scorecard in Excel"}, names)
            self.assertEqual(len(names), 2)
            excel = self.env.ref("bsc_appraisal.bsc_scorecard_sheet_excel")
            action = (
                excel.with_user(user)
                .with_context(active_model="bsc.scorecard", active_ids=self.anna.ids)
                .run()
            )
            self.assertEqual(action["type"], "ir.actions.act_url")

    def test_too_many_are_refused_with_a_way_out(self):
        self.patch(type(self.anna), "_MAX_SHEETS", 1)
        with self.assertRaisesRegex(UserError, "at most 1 scorecards.*you chose 2"):
            (self.anna | self.bert).action_export_excel()


@tagged("post_install", "-at_install")
class TestScorecardDownload(SheetCase, HttpCase):
    """The Excel file by its address."""

    def test_only_readers_download_it(self):
        cards = f"{self.anna.id},{self.bert.id}"
        url = "/bsc_appraisal/scorecards/"
        self.authenticate("bsc_bert", "bsc_bert")
        self.assertEqual(self.url_open(f"{url}{self.bert.id}").status_code, 200)
        for unreadable in (str(self.anna.id), cards, "0", "x", "99999999999"):
            with self.subTest(ids=unreadable):
                response = self.url_open(url + unreadable)
                self.assertEqual(response.status_code, 404)
        self.authenticate("bsc_lead", "bsc_lead")
        response = self.url_open(url + cards)
        self.assertEqual(response.status_code, 200)
        self.assertTrue(response.content.startswith(b"PK"))
        self.assertIn(".xlsx", response.headers["Content-Disposition"])
