from markupsafe import Markup

from odoo import models
from odoo.tools import SQL

from ..tools import forecast_outlook as outlooks

WARNING_ORDER = {"runs_out": 1, "unspent": 2, "none": 3}
LARGEST_RATE = 1_000_000  # what the column holds, for a plan of next to nothing


class PerformanceBudgetForecastLine(models.Model):
    """What the months of a line come to at the end of its budget."""

    _inherit = "performance.budget.forecast.line"

    def _update_outlook(self):
        """Set expected, left and warning from what the months expect now."""
        expected = self._get_expected()
        for line in self:
            found = outlooks.outlook(
                line.amount_planned, line.amount_used, expected.get(line.id, {})
            )
            warning = "none"
            if found.runs_out:
                warning = "runs_out"
            elif found.left_rate * 100 > line.company_id.budget_unspent_goal:
                warning = "unspent"
            line.write(
                {
                    "amount_expected": found.expected,
                    "amount_left": found.left,
                    "left_rate": max(-LARGEST_RATE, found.left_rate),
                    "runs_out_month": found.runs_out,
                    "warning": warning,
                    "warning_order": WARNING_ORDER[warning],
                }
            )

    def _get_expected(self):
        """Return ``{id: {month: amount}}`` of the months until the budgets end."""
        self.env.flush_all()
        found = {}
        for line_id, month, amount in self.env.execute_query(
            SQL(
                """SELECT ahead.forecast_line_id, ahead.month, ahead.amount_forecast
                     FROM performance_budget_forecast_month ahead
                     JOIN performance_budget_forecast_line line
                       ON line.id = ahead.forecast_line_id
                     JOIN performance_budget budget ON budget.id = line.budget_id
                    WHERE ahead.forecast_line_id = ANY(%s)
                      AND ahead.month <= budget.date_to""",
                self.ids,
            )
        ):
            found.setdefault(line_id, {})[month] = float(amount)
        return found

    def _get_digest(self):
        """Return the warnings of the lines as a list in HTML."""
        items = Markup().join(
            Markup("<li>%s: <b>%s</b></li>")
            % (line.line_id.display_name, line._get_warning_text())
            for line in self
        )
        return Markup("<ul>%s</ul>") % items
