from xlsxwriter.utility import xl_rowcol_to_cell

from odoo import api, models
from odoo.tools import format_date

from odoo.addons.budget_performance.tools import spreadsheet

HEAD_ROW = 6
# Letters that the name of a worksheet must not have.
FORBIDDEN = str.maketrans("", "", "[]:*?/\\'")
LIGHTS = {"good": "#C6EFCE", "fair": "#FFEB9C", "poor": "#FFC7CE"}


class BscScorecardSheet(models.AbstractModel):
    """Scorecards as a workbook: an overview, and a worksheet with a radar for each."""

    _inherit = "bsc.scorecard.sheet"

    @api.model
    def _get_workbook(self, cards):
        """Return scorecards as the bytes of an Excel file."""
        sheets = self._get_figures(cards)

        def fill(book):
            formats = self._get_formats(book)
            taken = set()
            if len(sheets) > 1:
                title = self._get_title(self.env._("Overview"), taken)
                self._write_overview(book.add_worksheet(title), formats, sheets)
            for sheet in sheets:
                page = book.add_worksheet(self._get_title(sheet["card"].name, taken))
                self._write_card(book, page, formats, sheet)

        return spreadsheet.make(fill)

    @api.model
    def _get_formats(self, book):
        formats = spreadsheet.report_formats(book)
        number = spreadsheet.amount_format()
        for light, color in LIGHTS.items():
            formats[light] = book.add_format(
                {"num_format": number, "bg_color": color, "valign": "top"}
            )
        return formats

    @api.model
    def _get_title(self, name, taken):
        """Return a name that Excel takes and no other worksheet has."""
        base = (name or "").translate(FORBIDDEN).strip()[:25] or self.env._("Scorecard")
        title, number = base, 1
        while title.lower() in taken or title.lower() == "history":
            number += 1
            title = f"{base} {number}"
        taken.add(title.lower())
        return title

    @api.model
    def _write_overview(self, page, formats, sheets):
        heads = [
            self.env._("Subject"),
            self.env._("Cycle"),
            self.env._("Department"),
            self.env._("State"),
            self.env._("Score"),
            self.env._("Grade"),
            self.env._("Coverage (%)"),
            self.env._("Previous Score"),
        ]
        spreadsheet.write_heads(page, 0, heads, formats, (4, 6, 7))
        states = dict(
            self.env["bsc.scorecard"]._fields["state"]._description_selection(self.env)
        )
        for row, sheet in enumerate(sheets, start=1):
            card = sheet["card"]
            texts = (
                card.name,
                card.cycle_id.name,
                card.reporting_department_id.name,
                states[card.state],
            )
            for column, text in enumerate(texts):
                spreadsheet.write_text(page, row, column, text)
            self._write_number(page, row, 4, sheet["score"], formats["number"])
            spreadsheet.write_text(page, row, 5, sheet["grade"].display_name)
            if sheet["score"] is not None:
                page.write_number(row, 6, card.coverage, formats["number"])
            self._write_number(page, row, 7, sheet["previous"], formats["number"])
        page.set_column(0, 2, 26)
        page.set_column(3, 7, 15)
        page.autofilter(0, 0, len(sheets), len(heads) - 1)
        spreadsheet.lay_out(page, 1, 1)

    @api.model
    def _write_card(self, book, page, formats, sheet):
        card = sheet["card"]
        cycle = card.cycle_id
        first, last = (
            format_date(self.env, day) for day in (cycle.date_from, cycle.date_to)
        )
        spreadsheet.write_text(page, 0, 0, card.name, formats["title"])
        page.write_string(1, 0, self.env._("Cycle"), formats["bold"])
        spreadsheet.write_text(page, 1, 1, f"{cycle.name} ({first} – {last})")
        page.write_string(2, 0, self.env._("Responsible"), formats["bold"])
        spreadsheet.write_text(page, 2, 1, card.responsible_id.name)
        page.write_string(3, 0, self.env._("Appraiser"), formats["bold"])
        spreadsheet.write_text(page, 3, 1, card.appraiser_id.name)
        page.write_string(4, 0, self.env._("Grade"), formats["bold"])
        spreadsheet.write_text(page, 4, 1, self._get_grade(sheet))
        row = self._write_lines(page, formats, sheet)
        self._write_perspectives(book, page, formats, sheet, row + 2)
        page.set_column(0, 0, 22)
        page.set_column(1, 1, 36)
        page.set_column(2, 7, 12)
        page.set_column(8, 8, 60)
        spreadsheet.lay_out(page, HEAD_ROW + 1, 2)

    @api.model
    def _get_grade(self, sheet):
        if sheet["is_draft"]:
            return self.env._("Draft: not agreed yet")
        return sheet["grade"].display_name or self.env._("not scored yet")

    @api.model
    def _write_lines(self, page, formats, sheet):
        """Write the indicators and their sums, return the row of the sums."""
        heads = [
            self.env._("Perspective"),
            self.env._("Indicator"),
            self.env._("Unit"),
            self.env._("Weight (%)"),
            self.env._("Target"),
            self.env._("Actual"),
            self.env._("Points"),
            self.env._("Score"),
            self.env._("Explanation"),
        ]
        spreadsheet.write_heads(page, HEAD_ROW, heads, formats, range(3, 8))
        row = HEAD_ROW + 1
        for perspective in sheet["perspectives"]:
            for line in perspective["lines"]:
                spreadsheet.write_text(page, row, 0, perspective["name"])
                spreadsheet.write_text(page, row, 1, line["name"])
                spreadsheet.write_text(page, row, 2, line["unit"])
                for column, name in enumerate(
                    ("weight", "target", "actual", "points", "score"), start=3
                ):
                    style = line["light"] if name == "points" else None
                    self._write_number(
                        page, row, column, line[name], formats[style or "number"]
                    )
                spreadsheet.write_text(page, row, 4, line["limits"], formats["wrap"])
                spreadsheet.write_text(
                    page, row, 8, line["explanation"], formats["wrap"]
                )
                row += 1
        for column in range(8):
            page.write_blank(row, column, None, formats["total"])
        page.write_string(row, 1, self.env._("Total"), formats["total_text"])
        page.write_number(row, 3, sheet["weight"], formats["total"])
        self._write_number(page, row, 7, sheet["score"], formats["total"])
        return row

    @api.model
    def _write_perspectives(self, book, page, formats, sheet, row):
        heads = [
            self.env._("Perspective"),
            self.env._("Achievement (%)"),
            self.env._("Target"),
        ]
        if sheet["previous"] is not None:
            heads.append(sheet["previous_cycle"])
        spreadsheet.write_heads(page, row, heads, formats, range(1, len(heads)))
        page.set_row(row, 30)  # the name of the cycle before takes two lines
        start = row + 1
        for perspective in sheet["perspectives"]:
            row += 1
            values = (perspective["rate"], 100, perspective["previous"])
            spreadsheet.write_text(page, row, 0, perspective["name"])
            for column, value in enumerate(values[: len(heads) - 1], start=1):
                self._write_number(page, row, column, value, formats["number"])
        if len(sheet["perspectives"]) < 3 or sheet["score"] is None:
            return
        chart = book.add_chart({"type": "radar"})
        for column in range(1, len(heads)):
            chart.add_series(
                {
                    "name": [page.name, start - 1, column],
                    "categories": [page.name, start, 0, row, 0],
                    "values": [page.name, start, column, row, column],
                }
            )
        chart.set_size({"width": 480, "height": 320})
        page.insert_chart(xl_rowcol_to_cell(start - 1, 5), chart)

    @api.model
    def _write_number(self, page, row, column, value, style):
        """Write a number; what is not known stays empty, which is not zero."""
        if value is not None:
            page.write_number(row, column, value, style)
