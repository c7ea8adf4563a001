"""Write a plan as a workbook to fill in.

People can write where something is asked of them and nowhere else; the sheets are
protected without a password, against slips and not against anybody. The only formulas
are the totals written here: no text of a record becomes one.
"""

from decimal import Decimal

from xlsxwriter.utility import xl_col_to_name, xl_range_abs, xl_rowcol_to_cell

from . import spreadsheet
from .money import MAX_AMOUNT
from .spreadsheet import HEAD
from .workbook import (
    FIRST_ROW,
    HEAD_ROW,
    HELP_ROW,
    ID,
    LISTS,
    MARK,
    NAME_ROW,
    POOL,
    REMOVE,
    SPARE_ROWS,
    TITLE_ROW,
    TOTAL,
    TOTAL_ROW,
    Plan,
    month_name,
)

INK, INPUT, LOCKED = "#3F3150", "#FFFBE6", "#F4F4F6"
LISTS_FROM = 3  # columns before it hold the identity


def write(plan: Plan) -> bytes:
    """Return the workbook of a plan."""
    return spreadsheet.make(lambda book: _Writer(book, plan).write_sheet())


class _Writer:
    """One workbook while it is written."""

    def __init__(self, book, plan):
        self.book, self.plan = book, plan
        amount = spreadsheet.amount_format(plan.decimals)
        edge = {"border": 1, "border_color": "#D9D5E3"}
        self.formats = {
            "title": book.add_format({"bold": True, "font_size": 16, "color": INK}),
            "help": book.add_format({"color": "#666666", "italic": True}),
            "head": book.add_format(
                {"bold": True, "bg_color": HEAD, "text_wrap": True, "valign": "top"}
                | edge
            ),
            "number_head": book.add_format(
                {"bold": True, "bg_color": HEAD, "align": "right", "valign": "top"}
                | edge
            ),
            "key": book.add_format({"bg_color": LOCKED, **edge}),
            "text": book.add_format({"bg_color": INPUT, "locked": False, **edge}),
            "amount": book.add_format(
                {"bg_color": INPUT, "locked": False, "num_format": amount, **edge}
            ),
            # Rows to fill in show no zero.
            "sum": book.add_format(
                {"num_format": f"{amount};", "bg_color": LOCKED, **edge}
            ),
            "total": book.add_format({"num_format": amount, "bold": True, "top": 1}),
        }
        self.names = [
            ID,
            REMOVE,
            *(column.name for column in plan.columns),
            POOL,
            *(month_name(month) for month in plan.months),
            TOTAL,
        ]
        self.at = {name: number for number, name in enumerate(self.names)}
        self.first_month = self.at[POOL] + 1
        self.last_month = self.at[TOTAL] - 1
        self.last_row = FIRST_ROW + len(plan.rows) + SPARE_ROWS - 1

    def write_sheet(self):
        self.sheet = self.book.add_worksheet(self.plan.texts["sheet"][:31])
        self._write_head()
        self._write_rows()
        self._write_total()
        if self.plan.subtotals:
            self._write_subtotals()
        self._write_lists()
        self.sheet.protect(
            options={
                "format_columns": True,
                "format_rows": True,
                "autofilter": True,
                "select_locked_cells": True,
            }
        )

    def _write_head(self):
        plan, sheet, formats = self.plan, self.sheet, self.formats
        sheet.write_string(
            TITLE_ROW, 1, spreadsheet.neutral(plan.title), formats["title"]
        )
        sheet.write_string(HELP_ROW, 1, plan.texts["help"], formats["help"])
        labels = [
            ID,
            plan.texts["remove"],
            *(column.label for column in plan.columns),
            plan.texts["pool"],
            *plan.month_labels,
            plan.texts["total"],
        ]
        widths = [0, 9, *(column.width for column in plan.columns), 9]
        widths += [13] * len(plan.months) + [15]
        for column, (name, label, width) in enumerate(
            zip(self.names, labels, widths, strict=True)
        ):
            sheet.write_string(NAME_ROW, column, name)
            style = "number_head" if column >= self.first_month else "head"
            sheet.write_string(HEAD_ROW, column, label, formats[style])
            sheet.set_column(column, column, width)
        sheet.set_column(0, 0, None, None, {"hidden": True})
        sheet.set_row(NAME_ROW, None, None, {"hidden": True})
        sheet.set_row(HEAD_ROW, 32)
        keys = [column for column in plan.columns if column.is_key]
        spreadsheet.lay_out(sheet, FIRST_ROW, min(2 + len(keys), 5))
        sheet.autofilter(HEAD_ROW, 1, self.last_row, self.at[TOTAL])

    def _write_rows(self):
        rows, sheet, formats = self.plan.rows, self.sheet, self.formats
        for number in range(FIRST_ROW, self.last_row + 1):
            index = number - FIRST_ROW
            row = rows[index] if index < len(rows) else None
            sheet.write(number, self.at[REMOVE], None, formats["text"])
            if row:
                sheet.write_number(number, 0, row.line_id)
            for column in self.plan.columns:
                style = formats["key" if row and column.is_key else "text"]
                text = row.texts.get(column.name, "") if row else ""
                place = (number, self.at[column.name])
                if text:
                    sheet.write_string(*place, spreadsheet.neutral(text), style)
                else:
                    sheet.write_blank(*place, None, style)
            inside = MARK if row and row.is_in_pool else None
            sheet.write(number, self.at[POOL], inside, formats["key"])
            for offset in range(len(self.plan.months)):
                place = (number, self.first_month + offset)
                if row and row.amounts[offset]:
                    sheet.write_number(*place, row.amounts[offset], formats["amount"])
                else:
                    sheet.write_blank(*place, None, formats["amount"])
            cells = [
                xl_rowcol_to_cell(number, column)
                for column in (self.first_month, self.last_month)
            ]
            total = float(sum(row.amounts)) if row else 0
            sheet.write_formula(
                number,
                self.at[TOTAL],
                f"=SUM({cells[0]}:{cells[1]})",
                formats["sum"],
                total,
            )
        self._validate_amounts()

    def _validate_amounts(self):
        self.sheet.data_validation(
            FIRST_ROW,
            self.first_month,
            self.last_row,
            self.last_month,
            {
                "validate": "decimal",
                "criteria": "between",
                "minimum": 0,
                "maximum": int(MAX_AMOUNT),
                "error_title": self.plan.texts["wrong_amount"][:32],
                "error_message": self.plan.texts["wrong_amount_help"][:255],
            },
        )
        self.sheet.data_validation(
            FIRST_ROW,
            self.at[REMOVE],
            self.last_row,
            self.at[REMOVE],
            {"validate": "list", "source": [MARK]},
        )

    def _write_total(self):
        self.sheet.write_string(
            TOTAL_ROW, self.first_month - 2, self.plan.texts["grand"], self._bold()
        )
        counted = [row for row in self.plan.rows if not row.is_in_pool]
        for column in range(self.first_month, self.at[TOTAL] + 1):
            offset = column - self.first_month
            value = sum(
                row.amounts[offset] if column <= self.last_month else sum(row.amounts)
                for row in counted
            )
            self.sheet.write_formula(
                TOTAL_ROW,
                column,
                f'=SUMIFS({self._range(column)},{self._range(self.at[POOL])},"=")',
                self.formats["total"],
                float(value),
            )

    def _write_subtotals(self):
        """Add a sheet with the sums by each column that is asked for."""
        plan = self.plan
        sheet = self.book.add_worksheet(plan.texts["subtotals"][:31])
        sheet.set_column(0, 0, 36)
        sheet.set_column(1, len(plan.months) + 1, 15)
        sheet.write_string(0, 0, spreadsheet.neutral(plan.title), self.formats["title"])
        sheet.write_string(1, 0, plan.texts["subtotals_help"], self.formats["help"])
        number = 3
        source = "'{}'!".format(self.sheet.name.replace("'", "''"))
        for column in plan.columns:
            if column.name not in plan.subtotals:
                continue
            heads = [column.label, *plan.month_labels, plan.texts["total"]]
            for place, head in enumerate(heads):
                style = "number_head" if place else "head"
                sheet.write_string(number, place, head, self.formats[style])
            number += 1
            for label, sums in self._get_sums(column).items():
                sheet.write_string(number, 0, label, self.formats["key"])
                where = source + self._range(self.at[column.name])
                for place in range(1, len(heads)):
                    what = source + self._range(self.first_month + place - 1)
                    sheet.write_formula(
                        number,
                        place,
                        f'=SUMIF({where},"="&$A{number + 1},{what})',
                        self.formats["sum"],
                        float(sums[place - 1]),
                    )
                number += 1
            number += 1
        spreadsheet.lay_out(sheet, 3, 1)
        sheet.protect(options={"format_columns": True})

    def _get_sums(self, column):
        """Return the sums of each text that stands in the column or may."""
        texts = {row.texts.get(column.name, "") for row in self.plan.rows}
        sums = {
            spreadsheet.neutral(text): [Decimal(0)] * (len(self.plan.months) + 1)
            for text in [*sorted(texts - {""}), *(column.choices or ())]
        }
        for row in self.plan.rows:
            text = row.texts.get(column.name, "")
            if text:
                amounts = sums[spreadsheet.neutral(text)]
                for offset, amount in enumerate((*row.amounts, sum(row.amounts))):
                    amounts[offset] += amount
        return sums

    def _write_lists(self):
        """Add the hidden sheet: whose plan this is, and what can be chosen."""
        lists = self.book.add_worksheet(LISTS)
        for number, (name, value) in enumerate(self.plan.identity.items()):
            lists.write_string(number, 0, name)
            lists.write_string(number, 1, spreadsheet.neutral(value))
        place = LISTS_FROM
        for column in self.plan.columns:
            if not column.choices:
                continue
            for number, choice in enumerate(column.choices):
                lists.write_string(number, place, spreadsheet.neutral(choice))
            source = xl_range_abs(0, place, len(column.choices) - 1, place)
            self.sheet.data_validation(
                FIRST_ROW,
                self.at[column.name],
                self.last_row,
                self.at[column.name],
                {
                    "validate": "list",
                    "source": f"='{LISTS}'!{source}",
                    "error_title": self.plan.texts["wrong_choice"][:32],
                    "error_message": self.plan.texts["wrong_choice_help"][:255],
                },
            )
            place += 1
        lists.protect()
        lists.very_hidden()

    def _range(self, column):
        letter = xl_col_to_name(column, True)
        return f"{letter}${FIRST_ROW + 1}:{letter}${self.last_row + 1}"

    def _bold(self):
        return self.book.add_format({"bold": True, "align": "right"})
