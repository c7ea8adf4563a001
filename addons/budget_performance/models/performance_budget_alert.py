from babel.dates import format_skeleton

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang
from odoo.tools.misc import babel_locale_parse, get_lang


class PerformanceBudgetAlert(models.Model):
    """A band that a line crossed: from when to when, at which figures, by what.

    The system opens and closes alerts by comparing the present figures with the
    rules; nobody writes them. A line that gets back below and crosses again has
    another alert.
    """

    _name = "performance.budget.alert"
    _description = "Budget Alert"
    _inherit = ["performance.budget.document.reference"]
    _order = "date_crossed desc, id desc"
    _check_company_auto = True

    line_id = fields.Many2one(
        "performance.budget.line",
        string="Budget Line",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    budget_id = fields.Many2one(related="line_id.budget_id")
    position_id = fields.Many2one(related="line_id.position_id")
    department_id = fields.Many2one(related="line_id.department_id")
    owner_id = fields.Many2one(related="line_id.owner_id")
    company_id = fields.Many2one(
        related="line_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    rule_id = fields.Many2one(
        "performance.budget.control.rule",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    interval = fields.Selection(
        selection=lambda self: (
            self.env["performance.budget.control.rule"]
            ._fields["interval"]
            ._description_selection(self.env)
        ),
        required=True,
        readonly=True,
    )
    date_from = fields.Date(string="First Month", required=True, readonly=True)
    date_to = fields.Date(string="Last Month", required=True, readonly=True)
    period = fields.Char(compute="_compute_period")
    action = fields.Selection(
        [("alert", "Warned"), ("hold", "Held"), ("block", "Blocked")],
        string="New Use Is",
        required=True,
        readonly=True,
        help="What happens to a document that wants more of the line.",
    )
    limit_rate = fields.Float(
        string="Share of the Plan", required=True, readonly=True, digits=(16, 4)
    )
    limit_tolerance = fields.Monetary(string="Plus Amount", readonly=True)
    is_inclusive = fields.Boolean(readonly=True)
    limit_amount = fields.Monetary(string="Limit", readonly=True)
    amount_planned = fields.Monetary(string="Planned", readonly=True)
    amount_reserved = fields.Monetary(string="Reserved", readonly=True)
    amount_committed = fields.Monetary(string="Committed", readonly=True)
    amount_actual = fields.Monetary(string="Actual", readonly=True)
    amount_left = fields.Monetary(string="Left", readonly=True)
    usage_rate = fields.Float(
        string="Usage", readonly=True, digits=(16, 4), aggregator="avg"
    )
    res_model = fields.Char(string="Document Model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Document ID", model_field="res_model", readonly=True
    )
    document_name = fields.Char(
        string="Document",
        readonly=True,
        help="What brought the line over the limit, as far as the entries tell.",
    )
    user_id = fields.Many2one("res.users", string="Booked By", readonly=True)
    state = fields.Selection(
        [("open", "Over the Limit"), ("back", "Back Below")],
        required=True,
        default="open",
        readonly=True,
        index=True,
    )
    date_crossed = fields.Datetime(
        string="Crossed On",
        required=True,
        readonly=True,
        default=fields.Datetime.now,
    )
    date_back = fields.Datetime(string="Back On", readonly=True)
    notice_state = fields.Selection(
        [("to_send", "To Send"), ("sent", "Sent"), ("none", "Not Needed")],
        string="Notice",
        required=True,
        default="to_send",
        readonly=True,
        help="Whether the owner was told of the last change.",
    )
    summary = fields.Char(compute="_compute_summary")

    _crossing_uniq = models.UniqueIndex(
        "(line_id, rule_id, interval, date_from, limit_rate, limit_tolerance,"
        " is_inclusive) WHERE state = 'open'",
        "This line is over this limit already.",
    )
    _to_send = models.Index("(line_id) WHERE notice_state = 'to_send'")

    @api.depends("date_from", "date_to")
    @api.depends_context("lang")
    def _compute_period(self):
        locale = babel_locale_parse(get_lang(self.env).code)
        for alert in self:
            months = dict.fromkeys((alert.date_from, alert.date_to))
            alert.period = " – ".join(
                format_skeleton("yMMMM", month, locale=locale)
                for month in months
                if month
            )

    @api.depends("state", "line_id", "interval", "usage_rate", "limit_rate")
    @api.depends_context("lang")
    def _compute_summary(self):
        for alert in self:
            words = alert._get_words()
            alert.summary = (
                self.env._(
                    "%(line)s: %(percent)s of the plan for %(period)s is used; the"
                    " limit is %(limit)s.",
                    **words,
                )
                if alert.state == "open"
                else self.env._(
                    "%(line)s is back below %(limit)s of the plan for %(period)s.",
                    **words,
                )
            )

    @api.depends("summary")
    def _compute_display_name(self):
        for alert in self:
            alert.display_name = alert.summary

    def action_open_document(self):
        """Open the document that brought the line over its limit.

        :raise UserError: it is unknown, or was deleted since
        """
        self.ensure_one()
        if not self.res_model:
            raise UserError(
                self.env._("No single document brought this line over its limit.")
            )
        return super().action_open_document()

    def action_open_entries(self):
        """Open the entries of the line in the months of the alert."""
        self.ensure_one()
        action = self.line_id.action_open_entries()
        months = [("month", ">=", self.date_from), ("month", "<=", self.date_to)]
        return {**action, "domain": [*action["domain"], *months]}

    def _get_words(self):
        """Return what a sentence names, in the reader's language."""
        self.ensure_one()
        Control = self.env["performance.budget.control"]
        limit = Control._format_rate(self.limit_rate)
        if self.limit_tolerance:
            amount = formatLang(
                self.env, self.limit_tolerance, currency_obj=self.currency_id
            )
            limit = f"{limit} + {amount}"
        return {
            "line": self.line_id.display_name or "",
            "percent": Control._format_rate(
                self.usage_rate if self.amount_planned else None
            ),
            "period": self.period,
            "limit": limit,
        }
