from odoo import api, fields, models
from odoo.exceptions import UserError


class PerformanceBudgetForecastMonth(models.Model):
    """One month that a snapshot forecasts."""

    _name = "performance.budget.forecast.month"
    _description = "Forecast of a Month"
    _order = "month, id"
    _rec_name = "month"
    _log_access = False

    forecast_line_id = fields.Many2one(
        "performance.budget.forecast.line",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    line_id = fields.Many2one(
        "performance.budget.line", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(required=True, readonly=True)
    amount_planned = fields.Monetary(
        string="Planned",
        readonly=True,
        help="In the budgets that were approved at that time.",
    )
    amount_actual = fields.Monetary(string="Actual So Far", readonly=True)
    amount_open = fields.Monetary(
        string="Open Documents",
        readonly=True,
        help="Reserved and committed. What is open in months that are over stands in"
        " the first month.",
    )
    amount_remaining = fields.Monetary(
        compute="_compute_amount_remaining", string="Remaining Plan"
    )
    amount_computed = fields.Monetary(
        string="Computed",
        readonly=True,
        help="By the method of the line, and at least what is booked or open.",
    )
    amount_forecast = fields.Monetary(
        string="Forecast", readonly=True, help="Computed, or corrected by hand."
    )
    amount_low = fields.Monetary(
        string="Low", readonly=True, help="One month in ten will come out lower."
    )
    amount_high = fields.Monetary(
        string="High", readonly=True, help="One month in ten will come out higher."
    )
    correction_id = fields.Many2one(
        "performance.budget.forecast.correction", readonly=True, ondelete="set null"
    )
    correction_reason = fields.Text(
        related="correction_id.reason", string="Corrected Because"
    )
    is_correctable = fields.Boolean(compute="_compute_is_correctable")

    _once = models.UniqueIndex(
        "(forecast_line_id, month)", "A forecast has each month once."
    )

    @api.depends("amount_planned", "amount_actual", "amount_open")
    def _compute_amount_remaining(self):
        for month in self:
            month.amount_remaining = (
                month.amount_planned - month.amount_actual - month.amount_open
            )

    @api.depends("forecast_line_id")
    @api.depends_context("uid")
    def _compute_is_correctable(self):
        for month in self:
            month.is_correctable = not month._get_not_correctable_reason()

    def action_correct(self):
        """Open the form of a correction of this month.

        :raise UserError: it is not for this person to correct, or out of date
        """
        self.ensure_one()
        self._check_correctable()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "budget_performance.performance_budget_forecast_correction_action_new"
        )
        return {
            **action,
            "context": {
                "default_month_id": self.id,
                "default_amount": self.amount_forecast,
            },
        }

    def _check_correctable(self):
        """:raise UserError: with the reason why the user cannot correct the months"""
        for month in self:
            reason = month._get_not_correctable_reason()
            if reason:
                raise UserError(reason)

    def _get_not_correctable_reason(self):
        """Return why the user cannot correct the month, False when he can."""
        self.ensure_one()
        if not self.forecast_line_id.forecast_id.is_latest:
            return self.env._(
                "This is an older forecast, kept as it was. Correct the latest one."
            )
        is_finance = self.env.user.has_group("budget_performance.group_budget_officer")
        if (
            not self.env.su
            and not is_finance
            and self.line_id.owner_id != self.env.user
        ):
            return self.env._(
                "A forecast is corrected by the owner of the line or by finance."
            )
        return False
