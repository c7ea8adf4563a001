from odoo import http
from odoo.http import content_disposition, request

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class BscScorecardSheet(http.Controller):
    @http.route(
        "/bsc_appraisal/scorecards/<string:ids>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def download_scorecards(self, ids):
        """Send scorecards as an Excel file.

        With what the person may read; without a scorecard that he may read there is
        nothing to be found.
        """
        Card = request.env["bsc.scorecard"]
        numbers = [int(part) for part in ids.split(",") if part.isdecimal()]
        if not numbers or len(numbers) > Card._MAX_SHEETS or max(numbers) >= 2**31:
            raise request.not_found()
        cards = Card.search([("id", "in", numbers)])
        if len(cards) != len(set(numbers)):
            raise request.not_found()
        content = request.env["bsc.scorecard.sheet"]._get_workbook(cards)
        name = cards.display_name if len(cards) == 1 else cards._description
        return request.make_response(
            content,
            [
                ("Content-Type", EXCEL),
                ("Content-Length", str(len(content))),
                ("Content-Disposition", content_disposition(f"{name}.xlsx")),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
