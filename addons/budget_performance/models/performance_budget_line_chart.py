from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import format_date

from ..tools import periods

SERIES = ("planned", "actual", "forecast")


class PerformanceBudgetLine(models.Model):
    """Plan, actual and forecast of a line in one picture."""

    _inherit = "performance.budget.line"

    month_chart = fields.Json(
        compute="_compute_month_chart", string="Plan, Actual and Forecast"
    )

    @api.depends("allocation_ids.amount_planned", "allocation_ids.amount_actual")
    @api.depends_context("lang", "uid")
    def _compute_month_chart(self):
        amounts = self._get_month_amounts()
        for line in self:
            if not line._origin or not line.date_from or not line.date_to:
                line.month_chart = False
                continue
            months = periods.months_between(line.date_from, line.date_to)
            found = amounts[line._origin.id]
            line.month_chart = {
                "labels": [
                    format_date(self.env, month, date_format="LLL yy")
                    for month in months
                ],
                **{
                    name: [found.get((name, month)) for month in months]
                    for name in SERIES
                },
            }

    def _get_month_amounts(self):
        """Return ``{line id: {(series, month): amount}}``, actuals up to this month."""
        today = fields.Date.context_today(self)
        amounts = defaultdict(dict)
        for allocation in self._origin.allocation_ids:
            of_line = amounts[allocation.line_id.id]
            of_line["planned", allocation.month] = allocation.amount_planned
            if allocation.month <= today:
                of_line["actual", allocation.month] = allocation.amount_actual
        ahead = self.env["performance.budget.forecast.analysis"].search_fetch(
            [
                ("line_id", "in", self._origin.ids),
                ("series", "=", "forecast"),
                ("is_latest", "=", True),
            ],
            ["line_id", "month", "amount"],
        )
        for row in ahead:
            amounts[row.line_id.id]["forecast", row.month] = row.amount
        return amounts
