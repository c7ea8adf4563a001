from odoo import http
from odoo.http import content_disposition, request

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
        return request.make_response(
            content,
            [
                ("Content-Type", EXCEL),
                ("Content-Length", str(len(content))),
                ("Content-Disposition", content_disposition(f"{budget.name}.xlsx")),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
