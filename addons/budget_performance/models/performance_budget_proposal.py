from odoo import api, fields, models
from odoo.exceptions import UserError

from .performance_budget_round import OPEN_STATES, PREPARING

PROPOSAL_STATE = [
    ("draft", "To Propose"),
    ("submitted", "Submitted"),
    ("accepted", "Accepted"),
    ("returned", "Sent Back"),
]


class PerformanceBudgetProposal(models.Model):
    """What one department asks for in one iteration of a round.

    Action      Who                       Restriction
    ====================================================================
    Submit      head, or finance for him  the round is open, lines are complete
    Take back   head, or finance          not accepted yet
    Accept      finance                   somebody else submitted it, or finance did
    Send back   finance, with a reason    a copy becomes the next iteration

    Without a department it holds what finance plans for the whole company: pools
    and the reserve.
    """

    _name = "performance.budget.proposal"
    _description = "Budget Proposal"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "round_id desc, department_id, iteration desc, id"
    _check_company_auto = True

    _PROTECTED = frozenset(
        {
            "round_id",
            "department_id",
            "iteration",
            "is_current",
            "state",
            "previous_id",
            "submitted_by_id",
            "submitted_date",
            "return_reason",
        }
    )

    round_id = fields.Many2one(
        "performance.budget.round", required=True, index=True, ondelete="restrict"
    )
    round_state = fields.Selection(related="round_id.state", string="Round Is")
    date_deadline = fields.Date(related="round_id.date_deadline")
    company_id = fields.Many2one(
        related="round_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    department_id = fields.Many2one(
        "hr.department", index="btree_not_null", check_company=True, ondelete="restrict"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Proposed By",
        domain=[("share", "=", False)],
        tracking=True,
        help="Asked for the proposal: the head of the department.",
    )
    iteration = fields.Integer(required=True, readonly=True, default=1)
    is_current = fields.Boolean(
        string="Current", default=True, readonly=True, index=True
    )
    state = fields.Selection(
        PROPOSAL_STATE,
        required=True,
        default="draft",
        readonly=True,
        index=True,
        tracking=True,
        group_expand=True,
    )
    is_mine = fields.Boolean(
        compute="_compute_is_mine",
        search="_search_is_mine",
        string="My Departments",
        help="Of a department that you lead, or of one below it.",
    )
    previous_id = fields.Many2one(
        "performance.budget.proposal",
        string="Copied From",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    earlier_ids = fields.Many2many(
        "performance.budget.proposal",
        compute="_compute_earlier_ids",
        string="Earlier Iterations",
    )
    return_reason = fields.Text(string="Why It Was Sent Back", readonly=True)
    return_reason_before = fields.Text(
        related="previous_id.return_reason", string="To Change"
    )
    submitted_by_id = fields.Many2one("res.users", readonly=True)
    submitted_date = fields.Datetime(string="Submitted On", readonly=True)
    line_ids = fields.One2many("performance.budget.proposal.line", "proposal_id")
    note = fields.Html(string="Explanation")

    _iteration_uniq = models.UniqueIndex(
        "(round_id, COALESCE(department_id, 0), iteration)",
        "A department has each iteration once.",
    )
    _current_uniq = models.UniqueIndex(
        "(round_id, COALESCE(department_id, 0)) WHERE is_current",
        "A department has one current proposal.",
    )

    @api.depends("department_id", "round_id", "iteration")
    def _compute_display_name(self):
        for proposal in self:
            name = proposal.department_id.name or self.env._("Whole company")
            proposal.display_name = f"{proposal.round_id.name} · {name}"
            if proposal.iteration > 1:
                proposal.display_name += f" · {proposal.iteration}"

    @api.depends("department_id", "round_id.state")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        headed = self.env["hr.department"]._get_headed()
        for proposal in self:
            asked = proposal.round_id.state not in PREPARING
            proposal.is_mine = asked and proposal.department_id in headed

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        headed = self.env["hr.department"]._get_headed()
        mine = fields.Domain("department_id", "in", headed.ids) & fields.Domain(
            "round_id.state", "not in", PREPARING
        )
        domains = {True: mine, False: ~mine}
        return fields.Domain.OR(domains[bool(one)] for one in value)

    @api.depends("round_id", "department_id", "iteration")
    def _compute_earlier_ids(self):
        for proposal in self:
            earlier, before = self.browse(), proposal.previous_id
            while before:
                earlier |= before
                before = before.previous_id
            proposal.earlier_ids = earlier

    @api.model_create_multi
    def create(self, vals_list):
        proposals = super().create(vals_list)
        proposals._check_new()
        return proposals

    def write(self, vals):
        content = vals.keys() - self.round_id._get_social_fields() - self._PROTECTED
        if content - {"line_ids"} and not self.env.su:  # lines check themselves
            self._check_open()
        if "user_id" in vals and not self.env.su:
            self.round_id._check_officer()
        return super().write(vals)

    # Each department proposes once: there is no copy to call.
    def copy(self, default=None):  # pylint: disable=method-required-super
        raise UserError(
            self.env._("A department has one proposal: change that, or copy lines.")
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for proposal in self:
            in_vain = proposal.round_id.state in ("draft", "cancelled")
            if not self.env.su or not in_vain:
                proposal._check_deletable()

    def unlink(self):
        self.line_ids.unlink()  # with their places in pools, which no cascade reaches
        return super().unlink()

    def _check_deletable(self):
        """:raise UserError: somebody has worked on it"""
        self.round_id._check_state(*OPEN_STATES)
        if self.state != "draft" or self.iteration > 1 or self.line_ids:
            raise UserError(
                self.env._(
                    "“%s” has been worked on: it stays. Only an empty proposal can be"
                    " deleted, when the department needs no money.",
                    self.display_name,
                )
            )

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in self._PROTECTED and not self.env.su:
            # finance may add a department to a round: these are set at creation
            return field.name in ("round_id", "department_id") and not any(self._ids)
        return super()._has_field_access(field, operation)

    def _check_new(self):
        """:raise UserError: it does not begin as the first draft of an open round"""
        self.round_id._check_state(*OPEN_STATES)
        if self.env.su:
            return
        if self.filtered(lambda p: p.state != "draft" or p.iteration != 1):
            raise UserError(self.env._("A proposal begins as a draft."))

    def _check_open(self):
        """:raise UserError: nobody plans any more, or it was submitted"""
        self.round_id._check_state(*OPEN_STATES)
        for proposal in self:
            if proposal.state != "draft":
                raise UserError(
                    self.env._(
                        "“%s” was submitted: take it back, or have finance send it"
                        " back, before you change it.",
                        proposal.display_name,
                    )
                )
