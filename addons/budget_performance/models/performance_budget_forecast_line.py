from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..wording import month_label

FORECAST_METHOD = [
    ("plan", "Plan"),
    ("seasonal_naive", "Same month a year ago"),
    ("run_rate", "Run rate of three months"),
    ("mean", "Mean of two years"),
    ("sparse", "Rare amounts, spread"),
    ("trend", "Damped trend"),
    ("seasonal_mean", "Mean of the month in two years"),
    ("holt_winters", "Holt-Winters"),
]


class PerformanceBudgetForecastLine(models.Model):
    """What one snapshot expected of one budget line until its budget ends."""

    _name = "performance.budget.forecast.line"
    _description = "Forecast of a Budget Line"
    _order = "forecast_id desc, warning_order, amount_left, id"
    _rec_name = "line_id"
    _log_access = False

    forecast_id = fields.Many2one(
        "performance.budget.forecast",
        string="Snapshot",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    is_latest = fields.Boolean(related="forecast_id.is_latest", string="Latest")
    line_id = fields.Many2one(
        "performance.budget.line",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    # As they were when the forecast was made; who may read it follows the line.
    budget_id = fields.Many2one(
        "performance.budget", required=True, readonly=True, ondelete="cascade"
    )
    position_id = fields.Many2one("performance.budget.position", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    owner_id = fields.Many2one("res.users", readonly=True)
    month_ids = fields.One2many(
        "performance.budget.forecast.month", "forecast_line_id", readonly=True
    )
    correction_ids = fields.One2many(
        "performance.budget.forecast.correction", "forecast_line_id", readonly=True
    )
    method = fields.Selection(FORECAST_METHOD, required=True, readonly=True)
    history_months = fields.Integer(
        string="Months of History",
        readonly=True,
        help="Whole months before the forecast, from the budgets and, before the first"
        " budget, from the posted journal items.",
    )
    error = fields.Monetary(
        string="Error a Month",
        readonly=True,
        help="What a month was off (root mean square) when the method was tried on the"
        " months before.",
    )
    naive_error = fields.Monetary(
        string="Error of Last Year's Month",
        readonly=True,
        help="The same for simply repeating the month of a year ago. The method that"
        " was taken is never worse.",
    )
    amount_planned = fields.Monetary(string="Planned", readonly=True)
    amount_used = fields.Monetary(
        string="Actual So Far", readonly=True, help="In the months that are over."
    )
    amount_expected = fields.Monetary(
        string="Expected",
        readonly=True,
        help="Actual so far and the forecast of the months until the budget ends."
        " Nothing stops it at the plan: it says what will be asked for.",
    )
    amount_left = fields.Monetary(
        string="Left at the End", readonly=True, help="Planned less expected."
    )
    left_rate = fields.Float(string="Left", digits=(16, 4), aggregator="avg")
    runs_out_month = fields.Date(
        string="Runs Out In", readonly=True, help="The month that passes the plan."
    )
    warning = fields.Selection(
        [
            ("runs_out", "Will run out"),
            ("unspent", "Will be left unspent"),
            ("none", "As planned"),
        ],
        required=True,
        readonly=True,
        default="none",
        index=True,
    )
    warning_order = fields.Integer(readonly=True)
    warning_text = fields.Char(compute="_compute_warning_text", string="Outlook")

    _once = models.UniqueIndex(
        "(forecast_id, line_id)", "A snapshot forecasts each line once."
    )

    @api.depends("warning", "runs_out_month", "left_rate")
    @api.depends_context("lang")
    def _compute_warning_text(self):
        for line in self:
            line.warning_text = line._get_warning_text()

    def _get_warning_text(self):
        if self.warning == "runs_out":
            return self.env._(
                "Will run out in %s",
                month_label(self.env, self.runs_out_month, "yMMMM"),
            )
        if self.warning == "unspent":
            return self.env._("Will leave %.0f %% unspent", self.left_rate * 100)
        return self.env._("As planned")

    def action_refresh(self):
        """Forecast all lines of the current companies anew and show the result.

        :raise AccessError: for anybody but finance
        :raise UserError: there is no budget in force to forecast
        """
        if not self.env.user.has_group("budget_performance.group_budget_officer"):
            raise AccessError(self.env._("Forecasts are made by finance."))
        # sudo: nobody has the right to write a snapshot; the group was checked
        Forecast_sudo = self.env["performance.budget.forecast"].sudo()
        made_sudo = Forecast_sudo.browse()
        for company in self.env.companies:
            made_sudo |= Forecast_sudo._refresh(company)
        if not made_sudo:
            raise UserError(
                self.env._(
                    "No budget of your company is in force this month. Approve one,"
                    " then there is something to forecast."
                )
            )
        return self.env["ir.actions.act_window"]._for_xml_id(
            "budget_performance.performance_budget_forecast_line_action"
        )

    def action_open_chart(self):
        """Show plan, actual and forecast of these lines in one chart."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "budget_performance.performance_budget_forecast_analysis_action"
        )
        return {
            **action,
            "domain": [("forecast_line_id", "in", self.ids)],
            "context": {},
        }
