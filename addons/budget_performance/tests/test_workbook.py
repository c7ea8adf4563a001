import base64
import io
import re
import zipfile
from datetime import date
from pathlib import Path

import openpyxl

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..tools import workbook_read
from .common import BudgetCommon
from .workbooks import FIRST_ROW, fill

ATTACK = "=cmd|' /C calc'!A0"


class WorkbookCommon(BudgetCommon):
    """A draft of 2028 with a pool, a line inside it, a project and a reserve."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.draft = cls._create_budget(
            name="2028", date_from=date(2028, 1, 1), date_to=date(2028, 12, 31)
        )
        line = cls._line
        cls.hotel = line("hotel", 1200, cls.centre_sales, cls.draft)
        cls.travel = line("travel", 2400, budget=cls.draft)
        cls.alpha = line("training", 600, cls.project_alpha, cls.draft)
        cls.reserve = line("travel", 100, budget=cls.draft, is_reserve=True)
        cls._flush()

    @classmethod
    def _open_import(cls, content, budget=None, user=None):
        budget = (budget or cls.draft).with_user(user or cls.user_officer)
        action = budget.action_import_workbook()
        wizard = budget.env[action["res_model"]].browse(action["res_id"])
        wizard.write({"content": base64.b64encode(content), "filename": "plan.xlsx"})
        return wizard

    def _import(self, content, **values):
        """Look at what a workbook changes, then apply it."""
        wizard = self._open_import(content, **values)
        wizard.action_read()
        self.assertEqual(wizard.state, "ready", wizard.problem_ids.mapped("reason"))
        wizard.action_apply()
        self._flush()
        return wizard

    def _export(self, budget=None, user=None):
        return (
            (budget or self.draft).with_user(user or self.user_officer)._get_workbook()
        )

    def _row_of(self, content, line):
        sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
        return next(cell.row for cell in sheet["A"] if cell.value == line.id)


@tagged("post_install", "-at_install")
class TestWorkbook(WorkbookCommon):
    """A draft budget as a workbook, out and back (B1)."""

    def _assert_refused(self, content, part, **values):
        before = self.draft.line_ids.ids, self.draft.amount_planned
        wizard = self._open_import(content, **values)
        wizard.action_read()
        self.assertEqual(wizard.state, "wrong")
        self.assertIn(part, " ".join(wizard.problem_ids.mapped("reason")))
        wizard.action_apply()  # a client that does not care
        self.assertEqual(wizard.state, "wrong")
        self.assertEqual((self.draft.line_ids.ids, self.draft.amount_planned), before)
        return wizard

    def test_a_workbook_that_nobody_changed_changes_nothing(self):
        wizard = self._open_import(self._export())
        wizard.action_read()
        self.assertEqual(wizard.state, "ready")
        self.assertFalse(wizard.line_ids)
        self.assertFalse(wizard.is_stale)
        self.assertEqual(wizard.kept_count, 0)

    def test_the_workbook_says_what_the_budget_says(self):
        sheet = openpyxl.load_workbook(
            io.BytesIO(self._export()), data_only=True
        ).worksheets[0]
        heads = [cell.value for cell in sheet[3]]
        rows = {
            cells[0]: dict(zip(heads, cells, strict=True))
            for cells in sheet.iter_rows(FIRST_ROW, values_only=True)
            if cells[0]
        }
        self.assertEqual(rows.keys(), set(self.draft.line_ids.ids))
        hotel = rows[self.hotel.id]
        self.assertEqual(hotel["position"], "Hotel")
        self.assertEqual(hotel["department"], "Sales")
        self.assertEqual(hotel["2028-06"], 100)
        self.assertEqual(hotel["pool"], "x")
        self.assertEqual(rows[self.alpha.id]["project"], "Alpha")
        self.assertEqual(rows[self.reserve.id]["reserve"], "x")
        total = dict(zip(heads, [cell.value for cell in sheet[4]], strict=True))
        self.assertEqual(total["total"], self.draft.amount_planned)
        self.assertEqual(total["2028-02"], 250)

    def test_what_was_filled_in_is_planned(self):
        content = self._export()
        wizard = self._import(
            fill(
                content,
                (self._row_of(content, self.hotel), "2028-03", 950.5),
                (self._row_of(content, self.hotel), "owner", self.user_manager.name),
                (self._row_of(content, self.alpha), "remove", "x"),
                (FIRST_ROW + 4, "position", "Flight"),
                (FIRST_ROW + 4, "department", "Make"),
                (FIRST_ROW + 4, "project", "Beta"),
                (FIRST_ROW + 4, "note", "two fairs"),
                (FIRST_ROW + 4, "2028-05", 70),
            )
        )
        self.assertEqual(
            (wizard.created_count, wizard.changed_count, wizard.removed_count),
            (1, 1, 1),
        )
        self.assertEqual(self.hotel.amount_planned, 1100 + 950.5)
        self.assertEqual(self.hotel.owner_id, self.user_manager)
        self.assertFalse(self.alpha.exists())
        new = self.draft.line_ids - self.hotel - self.travel - self.reserve
        self.assertEqual(new.position_id, self.position_flight)
        self.assertEqual(new.department_id, self.making)
        self.assertEqual(
            new.analytic_account_ids, self.centre_making | self.project_beta
        )
        self.assertEqual(new.note, "two fairs")
        self.assertEqual(new.amount_planned, 70)
        self.assertEqual(len(new.allocation_ids), 12)
        self.assertEqual(new.pool_line_id, self.travel)
        self.assertEqual(
            {line.kind: line.amount_after for line in wizard.line_ids},
            {"changed": 2050.5, "new": 70, "removed": 0},
        )
        self.assertIn("plan.xlsx", self.draft.message_ids[0].body)
        self.assertFalse(self._audit(self.draft))

    def _audit(self, budget):
        """Return the lines whose total is not the sum of their months."""
        return [
            line
            for line in budget.line_ids
            if line.currency_id.compare_amounts(
                line.amount_planned, sum(line.allocation_ids.mapped("amount_planned"))
            )
        ]

    def test_an_empty_budget_is_planned_from_scratch(self):
        empty = self._create_budget(
            name="2029", date_from=date(2029, 1, 1), date_to=date(2029, 6, 30)
        )
        content = fill(
            self._export(empty),
            (FIRST_ROW, "position", "Hotel"),
            (FIRST_ROW, "2029-06", 5),
            (FIRST_ROW + 7, "position", "Travel"),
            (FIRST_ROW + 7, "reserve", "x"),
        )
        self._import(content, budget=empty)
        self.assertEqual(len(empty.line_ids), 2)
        self.assertEqual(empty.amount_planned, 5)

    def test_a_plan_that_others_changed_meanwhile(self):
        content = self._export()
        row = self._row_of(content, self.hotel)
        self.travel.amount_planned = 2412
        wizard = self._open_import(fill(content, (row, "2028-01", 1)))
        wizard.action_read()
        self.assertTrue(wizard.is_stale)
        self.assertEqual(wizard.changed_count, 2)
        with self.assertRaises(UserError):
            wizard.action_apply()
        self.assertEqual(self.travel.amount_planned, 2412)
        wizard.is_confirmed = True
        wizard.action_apply()
        self.assertEqual(self.travel.amount_planned, 2400)

    def test_a_change_between_look_and_import_is_shown_first(self):
        content = self._export()
        wizard = self._open_import(
            fill(content, (self._row_of(content, self.hotel), "2028-01", 1))
        )
        wizard.action_read()
        self.travel.amount_planned = 12
        wizard.action_apply()
        self.assertTrue(wizard.is_stale)
        self.assertEqual(self.travel.amount_planned, 12)
        self.assertEqual(self.hotel.amount_planned, 1200)

    def test_problems_name_their_place_and_nothing_is_written(self):
        content = self._export()
        row = self._row_of(content, self.hotel)
        wizard = self._assert_refused(
            fill(content, (row, "2028-01", "a lot"), (FIRST_ROW + 4, "2028-02", 5)),
            "“a lot” is no number",
        )
        self.assertEqual(wizard.problem_count, 2)
        problem = wizard.problem_ids.filtered(lambda p: "a lot" in p.reason)
        self.assertEqual((problem.sheet, problem.row), ("Plan", row))
        self.assertTrue(problem.cell.endswith(str(row)))
        self.assertIn(
            "“Position” is missing.", (wizard.problem_ids - problem).mapped("reason")
        )

    def test_workbooks_of_others_are_refused(self):
        other = self._create_budget(
            name="2030", date_from=date(2030, 1, 1), date_to=date(2030, 12, 31)
        )
        self._assert_refused(self._export(other), "exported from something else")
        there = self.env["performance.budget"].create(
            {"name": "There", "company_id": self.company_other.id}
        )
        there.user_id = self.user_stranger
        content = there.sudo()._get_workbook()
        self._assert_refused(content, "another company")

    def test_every_reason_has_words(self):
        """Whatever the readers report can be said, and nothing else is kept ready."""
        words = {
            **self.draft._get_file_problem_texts(""),
            **self.draft._get_row_problem_texts(""),
            **self.draft._get_cell_problem_texts(""),
        }
        pattern = re.compile(r'(?:Problem|_report|codes\.add)\(\s*"(\w+)"')
        folder = Path(workbook_read.__file__).parent
        files = ("workbook_guard.py", "workbook_read.py", "workbook_changes.py")
        for name in files:
            source = (folder / name).read_text(encoding="utf-8")
            codes = set(pattern.findall(source))
            self.assertTrue(codes)
            self.assertFalse(codes - words.keys(), name)

    def test_two_accounts_of_one_plan(self):
        shared = self.project_alpha.copy(
            {"name": "Third", "plan_id": self.centre_sales.plan_id.id}
        )
        content = fill(
            self._export(),
            (FIRST_ROW + 4, "position", "Flight"),
            (FIRST_ROW + 4, "department", "Sales"),
            (FIRST_ROW + 4, "project", shared.name),
        )
        self._assert_refused(content, "one analytic plan")

    def test_names_never_become_formulas(self):
        self.position_hotel.name = ATTACK
        self.draft.name = "@SUM(1)"
        self.project_alpha.name = "+49"
        self.hotel.note = "-1"
        content = self._export()
        archive = zipfile.ZipFile(io.BytesIO(content))
        formulas = [
            part
            for name in archive.namelist()
            if name.startswith("xl/worksheets/")
            for part in archive.read(name).split(b"<f>")[1:]
        ]
        self.assertFalse([f for f in formulas if not f.startswith(b"SUM")])
        wizard = self._import(
            fill(content, (self._row_of(content, self.hotel), "2028-01", 7))
        )
        self.assertEqual(wizard.changed_count, 1)
        self.assertEqual(self.hotel.note, "-1")

    def test_labels_of_another_language_are_understood(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.position_hotel.with_context(lang="fr_FR").name = "Hôtel"
        french = self.draft.with_user(self.user_officer).with_context(lang="fr_FR")
        content = french._get_workbook()
        wizard = self._import(
            fill(
                content,
                (FIRST_ROW + 4, "position", "Hôtel"),
                (FIRST_ROW + 4, "department", "Make"),
            )
        )
        self.assertEqual(wizard.created_count, 1)

    def test_labels_that_two_share_stay_apart(self):
        twin = self.position_flight.copy({"name": "Hotel", "parent_id": False})
        content = self._export()
        self._import(
            fill(
                content,
                (FIRST_ROW + 4, "position", f"Hotel #{twin.id}"),
                (FIRST_ROW + 4, "department", "Sales"),
            )
        )
        self.assertIn(twin, self.draft.line_ids.position_id)

    # who may

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_only_finance_takes_a_budget_out_and_back(self):
        content = self._export()
        for user in (self.user_owner, self.user_auditor, self.user_employee):
            draft = self.draft.with_user(user)
            with self.subTest(user=user.login):
                for attempt in (
                    draft.action_export_workbook,
                    draft.action_import_workbook,
                    draft._get_workbook,
                ):
                    with self.assertRaises(AccessError):
                        attempt()
        # an owner who makes up the dialog gets no further
        wizard = (
            self.env["performance.budget.workbook.import"]
            .with_user(self.user_owner)
            .create({"document_ref": f"performance.budget,{self.draft.id}"})
        )
        wizard.content = base64.b64encode(content)
        for attempt in (wizard.action_read, wizard.action_apply, wizard.action_export):
            with self.assertRaises(AccessError):
                attempt()

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_a_dialog_of_somebody_else_is_not_readable(self):
        content = self._export()
        changed = fill(content, (self._row_of(content, self.hotel), "2028-01", 1))
        wizard = self._open_import(changed)
        with self.assertRaises(AccessError):
            wizard.with_user(self.user_manager).action_apply()
        with self.assertRaises(AccessError):
            wizard.with_user(self.user_manager).read(["content"])
        wizard.action_read()
        lines = self.env["performance.budget.workbook.import.line"]
        self.assertFalse(lines.with_user(self.user_manager).search([]))
        stranger = self.draft.with_user(self.user_stranger)
        with self.assertRaises(AccessError):
            stranger.action_import_workbook()

    def test_a_budget_in_force_is_not_taken_back(self):
        content = self._export()
        wizard = self._open_import(content)
        wizard.action_read()
        self.company.budget_reserve_min_rate = 0
        self._approve_budget(self.draft)
        with self.assertRaisesRegex(UserError, "no draft"):
            wizard.action_apply()
        for attempt in ("action_export_workbook", "action_import_workbook"):
            with self.assertRaisesRegex(UserError, "no draft"):
                getattr(self.draft.with_user(self.user_officer), attempt)()

    def test_planned_months_of_a_budget_in_force_stay(self):
        allocations = self.env["performance.budget.allocation"]
        with self.assertRaises(UserError):
            allocations._write_planned({(self.line_travel.id, date(2026, 1, 1)): 1})
        with self.assertRaises(AccessError):
            allocations.with_user(self.user_owner)._write_planned(
                {(self.hotel.id, date(2028, 1, 1)): 1}
            )

    def test_without_a_file(self):
        wizard = self.env["performance.budget.workbook.import"].create(
            {"document_ref": f"performance.budget,{self.draft.id}"}
        )
        with self.assertRaises(UserError):
            wizard.action_read()

    def test_an_error_at_the_last_line_leaves_nothing(self):
        """The unique key of the database is the last to speak; nothing is left then."""
        content = fill(
            self._export(),
            (self._row_of(self._export(), self.hotel), "2028-01", 7),
            (FIRST_ROW + 4, "position", "Flight"),
        )
        wizard = self._open_import(content)
        wizard.action_read()
        self.patch(
            type(self.env["performance.budget.allocation"]),
            "_write_planned",
            lambda *args: (_ for _ in ()).throw(ValidationError("broken")),
        )
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            wizard.action_apply()
        self.env.invalidate_all()
        self.assertEqual(self.hotel.amount_planned, 1200)
        self.assertEqual(len(self.draft.line_ids), 4)

    # how much it costs

    def _count_queries(self, count):
        """Return the queries of new lines and of changed ones, ``count`` each."""
        positions = self.env["performance.budget.position"].create(
            [{"name": f"Position {number}"} for number in range(count)]
        )
        budget = self._create_budget(
            name="Many", date_from=date(2031, 1, 1), date_to=date(2031, 3, 31)
        )
        content = self._export(budget)
        content = fill(
            content,
            *(
                (FIRST_ROW + number, "position", position.name)
                for number, position in enumerate(positions)
            ),
        )
        queries = []
        for change in (None, 4):
            if change:
                content = self._export(budget)
                content = fill(
                    content,
                    *((FIRST_ROW + n, "2031-02", change) for n in range(count)),
                    *((FIRST_ROW + n, "note", f"note {n}") for n in range(count)),
                )
            wizard = self._open_import(content, budget=budget)
            self._flush()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            wizard.action_read()
            wizard.action_apply()
            self._flush()
            queries.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(budget.line_ids), count)
        self.assertEqual(budget.amount_planned, 4 * count)
        budget.unlink()
        positions.unlink()
        return queries

    def test_many_lines_take_no_more_queries_than_few(self):
        self._count_queries(5)  # what is cached once does not count
        few, many = self._count_queries(5), self._count_queries(150)
        for some, more in zip(few, many, strict=True):
            self.assertLessEqual(more, some + 15)


@tagged("post_install", "-at_install")
class TestWorkbookDownload(WorkbookCommon, HttpCase):
    """The workbook through the browser's doors: down, filled in, up."""

    def _log_in(self, user):
        user.password = "budget password 1"
        self.authenticate(user.login, "budget password 1")

    def test_who_may_fill_it_in_downloads_it(self):
        url = f"/budget_performance/workbook/performance.budget/{self.draft.id}"
        for user, code in (
            (self.user_employee, 404),
            (self.user_owner, 404),
            (self.user_auditor, 404),
            (self.user_stranger, 404),
            (self.user_officer, 200),
        ):
            self._log_in(user)
            with self.subTest(user=user.login):
                self.assertEqual(self.url_open(url).status_code, code)
        for other in ("res.users/2", "performance.budget/99999999", "x/1"):
            url = f"/budget_performance/workbook/{other}"
            self.assertEqual(self.url_open(url).status_code, 404)

    def test_out_and_back_through_the_web_client(self):
        self._log_in(self.user_officer)
        action = self._call(
            "performance.budget", "action_export_workbook", self.draft.id
        )
        content = self.url_open(action["url"]).content
        filled = fill(content, (self._row_of(content, self.hotel), "2028-01", 777))
        action = self._call(
            "performance.budget", "action_import_workbook", self.draft.id
        )
        model, wizard_id = action["res_model"], action["res_id"]
        values = {"content": base64.b64encode(filled).decode(), "filename": "p.xlsx"}
        self._call(model, "web_save", wizard_id, values, {"state": {}})
        self._call(model, "action_read", wizard_id)
        result = self._call(model, "action_apply", wizard_id)
        self.assertEqual(result["tag"], "display_notification")
        self.hotel.invalidate_recordset()
        self.assertEqual(self.hotel.amount_planned, 1877)

    def _call(self, model, method, record_id, *args):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {
                "model": model,
                "method": method,
                "args": [[record_id], *args],
                "kwargs": {},
            },
        )
