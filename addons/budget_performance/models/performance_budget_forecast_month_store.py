from odoo import api, models
from odoo.tools import SQL


class PerformanceBudgetForecastMonth(models.Model):
    """How the months of a snapshot are stored: 90,000 rows in one statement."""

    _inherit = "performance.budget.forecast.month"

    @api.model
    def _insert(self, rows, company):
        """Insert months, with the corrections that hold for them.

        :param rows: tuples (forecast line id, line id, Month, expected, low, high)
        :param company: whose lines they are; its currency rounds the amounts
        """
        if not rows:
            return
        lines = self.env["performance.budget.line"].browse({row[1] for row in rows})
        first = min(row[2].month for row in rows)
        corrections = self.env["performance.budget.forecast.correction"]._get_valid(
            lines, first
        )
        places = company.currency_id.decimal_places
        values = []
        for forecast_line_id, line_id, month, *expected in rows:
            amounts = [month.planned, month.actual, month.bound, *expected]
            planned, actual, bound, computed, low, high = (
                round(amount, places) for amount in amounts
            )
            forecast = computed
            correction = corrections.get((line_id, month.month))
            if correction:
                forecast = max(correction.amount, actual + bound)
            values.append(
                (forecast_line_id, line_id, company.id, month.month, planned, actual)
                + (bound, computed, low, high, forecast)
                + (correction.id if correction else None,)
            )
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """INSERT INTO performance_budget_forecast_month (
                       forecast_line_id, line_id, company_id, month, amount_planned,
                       amount_actual, amount_open, amount_computed, amount_low,
                       amount_high, amount_forecast, correction_id)
                   SELECT * FROM unnest(
                       %s::int[], %s::int[], %s::int[], %s::date[], %s::numeric[],
                       %s::numeric[], %s::numeric[], %s::numeric[], %s::numeric[],
                       %s::numeric[], %s::numeric[], %s::int[])""",
                *map(list, zip(*values, strict=True)),
            )
        )
        self.env["performance.budget.forecast.line"].invalidate_model(["month_ids"])
