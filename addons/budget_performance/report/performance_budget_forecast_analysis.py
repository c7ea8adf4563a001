from odoo import fields, models
from odoo.tools import SQL

FORECAST_SERIES = [
    ("planned", "Planned"),
    ("actual", "Actual"),
    ("forecast", "Forecast"),
    ("low", "Low"),
    ("high", "High"),
]


class PerformanceBudgetForecastAnalysis(models.Model):
    """Plan, actual and forecast as series by month, to draw them in one chart.

    Plan and actual are those of today, also beside an old snapshot: so one sees what
    came of what was forecast.
    """

    _name = "performance.budget.forecast.analysis"
    _description = "Forecast Analysis"
    _auto = False
    _order = "month, series, id"
    _rec_name = "month"
    _depends = {
        "performance.budget.allocation": ["line_id", "month", "amount_planned"],
        "performance.budget.forecast.line": ["line_id", "forecast_id"],
        "performance.budget.forecast.month": ["month", "amount_forecast"],
    }

    forecast_line_id = fields.Many2one(
        "performance.budget.forecast.line", readonly=True
    )
    forecast_id = fields.Many2one(
        "performance.budget.forecast", string="Snapshot", readonly=True
    )
    is_latest = fields.Boolean(related="forecast_id.is_latest", string="Latest")
    line_id = fields.Many2one("performance.budget.line", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    position_id = fields.Many2one("performance.budget.position", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    owner_id = fields.Many2one("res.users", readonly=True)
    month = fields.Date(readonly=True)
    series = fields.Selection(FORECAST_SERIES, readonly=True)
    amount = fields.Monetary(readonly=True)

    @property
    def _table_query(self):
        # The id says line, month and series, so that a row keeps it.
        return SQL(
            """SELECT (line.id::bigint * 1200
                          + (EXTRACT(YEAR FROM known.month) - 2000) * 12
                          + EXTRACT(MONTH FROM known.month)) * 8 + known.place AS id,
                      line.id AS forecast_line_id, line.forecast_id, line.line_id,
                      line.company_id, line.position_id, line.department_id,
                      line.owner_id, known.month, known.series, known.amount
                 FROM performance_budget_forecast_line line
                 JOIN performance_budget_forecast forecast
                   ON forecast.id = line.forecast_id
                CROSS JOIN LATERAL (
                       SELECT month, series, place, amount
                         FROM performance_budget_allocation allocation
                        CROSS JOIN LATERAL (VALUES
                              ('planned', 0, amount_planned),
                              ('actual', 1, amount_actual))
                              AS one(series, place, amount)
                        WHERE allocation.line_id = line.line_id
                          AND (series = 'planned' OR month <= CURRENT_DATE)
                        UNION ALL
                       SELECT month, series, place, amount
                         FROM performance_budget_forecast_month ahead
                        CROSS JOIN LATERAL (VALUES
                              ('forecast', 2, amount_forecast),
                              ('low', 3, amount_low),
                              ('high', 4, amount_high))
                              AS one(series, place, amount)
                        WHERE ahead.forecast_line_id = line.id) known"""
        )
