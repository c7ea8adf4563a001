from odoo import api, fields, models
from odoo.exceptions import UserError


class PerformanceBudgetForecast(models.Model):
    """What a company expected of its budget lines at one moment.

    Snapshots are kept: a later reader sees what was forecast when. Nobody writes them;
    a correction by hand is a record of its own beside the computed figure.
    """

    _name = "performance.budget.forecast"
    _description = "Budget Forecast"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "month desc, id desc"
    _rec_name = "month"
    _mail_post_access = "read"

    _PROTECTED = frozenset(
        {"company_id", "month", "date", "horizon", "state", "is_latest", "line_ids"}
    )

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(
        string="From", required=True, readonly=True, help="The first month forecast."
    )
    date = fields.Datetime(
        string="Made On", required=True, readonly=True, default=fields.Datetime.now
    )
    horizon = fields.Integer(string="Months", required=True, readonly=True)
    state = fields.Selection(
        [("computing", "Computing"), ("done", "Done")],
        required=True,
        readonly=True,
        default="computing",
    )
    is_latest = fields.Boolean(string="Latest", readonly=True, index=True)
    line_ids = fields.One2many(
        "performance.budget.forecast.line", "forecast_id", readonly=True
    )
    line_count = fields.Integer(compute="_compute_counts", string="Lines")
    warning_count = fields.Integer(compute="_compute_counts", string="Warnings")

    _horizon_in_range = models.Constraint(
        "CHECK (horizon BETWEEN 1 AND 24)", "A forecast looks 24 months ahead at most."
    )

    @api.depends("line_ids.warning")
    def _compute_counts(self):
        counts = {}
        for forecast, warning, count in self.env[
            "performance.budget.forecast.line"
        ]._read_group(
            [("forecast_id", "in", self.ids)], ["forecast_id", "warning"], ["__count"]
        ):
            counts.setdefault(forecast, {})[warning] = count
        for forecast in self:
            by_warning = counts.get(forecast._origin, {})
            forecast.line_count = sum(by_warning.values())
            forecast.warning_count = forecast.line_count - by_warning.get("none", 0)

    @api.depends("month", "company_id", "date")
    @api.depends_context("allowed_company_ids")
    def _compute_display_name(self):
        for forecast in self:
            forecast.display_name = self.env._(
                "Forecast from %(month)s, made on %(day)s",
                month=forecast.month and forecast.month.strftime("%Y-%m"),
                day=forecast.date
                and fields.Date.to_string(
                    fields.Datetime.context_timestamp(forecast, forecast.date).date()
                ),
            )

    # Never copied: there is no copy to call.
    def copy(self, default=None):  # pylint: disable=method-required-super
        raise UserError(self.env._("Make a new forecast instead."))

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in self._PROTECTED and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def action_open_lines(self):
        """Open the lines of these snapshots."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "budget_performance.performance_budget_forecast_line_action"
        )
        return {
            **action,
            "domain": [("forecast_id", "in", self.ids)],
            "context": {"search_default_outside_pools": 1},
        }
