from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from .excel import send_excel


class PerformanceBudgetWorkbook(http.Controller):
    @http.route(
        "/budget_performance/workbook/<string:model>/<int:record_id>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def download_workbook(self, model, record_id):
        """Send a plan as a workbook to fill in, to those who may fill it in."""
        kind = request.env.registry["performance.budget.workbook"]
        if model not in request.env or not isinstance(request.env[model], kind):
            raise request.not_found()
        plan = request.env[model].browse(record_id).exists()
        if not plan or not plan.has_access("read"):
            raise request.not_found()
        try:
            content = plan._get_workbook()
        except UserError as error:  # an AccessError is one
            raise request.not_found(str(error)) from error
        return send_excel(content, plan.display_name)
