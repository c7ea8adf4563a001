from odoo import http
from odoo.http import request

from odoo.addons.budget_performance.controllers.excel import send_excel


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
        return send_excel(content, name)
