from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import periods

BUDGET_STATE = [
    ("draft", "Draft"),
    ("submitted", "Submitted"),
    ("approved", "Approved"),
    ("closed", "Closed"),
    ("cancelled", "Cancelled"),
]


class PerformanceBudget(models.Model):
    """One approved plan of a company for a range of months.

    Action    Group             Restriction
    ====================================================================
    Submit    Finance officer   complete lines, no clash with an approved budget
    Approve   Finance manager   the same checks again
    Reset     Finance manager   an approved budget only while nothing was booked
    Close     Finance manager
    Cancel    Finance officer   not yet approved
    """

    _name = "performance.budget"
    _description = "Budget"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, name, id"
    _check_company_auto = True

    _PROTECTED = frozenset({"state", "approved_by_id", "approved_date"})

    name = fields.Char(required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        string="First Day",
        required=True,
        tracking=True,
        default=lambda self: fields.Date.context_today(self).replace(month=1, day=1),
    )
    date_to = fields.Date(
        string="Last Day",
        required=True,
        tracking=True,
        default=lambda self: fields.Date.context_today(self).replace(month=12, day=31),
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        tracking=True,
    )
    state = fields.Selection(
        BUDGET_STATE,
        required=True,
        default="draft",
        index=True,
        copy=False,
        tracking=True,
    )
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_date = fields.Datetime(string="Approved On", readonly=True, copy=False)
    line_ids = fields.One2many("performance.budget.line", "budget_id", copy=True)
    line_count = fields.Integer(compute="_compute_amounts", string="Lines")
    amount_planned = fields.Monetary(compute="_compute_amounts", string="Planned")
    amount_reserve = fields.Monetary(compute="_compute_amounts", string="Reserve")
    amount_used = fields.Monetary(compute="_compute_amounts", string="Used")
    amount_available = fields.Monetary(compute="_compute_amounts", string="Available")
    usage_rate = fields.Float(
        compute="_compute_amounts", string="Usage", digits=(16, 4)
    )
    note = fields.Html()
    matching_stamp = fields.Integer(
        readonly=True,
        copy=False,
        help="Number of the last change of what its lines match, given by triggers.",
    )

    _date_order = models.Constraint(
        "CHECK (date_from < date_to)", "A budget ends after it begins."
    )

    @api.depends("line_ids.amount_planned", "line_ids.amount_used")
    def _compute_amounts(self):
        Line = self.env["performance.budget.line"]
        counts = dict(
            Line._read_group(
                [("budget_id", "in", self.ids)], ["budget_id"], ["__count"]
            )
        )
        sums = {
            (budget.id, is_reserve): amounts
            for budget, is_reserve, *amounts in Line._read_group(
                [("budget_id", "in", self.ids), ("pool_line_id", "=", False)],
                ["budget_id", "is_reserve"],
                ["amount_planned:sum", "amount_used:sum"],
            )
        }
        for budget in self:
            planned, used = sums.get((budget._origin.id, False), (0.0, 0.0))
            reserve, _used = sums.get((budget._origin.id, True), (0.0, 0.0))
            budget.line_count = counts.get(budget._origin, 0)
            budget.amount_planned = planned
            budget.amount_reserve = reserve
            budget.amount_used = used
            budget.amount_available = planned - used
            budget.usage_rate = used / planned if planned else 0.0

    @api.constrains("date_from", "date_to")
    def _check_whole_months(self):
        for budget in self:
            if (
                budget.date_from != periods.month_start(budget.date_from)
                or budget.date_to != periods.month_end(budget.date_to)
                or budget.date_to >= budget.date_from + relativedelta(years=10)
            ):
                raise ValidationError(
                    self.env._(
                        "Budget “%(budget)s” must run over whole months, ten years at"
                        " most, for example from the first of January to the last of"
                        " December.",
                        budget=budget.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        budgets = super().create(vals_list)
        budgets._check_new()
        return budgets

    def write(self, vals):
        if {"company_id", "date_from", "date_to"} & vals.keys():
            self._check_draft(self.env._("change the dates or the company"))
        if "company_id" in vals and self.line_ids:
            raise UserError(
                self.env._("The lines belong to their company: make a new budget.")
            )
        result = super().write(vals)
        if {"date_from", "date_to"} & vals.keys():
            self.line_ids._align_months()
        return result

    def unlink(self):
        self.line_ids.unlink()  # with their balances, which no cascade reaches
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if self.filtered(lambda b: b.state not in ("draft", "cancelled")):
            raise UserError(
                self.env._("Only draft and cancelled budgets can be deleted.")
            )

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in self._PROTECTED and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def action_submit(self):
        """Hand the budget to the finance manager."""
        self._check_ready()
        self._do_transition("submit")

    def action_approve(self):
        """Put the budget into force and book what already happened in its months."""
        self._lock_companies()
        self._check_ready()
        self._do_transition("approve")
        self.sudo().write(  # protected fields, the group was checked by the transition
            {
                "approved_by_id": self.env.user.id,
                "approved_date": fields.Datetime.now(),
            }
        )
        self.env["performance.budget.ledger"]._backfill(self)

    def action_reset(self):
        """Take the budget back to draft while nothing was booked on it."""
        self._check_transition("reset")
        self._stop_bookings()
        booked = self.env["performance.budget.entry"].search(
            [("budget_id", "in", self.ids)], limit=1
        )
        if booked:
            raise UserError(
                self.env._(
                    "“%(budget)s” has entries already (the first: %(entry)s). What was"
                    " booked stays; close the budget instead.",
                    budget=booked.budget_id.name,
                    entry=booked.display_name,
                )
            )
        self._do_transition("reset")

    def action_close(self):
        """Stop new use; open documents keep what they hold."""
        self._do_transition("close")

    def action_cancel(self):
        """Drop a budget that was not approved."""
        self._do_transition("cancel")

    def action_open_lines(self):
        """Open the lines of these budgets."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "budget_performance.performance_budget_line_action"
        )
        return {
            **action,
            "domain": [("budget_id", "in", self.ids)],
            "context": {
                "default_budget_id": self.id if len(self) == 1 else False,
                "search_default_group_position": 1,
            },
        }

    def _check_new(self):
        """:raise UserError: a new budget does not start as a draft"""
        if self.filtered(lambda budget: budget.state != "draft"):
            raise UserError(self.env._("A budget begins as a draft."))

    def _check_draft(self, what):
        for budget in self:
            if budget.state != "draft":
                raise UserError(
                    self.env._(
                        "“%(budget)s” is no draft: you cannot %(what)s.",
                        budget=budget.name,
                        what=what,
                    )
                )
