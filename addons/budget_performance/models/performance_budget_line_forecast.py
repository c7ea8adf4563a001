from odoo import api, fields, models


class PerformanceBudgetLine(models.Model):
    """What the latest forecast says of a line."""

    _inherit = "performance.budget.line"

    forecast_line_id = fields.Many2one(
        "performance.budget.forecast.line", compute="_compute_forecast_line_id"
    )
    forecast_warning = fields.Char(compute="_compute_forecast_line_id")
    forecast_text = fields.Char(compute="_compute_forecast_line_id", string="Forecast")
    amount_forecast = fields.Monetary(
        compute="_compute_forecast_line_id", string="Expected at the End"
    )

    @api.depends_context("uid")
    def _compute_forecast_line_id(self):
        latest = self.env["performance.budget.forecast.line"].search(
            [("line_id", "in", self.ids), ("is_latest", "=", True)]
        )
        by_line = {found.line_id.id: found for found in latest}
        for line in self:
            found = by_line.get(line._origin.id, latest.browse())
            line.forecast_line_id = found
            line.forecast_warning = found.warning
            line.forecast_text = found and found._get_warning_text()
            line.amount_forecast = found.amount_expected

    def action_open_forecast(self):
        """Show plan, actual and forecast of these lines in one chart."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "budget_performance.performance_budget_forecast_analysis_action"
        )
        return {
            **action,
            "domain": [("line_id", "in", self.ids), ("is_latest", "=", True)],
            "context": {},
        }
