from odoo import api, models
from odoo.tools import format_date

from ..tools import spreadsheet

FIRST_ROW = 4
AXIS = "#,##0"


class PerformanceBudgetExecution(models.AbstractModel):
    """The execution report as a workbook with charts."""

    _inherit = "performance.budget.execution"

    @api.model
    def _get_workbook(self, budget):
        """Return the report of a budget as the bytes of an Excel file."""
        figures = self._get_figures(budget)

        def fill(book):
            places = budget.currency_id.decimal_places
            formats = spreadsheet.report_formats(book, places)
            formats["over"] = book.add_format(
                {"font_color": "#9C0006", "bg_color": "#FFC7CE"}
            )
            formats["near"] = book.add_format(
                {"font_color": "#7F6000", "bg_color": "#FFEB9C"}
            )
            self._write_lines(book, formats, budget, figures)
            self._write_months(book, formats, budget, figures)

        return spreadsheet.make(fill)

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
        self._write_head(sheet, formats, budget, self._get_line_heads(), range(3, 9))
        sheet.set_column(0, 0, 46)
        sheet.set_column(1, 2, 20)
        sheet.set_column(3, 7, 16)
        row = FIRST_ROW
        for line in figures["lines"]:
            style = "text" if line["is_counted"] else "aside"
            for column, name in enumerate(("name", "department", "owner")):
                spreadsheet.write_text(sheet, row, column, line[name], formats[style])
            self._write_amounts(sheet, row, line, formats["number"], formats["rate"])
            row += 1
        for column, text in enumerate((self.env._("Total without reserve"), "", "")):
            sheet.write_string(row, column, text, formats["total_text"])
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
        sheet.write_string(
            row + 1,
            0,
            self.env._(
                "Lines in italics are not in the total: the reserve, and lines inside a"
                " pool."
            ),
            formats["muted"],
        )
        self._draw_lines(book, sheet, last, row + 3)

    @api.model
    def _draw_lines(self, book, sheet, last, place):
        """Draw the lines up to the row ``last`` below them."""
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
        chart.set_x_axis({"num_format": AXIS, "label_position": "high"})
        chart.set_legend({"position": "bottom"})
        chart.set_size({"width": 900, "height": 120 + 32 * (last - FIRST_ROW + 1)})
        sheet.insert_chart(place, 0, chart)

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
        self._write_head(sheet, formats, budget, heads, range(1, 5))
        sheet.set_column(0, 4, 16)
        names = ("planned", "reserved", "committed", "actual")
        for row, month in enumerate(figures["months"], start=FIRST_ROW):
            sheet.write_string(row, 0, month["label"])
            for column, name in enumerate(names, start=1):
                sheet.write_number(
                    row, column, month[f"amount_{name}"], formats["number"]
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
        chart.set_y_axis({"num_format": AXIS})
        chart.set_legend({"position": "bottom"})
        chart.set_size({"width": 720, "height": 320})
        sheet.insert_chart(FIRST_ROW, 6, chart)

    @api.model
    def _write_head(self, sheet, formats, budget, heads, amounts):
        spreadsheet.write_text(sheet, 0, 0, budget.name, formats["title"])
        first, last = (
            format_date(self.env, day) for day in (budget.date_from, budget.date_to)
        )
        sheet.write_string(1, 0, f"{first} – {last} · {budget.currency_id.name}")
        spreadsheet.write_heads(sheet, FIRST_ROW - 1, heads, formats, amounts)
        spreadsheet.lay_out(sheet, FIRST_ROW, 1)
