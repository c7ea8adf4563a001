import io

import xlsxwriter

from odoo import api, models
from odoo.tools import format_date

from ..tools import spreadsheet

FIRST_ROW = 4
AMOUNT = "#,##0.00;[Red]-#,##0.00"


class PerformanceBudgetExecution(models.AbstractModel):
    """The execution report as a workbook with charts."""

    _inherit = "performance.budget.execution"

    @api.model
    def _get_workbook(self, budget):
        """Return the report of a budget as the bytes of an Excel file."""
        figures = self._get_figures(budget)
        target = io.BytesIO()
        book = xlsxwriter.Workbook(
            target,
            {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
        )
        formats = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "head": book.add_format(
                {"bold": True, "bg_color": "#E7E2EF", "border": 1, "text_wrap": True}
            ),
            "amount": book.add_format({"num_format": AMOUNT}),
            "rate": book.add_format({"num_format": "0.0%"}),
            "total": book.add_format({"num_format": AMOUNT, "bold": True, "top": 1}),
            "total_rate": book.add_format(
                {"num_format": "0.0%", "bold": True, "top": 1}
            ),
            "over": book.add_format({"font_color": "#9C0006", "bg_color": "#FFC7CE"}),
            "near": book.add_format({"font_color": "#7F6000", "bg_color": "#FFEB9C"}),
        }
        self._write_lines(book, formats, budget, figures)
        self._write_months(book, formats, budget, figures)
        book.close()
        return target.getvalue()

    @api.model
    def _get_line_heads(self):
        return [
            self.env._("Budget Line"),
            self.env._("Department"),
            self.env._("Owner"),
            self.env._("Planned"),
            self.env._("Reserved"),
            self.env._("Committed"),
            self.env._("Actual"),
            self.env._("Available"),
            self.env._("Usage"),
        ]

    @api.model
    def _write_lines(self, book, formats, budget, figures):
        sheet = book.add_worksheet(self.env._("Execution")[:31])
        self._write_head(sheet, formats, budget, self._get_line_heads())
        sheet.set_column(0, 0, 38)
        sheet.set_column(1, 2, 20)
        sheet.set_column(3, 7, 16)
        row = FIRST_ROW
        for line in figures["lines"]:
            for column, name in enumerate(("name", "department", "owner")):
                sheet.write_string(row, column, spreadsheet.neutral(line[name]))
            self._write_amounts(sheet, row, line, formats["amount"], formats["rate"])
            row += 1
        sheet.write_string(row, 0, self.env._("Total without reserve"), formats["head"])
        self._write_amounts(
            sheet, row, figures["total"], formats["total"], formats["total_rate"]
        )
        last = max(row - 1, FIRST_ROW)
        for bound, style in ((1, "over"), (0.8, "near")):
            sheet.conditional_format(
                FIRST_ROW,
                8,
                last,
                8,
                {
                    "type": "cell",
                    "criteria": ">" if bound == 1 else ">=",
                    "value": bound,
                    "format": formats[style],
                },
            )
        chart = book.add_chart({"type": "bar"})
        for column in (3, 6):
            chart.add_series(
                {
                    "name": [sheet.name, FIRST_ROW - 1, column],
                    "categories": [sheet.name, FIRST_ROW, 0, last, 0],
                    "values": [sheet.name, FIRST_ROW, column, last, column],
                }
            )
        chart.set_y_axis({"reverse": True})
        chart.set_size({"width": 720, "height": 120 + 32 * len(figures["lines"])})
        sheet.insert_chart(row + 2, 0, chart)

    @api.model
    def _write_amounts(self, sheet, row, values, style, rate_style):
        names = ("planned", "reserved", "committed", "actual", "available")
        for column, name in enumerate(names, start=3):
            sheet.write_number(row, column, values[f"amount_{name}"], style)
        sheet.write_number(row, 8, values["usage_rate"], rate_style)

    @api.model
    def _write_months(self, book, formats, budget, figures):
        sheet = book.add_worksheet(self.env._("Months")[:31])
        heads = [self.env._("Month"), *self._get_line_heads()[3:7]]
        self._write_head(sheet, formats, budget, heads)
        sheet.set_column(0, 4, 16)
        names = ("planned", "reserved", "committed", "actual")
        for row, month in enumerate(figures["months"], start=FIRST_ROW):
            label = format_date(self.env, month["month"], date_format="LLL yyyy")
            sheet.write_string(row, 0, label)
            for column, name in enumerate(names, start=1):
                sheet.write_number(
                    row, column, month[f"amount_{name}"], formats["amount"]
                )
        last = FIRST_ROW + max(len(figures["months"]) - 1, 0)
        chart = book.add_chart({"type": "line"})
        for column in (1, 4):
            chart.add_series(
                {
                    "name": [sheet.name, FIRST_ROW - 1, column],
                    "categories": [sheet.name, FIRST_ROW, 0, last, 0],
                    "values": [sheet.name, FIRST_ROW, column, last, column],
                }
            )
        chart.set_size({"width": 720, "height": 320})
        sheet.insert_chart(FIRST_ROW, 6, chart)

    @api.model
    def _write_head(self, sheet, formats, budget, heads):
        sheet.write_string(0, 0, spreadsheet.neutral(budget.name), formats["title"])
        first, last = (
            format_date(self.env, day) for day in (budget.date_from, budget.date_to)
        )
        sheet.write_string(1, 0, f"{first} – {last} · {budget.currency_id.name}")
        for column, head in enumerate(heads):
            sheet.write_string(FIRST_ROW - 1, column, head, formats["head"])
        sheet.freeze_panes(FIRST_ROW, 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
