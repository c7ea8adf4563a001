from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..tools import periods

ROUND_STATE = [
    ("draft", "Draft"),
    ("frames", "Frames"),
    ("proposing", "Proposing"),
    ("consolidation", "Consolidation"),
    ("approval", "Approval"),
    ("agreed", "Agreed"),
    ("cancelled", "Cancelled"),
]
# While people still plan: what they wrote may change.
OPEN_STATES = ("draft", "frames", "proposing", "consolidation")
# In these finance and management prepare; departments do not see the round yet.
PREPARING = ("draft", "frames")


class PerformanceBudgetRound(models.Model):
    """How the next budget comes about: frames from above, proposals from below.

    Action       Who               From            Leads to
    ====================================================================
    Ask frames   finance           draft           frames: management sets amounts
    Open         finance           draft, frames   proposing: departments are asked
    Consolidate  finance           proposing       consolidation: finance assesses
    Request      finance           consolidation   approval by levels
    Approve      whose level it is approval        agreed after the last level
    Forward      whose level it is approval        another budget owner decides
    Send back    whose level it is approval        consolidation, nothing counts
    Cancel       finance           not yet agreed  cancelled

    Each department has one current proposal; one that is sent back stays readable as
    it was, and a copy of it, the next iteration, is worked on.
    """

    _name = "performance.budget.round"
    _description = "Budget Round"
    _inherit = [
        "performance.budget.approval.handing",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    _approval_state = "approval"
    _approval_inverse = "round_id"
    _approval_depends = ("state", "revision", "decision_ids", "decider_ids")

    _PROTECTED = frozenset(
        {
            "state",
            "requester_id",
            "revision",
            "decision_ids",
            "decider_ids",
            "budget_id",
            "agreed_date",
            "reminder_date",
        }
    )

    name = fields.Char(required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        string="First Day",
        required=True,
        tracking=True,
        default=lambda self: (
            fields.Date.context_today(self).replace(month=1, day=1)
            + relativedelta(years=1)
        ),
    )
    date_to = fields.Date(
        string="Last Day",
        required=True,
        tracking=True,
        default=lambda self: (
            fields.Date.context_today(self).replace(month=12, day=31)
            + relativedelta(years=1)
        ),
    )
    date_deadline = fields.Date(
        string="Proposals Due", tracking=True, help="When departments have to submit."
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        tracking=True,
    )
    base_budget_id = fields.Many2one(
        "performance.budget",
        string="Compared With",
        compute="_compute_base_budget_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        domain="[('company_id', '=', company_id),"
        " ('state', 'in', ('approved', 'closed'))]",
        help="The budget before: its plan and its execution stand beside what is"
        " proposed, and can be copied.",
    )
    growth_limit = fields.Float(
        string="Flag Growth Above",
        default=0.2,
        digits=(16, 4),
        help="A line that asks for more than this share above what is expected to be"
        " spent before is flagged for finance.",
    )
    department_ids = fields.Many2many(
        "hr.department",
        "performance_budget_round_department_rel",
        "round_id",
        "department_id",
        string="Departments",
        check_company=True,
        default=lambda self: self._get_default_departments(),
        help="Who is asked to propose.",
    )
    note = fields.Html(
        string="Planning Assumptions",
        help="Market, prices, wages and priorities that everybody plans with.",
    )
    state = fields.Selection(
        ROUND_STATE,
        required=True,
        default="draft",
        readonly=True,
        index=True,
        copy=False,
        tracking=True,
        group_expand=True,
    )
    frame_ids = fields.One2many(
        "performance.budget.round.frame", "round_id", string="Frames", copy=True
    )
    proposal_ids = fields.One2many("performance.budget.proposal", "round_id")
    requester_id = fields.Many2one(
        "res.users", string="Submitted By", readonly=True, copy=False
    )
    decision_ids = fields.One2many(
        "performance.budget.round.decision", "round_id", readonly=True
    )
    decider_ids = fields.Many2many(
        "res.users",
        "performance_budget_round_decider_rel",
        "round_id",
        "user_id",
        string="Asked to Decide",
        readonly=True,
        copy=False,
        help="Whoever could or can decide; they may read it.",
    )
    agreed_date = fields.Datetime(string="Agreed On", readonly=True, copy=False)
    budget_id = fields.Many2one(
        "performance.budget",
        string="Budget Made",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    _date_order = models.Constraint(
        "CHECK (date_from < date_to)",
        "A round plans a period that ends after it begins.",
    )
    _growth_limit_range = models.Constraint(
        "CHECK (growth_limit BETWEEN 0 AND 100)",
        "The growth that is flagged lies between 0 % and 10,000 %.",
    )

    @api.depends("company_id", "date_from")
    def _compute_base_budget_id(self):
        for budget_round in self:
            budget_round.base_budget_id = self.env["performance.budget"].search(
                [
                    ("company_id", "=", budget_round.company_id.id),
                    ("state", "in", ("approved", "closed")),
                    ("date_from", "<", budget_round.date_from),
                ],
                order="date_to desc, id desc",
                limit=1,
            )

    @api.constrains("date_from", "date_to")
    def _check_whole_months(self):
        for budget_round in self:
            first, last = budget_round.date_from, budget_round.date_to
            if (
                first != periods.month_start(first)
                or last != periods.month_end(last)
                or last >= first + relativedelta(years=10)
            ):
                raise ValidationError(
                    self.env._(
                        "“%(round)s” must plan whole months, ten years at most, for"
                        " example from the first of January to the last of December.",
                        round=budget_round.name,
                    )
                )

    @api.model
    def _get_default_departments(self):
        """Return the departments that have a cost centre: money is spent there."""
        return self.env["hr.department"].search(
            [
                ("company_id", "in", (False, self.env.company.id)),
                ("cost_centre_id", "!=", False),
            ]
        )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not self.env.su and vals.get("state", "draft") != "draft":
                raise UserError(self.env._("A round begins as a draft."))
        rounds = super().create(vals_list)
        rounds._ensure_proposals()
        return rounds

    def write(self, vals):
        content = vals.keys() - self._get_social_fields() - self._PROTECTED
        if content and not self.env.su:
            self._check_state(*OPEN_STATES)
        moved = {"company_id", "date_from", "date_to"} & vals.keys()
        if moved:
            self._check_state("draft")
        if "company_id" in vals and self.proposal_ids.line_ids:
            raise UserError(
                self.env._("The proposals belong to their company: make a new round.")
            )
        result = super().write(vals)
        if "department_ids" in vals:
            self._ensure_proposals()
        if moved:
            self.proposal_ids.line_ids._spread()
        if {"base_budget_id", "growth_limit", "date_from"} & vals.keys():
            self._get_current_lines()._assess()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if self.filtered(lambda r: r.state not in ("draft", "cancelled")):
            raise UserError(
                self.env._("Only draft and cancelled rounds can be deleted.")
            )

    def unlink(self):
        self.proposal_ids.sudo().unlink()  # they go with their round
        return super().unlink()

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in self._PROTECTED and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    @api.model
    def _get_social_fields(self):
        """Return the fields of the chatter, which say nothing about the money."""
        return {
            *self.env["mail.thread"]._fields,
            *self.env["mail.activity.mixin"]._fields,
        }

    def _get_current_lines(self):
        return self.proposal_ids.filtered("is_current").line_ids

    def _lock(self):
        """Let one transaction at a time move the rounds to another state.

        The rows are written, not only locked: a second one fails on them, is run again
        and sees what the first has done.
        """
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE performance_budget_round SET write_date = write_date"
                " WHERE id = ANY(%s)",
                self.ids,
            )
        )
