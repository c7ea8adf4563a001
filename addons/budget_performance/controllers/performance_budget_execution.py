from odoo import http
from odoo.http import request

from .excel import send_excel


class PerformanceBudgetExecution(http.Controller):
    @http.route(
        "/budget_performance/execution/<int:budget_id>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def download_execution(self, budget_id):
        """Send the execution report of a budget as an Excel file.

        With the figures that the person may read; a budget of others is not found.
        """
        budget = request.env["performance.budget"].browse(budget_id).exists()
        if not budget or not budget.has_access("read"):
            raise request.not_found()
        content = request.env["performance.budget.execution"]._get_workbook(budget)
        return send_excel(content, budget.name)
