from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import is_html_empty

from ..tools import periods

CONCLUSIONS = ("market_forecast", "resource_assessment", "target_calibration")
DAYS_TO_REVIEW = 15


class PerformanceBudgetReview(models.Model):
    """What a department concluded from a quarter: market, resources, targets.

    The figures are filled in when the review is made and stay as they were. People
    write the conclusions; a closed review is not changed any more.

    Action   Who
    ===================================================================
    Close    the responsible or finance, with all three conclusions
    Reopen   finance manager
    Renew    the responsible or finance, while it is open: figures of today
    """

    _name = "performance.budget.review"
    _description = "Quarterly Budget Review"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, department_id, id"
    _rec_name = "department_id"
    _check_company_auto = True

    _PROTECTED = frozenset(
        {
            "state",
            "company_id",
            "department_id",
            "date_from",
            "date_to",
            "date_figures",
            "line_ids",
            "closed_by_id",
            "closed_date",
        }
    )

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    department_id = fields.Many2one(
        "hr.department", required=True, readonly=True, index=True, check_company=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        tracking=True,
        domain=[("share", "=", False)],
        help="Asked for the review: the manager of the department, else who answers for"
        " most of its lines.",
    )
    date_from = fields.Date(string="Quarter From", required=True, readonly=True)
    date_to = fields.Date(string="Quarter To", required=True, readonly=True)
    date_deadline = fields.Date(string="Due", readonly=True)
    state = fields.Selection(
        [("open", "To do"), ("done", "Done")],
        required=True,
        readonly=True,
        default="open",
        index=True,
        copy=False,
        tracking=True,
    )
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")
    date_figures = fields.Datetime(string="Figures Of", readonly=True)
    line_ids = fields.One2many(
        "performance.budget.review.line", "review_id", readonly=True
    )
    amount_planned = fields.Monetary(compute="_compute_amounts", string="Planned")
    amount_used = fields.Monetary(compute="_compute_amounts", string="Used")
    amount_expected = fields.Monetary(
        compute="_compute_amounts", string="Expected at the End"
    )
    amount_left = fields.Monetary(compute="_compute_amounts", string="Left at the End")
    market_forecast = fields.Html(
        help="What customers, prices and competitors will do; what that means for the"
        " department."
    )
    resource_assessment = fields.Html(
        help="People, machines and money that are there, short or idle."
    )
    target_calibration = fields.Html(
        help="Which targets and budget lines have to change, and by how much."
    )
    closed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    closed_date = fields.Datetime(string="Closed On", readonly=True, copy=False)

    _once = models.UniqueIndex(
        "(department_id, date_from)", "A department reviews each quarter once."
    )

    @api.depends("department_id", "date_from")
    def _compute_display_name(self):
        for review in self:
            quarter = (review.date_from.month + 2) // 3 if review.date_from else 0
            year = review.date_from.year if review.date_from else ""
            review.display_name = f"{review.department_id.name} · {year} Q{quarter}"

    @api.depends("line_ids")
    def _compute_amounts(self):
        for review in self:
            lines = review.line_ids.filtered(lambda line: not line.is_in_pool)
            for name in ("planned", "used", "expected", "left"):
                review[f"amount_{name}"] = sum(lines.mapped(f"amount_{name}"))

    @api.depends("state", "date_deadline")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for review in self:
            deadline = review.date_deadline
            review.is_late = review.state == "open" and deadline and deadline < today

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = fields.Domain("state", "=", "open") & fields.Domain(
            "date_deadline", "<", fields.Date.context_today(self)
        )
        domains = {True: late, False: ~late}
        return fields.Domain.OR(domains[bool(one)] for one in value)

    def write(self, vals):
        if not self.env.su:
            for review in self:
                review._check_open()
            if "user_id" in vals:
                self._check_finance()
        return super().write(vals)

    # Never copied: there is no copy to call.
    def copy(self, default=None):  # pylint: disable=method-required-super
        raise UserError(self.env._("Each quarter is reviewed once."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Reviews are kept."))

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in self._PROTECTED and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def action_close(self):
        """Finish the review: from now on it stays as it is.

        :raise UserError: a conclusion is missing, or it is not this person's to close
        """
        for review in self:
            review._check_responsible()
            review._check_open()
            review._check_complete()
        # sudo: protected fields, the person and the state were checked
        self.sudo().write(
            {
                "state": "done",
                "closed_by_id": self.env.uid,
                "closed_date": fields.Datetime.now(),
            }
        )
        # sudo: tasks of others; the rights were checked above
        self.sudo().activity_feedback(["mail.mail_activity_data_todo"])

    def action_reopen(self):
        """Let a closed review be changed again.

        :raise UserError: for anybody but the finance manager
        """
        self.check_access("write")
        if not self.env.user.has_group("budget_performance.group_budget_manager"):
            raise UserError(
                self.env._("Only the finance manager reopens a review. Ask there.")
            )
        # sudo: protected fields, the group was checked
        self.sudo().write(
            {"state": "open", "closed_by_id": False, "closed_date": False}
        )

    def action_renew(self):
        """Fill in the figures as they are today.

        :raise UserError: it is closed, or it is not this person's
        """
        for review in self:
            review._check_responsible()
            review._check_open()
        self.sudo()._fill_in()  # nobody writes figures; checked above

    @api.model
    def _check_finance(self):
        """:raise AccessError: for anybody but finance"""
        if not self.env.user.has_group("budget_performance.group_budget_officer"):
            raise AccessError(
                self.env._("Finance asks for reviews and says who does them.")
            )

    def _check_responsible(self):
        """:raise UserError: the user neither answers for the review nor is finance"""
        self.check_access("write")
        is_finance = self.env.user.has_group("budget_performance.group_budget_officer")
        if not is_finance and self.user_id != self.env.user:
            raise UserError(
                self.env._(
                    "“%(review)s” is for %(person)s or finance to do.",
                    review=self.display_name,
                    person=self.user_id.name or self.env._("nobody yet"),
                )
            )

    def _check_open(self):
        """:raise UserError: the review is closed"""
        if self.state != "open":
            raise UserError(
                self.env._(
                    "“%s” is closed and stays as it is. The finance manager can reopen"
                    " it.",
                    self.display_name,
                )
            )

    def _check_complete(self):
        """:raise UserError: names the conclusions that are missing"""
        labels = self.fields_get(CONCLUSIONS, ["string"])
        missing = [
            labels[name]["string"] for name in CONCLUSIONS if is_html_empty(self[name])
        ]
        if missing:
            raise UserError(
                self.env._(
                    "Write down first: %s. A sentence is enough.", ", ".join(missing)
                )
            )

    @api.model
    def _get_last_quarter(self):
        """Return the first and the last day of the quarter that is over."""
        today = fields.Date.context_today(self)
        this_quarter = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
        last = this_quarter - relativedelta(days=1)
        return periods.month_start(last) - relativedelta(months=2), last
