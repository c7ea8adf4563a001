import doctest
import io
import zipfile
from datetime import date, datetime
from decimal import Decimal

import openpyxl

from odoo.tests import BaseCase, tagged

from ..tools import (
    workbook,
    workbook_changes,
    workbook_guard,
    workbook_read,
    workbook_write,
)
from .workbooks import edit, fill, put_cell, repack

CENT = Decimal("0.01")
MONTHS = [date(2026, month, 1) for month in range(1, 13)]
COLUMNS = [
    workbook.Column("position", "Position", 20, True, True, ["Hotel", "'=Flight"]),
    workbook.Column("department", "Department", 20, True, choices=["Sales", "Make"]),
    workbook.Column("note", "Notes", max_length=50),
]
WORDS = (
    *("sheet", "help", "remove", "pool", "total", "grand"),
    *("subtotals", "subtotals_help", "wrong_amount", "wrong_amount_help"),
    *("wrong_choice", "wrong_choice_help"),
)


def plan(rows, **values):
    return workbook.Plan(
        title="=Plan",
        columns=COLUMNS,
        months=MONTHS,
        rows=rows,
        identity={"format": "1", "id": "7"},
        texts={word: word.title() for word in WORDS},
        month_labels=[f"{month:%b}" for month in MONTHS],
        subtotals=("department",),
        **values,
    )


def row(line_id, position="Hotel", department="Sales", amount="10.00", **values):
    return workbook.Row(
        line_id,
        {"position": position, "department": department, "note": "", **values},
        [Decimal(amount)] * 12,
    )


@tagged("post_install", "-at_install")
class TestWorkbookReading(BaseCase):
    """What is taken from a workbook and what is refused, without Odoo (B1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = [row(11), row(12, "'=Flight"), row(13, department="Make")]
        cls.content = workbook_write.write(plan(cls.rows))

    def _read(self, content):
        return workbook_read.read(content, COLUMNS, MONTHS, CENT)

    def _assert_refused(self, content, code, **place):
        problems = self._read(content).problems
        self.assertIn(code, {problem.code for problem in problems})
        self.assertFalse(self._read(content).rows)
        found = next(problem for problem in problems if problem.code == code)
        for name, value in place.items():
            self.assertEqual(getattr(found, name), value)

    def test_the_examples_in_the_docstrings_are_true(self):
        for module in (workbook, workbook_guard, workbook_changes):
            with self.subTest(module=module.__name__):
                result = doctest.testmod(module)
                self.assertGreater(result.attempted, 0)
                self.assertEqual(result.failed, 0)

    def test_what_was_written_is_read_again(self):
        reading = self._read(self.content)
        self.assertEqual(reading.problems, [])
        self.assertEqual(reading.identity, {"format": "1", "id": "7"})
        for before, after in zip(self.rows, reading.rows, strict=True):
            self.assertEqual(after.line_id, before.line_id)
            self.assertEqual(after.texts, before.texts)
            self.assertEqual(after.amounts, before.amounts)
        self.assertEqual([found.number for found in reading.rows], [6, 7, 8])

    def test_people_write_only_where_they_are_asked(self):
        book = openpyxl.load_workbook(io.BytesIO(self.content))
        sheet = book.worksheets[0]
        self.assertTrue(sheet.protection.sheet)
        for cell, locked in (
            ("A6", True),
            ("B6", False),
            ("C6", True),
            ("E6", False),
            ("G6", False),
            ("S6", True),
            ("C9", False),  # the first line that is not there yet
        ):
            with self.subTest(cell=cell):
                self.assertEqual(sheet[cell].protection.locked, locked)
        self.assertEqual(sheet.freeze_panes, "E6")
        kinds = {check.type for check in sheet.data_validations.dataValidation}
        self.assertEqual(kinds, {"list", "decimal"})
        self.assertEqual(book[workbook.LISTS].sheet_state, "veryHidden")

    def test_totals_are_the_only_formulas(self):
        book = openpyxl.load_workbook(io.BytesIO(self.content))
        formulas = {
            cell.value.partition("(")[0]
            for sheet in book
            for cells in sheet.iter_rows()
            for cell in cells
            if cell.data_type == "f"
        }
        self.assertEqual(formulas, {"=SUM", "=SUMIF", "=SUMIFS"})
        values = openpyxl.load_workbook(io.BytesIO(self.content), data_only=True)
        self.assertEqual(values.worksheets[0]["S4"].value, 360)
        sums = [[c.value for c in cells] for cells in values.worksheets[1].rows]
        self.assertIn("Sales", [line[0] for line in sums])
        self.assertEqual({line[0]: line[13] for line in sums}["Sales"], 240)

    def test_totals_leave_out_what_lies_in_a_pool(self):
        rows = [row(1), workbook.Row(2, {}, [Decimal(5)] * 12, is_in_pool=True)]
        content = workbook_write.write(plan(rows))
        values = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
        self.assertEqual(values.worksheets[0]["S4"].value, 120)

    def test_changes_new_lines_and_removals_are_read(self):
        content = fill(
            self.content,
            (6, "2026-03", 33.337),
            (7, "remove", "x"),
            (9, "position", "Hotel"),
            (9, "note", "for the fair"),
            (9, "2026-01", 12),
        )
        reading = self._read(content)
        self.assertEqual(reading.problems, [])
        changed, removed, _kept, new = reading.rows
        self.assertEqual(changed.amounts[2], Decimal("33.34"))
        self.assertTrue(removed.is_removed)
        self.assertIsNone(new.line_id)
        self.assertEqual(new.amounts, [Decimal(12)] + [Decimal(0)] * 11)

    def test_amounts_that_are_none(self):
        for value, code in (
            ("1.200,00", "no_amount"),
            ("NaN", "no_amount"),
            ("inf", "no_amount"),
            (True, "no_amount"),
            (datetime(2026, 1, 1), "no_amount"),
            (-1, "negative"),
            (-0.001, "negative"),
            (1e13, "too_high"),
            ("=1+1", "formula"),
            ("#REF!", "error_value"),
        ):
            with self.subTest(value=value):
                spoiled = fill(self.content, (7, "2026-02", value))
                self._assert_refused(spoiled, code, row=7, cell="H7", sheet="Sheet")

    def test_a_number_beyond_all_numbers(self):
        digits = "9" * 400
        spoiled = put_cell(self.content, "H7", f'<c r="H7"><v>{digits}</v></c>')
        self._assert_refused(spoiled, "not_finite", row=7, cell="H7")

    def test_numbers_that_are_no_numbers_in_the_file(self):
        for number in ("1e999", "nan", "inf", "1,5", "0x10"):
            with self.subTest(number=number):
                spoiled = put_cell(self.content, "H7", f'<c r="H7"><v>{number}</v></c>')
                self.assertTrue(self._read(spoiled).problems)

    def test_a_year_beyond_what_can_be_planned(self):
        values = [(6, f"{month:%Y-%m}", 9e11) for month in MONTHS]
        self._assert_refused(fill(self.content, *values), "too_high", row=6)

    def test_formulas_hidden_as_arrays_and_texts(self):
        array = '<c r="H7"><f t="array" ref="H7">SUM(H6:H6)</f><v>3</v></c>'
        self._assert_refused(put_cell(self.content, "H7", array), "formula")
        for name, value, code in (
            ("note", "=cmd|' /C calc'!A0", "formula"),
            ("note", "@SUM(1)", "sign"),
            ("note", "+49", "sign"),
            ("position", "=HYPERLINK(1)", "formula"),
        ):
            with self.subTest(value=value):
                self._assert_refused(fill(self.content, (9, name, value)), code, row=9)

    def test_texts_that_are_none(self):
        for changes, code in (
            ([(9, "department", "Sales")], "required"),
            ([(9, "position", "Casino")], "unknown"),
            ([(9, "position", "Hotel"), (9, "department", "Nobody")], "unknown"),
            ([(6, "note", "x" * 51)], "too_long"),
            ([(6, "id", "eleven")], "no_id"),
            ([(6, "id", 2**40)], "no_id"),
            ([(7, "id", 11)], "twice"),
        ):
            with self.subTest(code=code):
                self._assert_refused(fill(self.content, *changes), code)

    def test_columns_missing_or_twice(self):
        def lose(book):
            book.worksheets[0].delete_cols(8)

        self._assert_refused(
            edit(self.content, lose), "missing_columns", value="2026-02"
        )
        doubled = fill(self.content, (3, "2026-02", "2026-01"))
        self._assert_refused(doubled, "double_columns", value="2026-01")

    def test_every_problem_is_listed_at_once(self):
        spoiled = fill(
            self.content, (6, "2026-01", "a"), (7, "2026-05", -1), (9, "note", "x")
        )
        codes = [problem.code for problem in self._read(spoiled).problems]
        self.assertEqual(sorted(codes), ["negative", "no_amount", "required"])

    def test_rows_without_end(self):
        many = [row(number) for number in range(1, workbook.MAX_ROWS + 2)]
        self._assert_refused(workbook_write.write(plan(many)), "too_many_rows")
        fifty_thousand = b"".join(
            b'<row r="%d"><c r="G%d"><v>1</v></c></row>' % (number, number)
            for number in range(300, 50300)
        )

        def add(name, data):
            if name != "xl/worksheets/sheet1.xml":
                return data
            return data.replace(b"</sheetData>", fifty_thousand + b"</sheetData>")

        self._assert_refused(repack(self.content, add), "too_many_rows")
        far = b'<row r="99999999999"><c r="G99999999999"><v>1</v></c></row>'
        spread = repack(
            self.content,
            lambda name, data: data.replace(b"</sheetData>", far + b"</sheetData>"),
        )
        self.assertLessEqual(len(self._read(spread).rows), 3)

    def test_no_row_at_all(self):
        self._assert_refused(workbook_write.write(plan([])), "no_rows")

    def test_files_that_are_no_workbook(self):
        other = io.BytesIO()
        with zipfile.ZipFile(other, "w") as archive:
            archive.writestr("readme.txt", "no workbook")
        for content, code in (
            (b"", "not_excel"),
            (b"Position;Amount", "not_excel"),
            (b"PK\x03\x04 broken", "not_excel"),
            (self.content[:-200], "not_excel"),
            (other.getvalue(), "not_excel"),
            (b"\xd0\xcf\x11\xe0 old", "old_excel"),
            (b"PK" + b"\0" * (workbook_guard.MAX_BYTES + 1), "too_large"),
        ):
            with self.subTest(code=code, start=content[:12]):
                self._assert_refused(content, code)

    def test_archives_that_grow(self):
        """A bomb is refused by what its list declares; nothing of it is unpacked."""
        zeros = b"\0" * (workbook_guard.MAX_UNPACKED + 1)
        bomb = repack(self.content, **{"xl/media/zeros.xml": zeros})
        self.assertLess(len(bomb), workbook_guard.MAX_BYTES)
        self._assert_refused(bomb, "bomb")
        crowd = repack(self.content, **{f"xl/{n}.xml": b"" for n in range(250)})
        self._assert_refused(crowd, "bomb")

    def test_workbooks_that_do_something(self):
        relation = (
            b'<Relationship Id="x" Type="http://schemas.openxmlformats.org/%s"'
            b' Target="file:///c:/secret.xlsx" TargetMode="External"/></Relationships>'
        )

        def link(kind):
            return lambda name, data: (
                data.replace(b"</Relationships>", relation % kind)
                if name == "xl/_rels/workbook.xml.rels"
                else data
            )

        def macro_enabled(name, data):
            if name != "[Content_Types].xml":
                return data
            return data.replace(b"spreadsheetml.sheet.main", b"sheet.macroEnabled.main")

        for content, code in (
            (repack(self.content, **{"xl/vbaProject.bin": b"x"}), "macros"),
            (repack(self.content, **{"xl/macrosheets/sheet1.xml": b"x"}), "macros"),
            (repack(self.content, **{"xl/embeddings/o.bin": b"x"}), "macros"),
            (repack(self.content, macro_enabled), "macros"),
            (repack(self.content, **{"xl/externalLinks/e1.xml": b"x"}), "links"),
            (repack(self.content, **{"xl/connections.xml": b"x"}), "links"),
            (repack(self.content, link(b"externalLinkPath")), "links"),
        ):
            with self.subTest(code=code):
                self._assert_refused(content, code)
        hyperlink = repack(self.content, link(b"hyperlink"))
        self.assertFalse(workbook_guard.find_problems(hyperlink))

    def test_entities_are_not_expanded(self):
        def lace(name, data):
            if name != "xl/sharedStrings.xml":
                return data
            head, rest = data.split(b"?>", 1)
            return head + b'?><!DOCTYPE x [<!ENTITY a "aaaa">]>' + rest

        self._assert_refused(repack(self.content, lace), "not_excel")

    def test_hidden_sheets(self):
        def hide(book):
            book.create_sheet("Secret").sheet_state = "hidden"

        self._assert_refused(edit(self.content, hide), "hidden", sheet="Secret")

    def test_sheets_that_are_missing(self):
        self._assert_refused(
            edit(self.content, lambda book: book.remove(book[workbook.LISTS])),
            "no_identity",
        )
        self._assert_refused(
            edit(self.content, lambda book: book.remove(book.worksheets[0])), "no_sheet"
        )

    # what would change

    def _compare(self, content):
        return workbook_changes.compare(
            {before.line_id: before for before in self.rows},
            self._read(content),
            COLUMNS,
            lambda found: (found.texts["position"], found.texts["department"]),
        )

    def test_nothing_changes_without_a_change(self):
        changes = self._compare(self.content)
        self.assertFalse(changes)
        self.assertEqual(changes.problems, [])

    def test_changes_are_told_apart(self):
        changes = self._compare(
            fill(
                self.content,
                (6, "note", "dearer"),
                (7, "2026-01", 11),
                (8, "remove", "x"),
                (9, "position", "Hotel"),
                (9, "department", "Make"),  # takes the place of the removed line
            )
        )
        self.assertEqual(changes.problems, [])
        self.assertEqual([after.line_id for _b, after in changes.changed], [11, 12])
        self.assertEqual([gone.line_id for gone in changes.removed], [13])
        self.assertEqual(len(changes.created), 1)

    def test_lines_that_are_not_in_the_workbook_stay(self):
        changes = self._compare(fill(self.content, *self._empty(8)))
        self.assertEqual(changes.kept, 1)
        self.assertFalse(changes)

    def _empty(self, number):
        names = ["id", "position", "department", *(f"{m:%Y-%m}" for m in MONTHS)]
        return [(number, name, None) for name in names]

    def test_keys_collide(self):
        for changes, code, place in (
            ([(9, "position", "Hotel"), (9, "department", "Sales")], "same_key", 9),
            ([(6, "department", "Make")], "key_changed", 6),
            ([(6, "id", 99)], "gone", 6),
            (
                [*self._empty(8), (9, "position", "Hotel"), (9, "department", "Make")],
                "key_taken",
                9,
            ),
        ):
            with self.subTest(code=code):
                problems = self._compare(fill(self.content, *changes)).problems
                self.assertIn((code, place), [(p.code, p.row) for p in problems])
