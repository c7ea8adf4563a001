from odoo import api, fields, models
from odoo.exceptions import UserError

KIND = [
    ("transfer", "Transfer"),
    ("supplement", "Supplement"),
    ("reduction", "Reduction"),
    ("reserve", "Reserve draw or refill"),
    ("carry_forward", "Carry-forward"),
    ("revision", "Revision"),
]


class PerformanceBudgetAdjustment(models.Model):
    """A change of budgets in force: asked for, decided in levels, applied once.

    Action      Who                            Restriction
    ====================================================================
    Submit      who wrote it, or finance       legs fit the kind and the lines
    Approve     whose level it is              not his own, not on two levels
    Forward     whose level it is              to a budget owner
    Refuse      whose level it is              with a comment
    Send back   whose level it is              it is a draft again, nothing counts
    Cancel      who asked                      not applied yet
    Apply       follows the last approval;     every check again, on figures of now
                finance, when that failed
    Reverse     finance                        as a counter-adjustment, decided anew

    The plan of a budget in force changes in no other way. Other addons let an
    adjustment do more than move money: see :meth:`_apply_effects`.
    """

    _name = "performance.budget.adjustment"
    _description = "Budget Adjustment"
    _inherit = [
        "performance.budget.approval.submission",
        "performance.budget.approval.handing",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _check_company_auto = True

    _approval_state = "submitted"
    _approval_inverse = "adjustment_id"
    _approval_depends = ("state", "decision_ids", "line_ids.amount", "decider_ids")

    _PROTECTED = frozenset(
        {
            "name",
            "state",
            "revision",
            "res_model",
            "res_id",
            "document_name",
            "requester_id",
            "submitter_id",
            "decision_ids",
            "decider_ids",
            "change_ids",
            "carry_ids",
            "applied_date",
            "applied_by_id",
            "reversed_id",
            "reminder_date",
        }
    )
    # What people who plan nothing may write on their own draft.
    _EXPLANATION = frozenset({"reason", "driver", "emergency"})

    name = fields.Char(
        string="Number", required=True, readonly=True, copy=False, default="/"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(KIND, required=True, default="transfer", tracking=True)
    reason = fields.Text(required=True)
    driver = fields.Selection(
        [
            ("market", "Market"),
            ("cost", "Cost"),
            ("emergency", "Emergency"),
            ("plan", "Plan of the company"),
        ],
        required=True,
        default="market",
        tracking=True,
        help="What made the change necessary.",
    )
    emergency = fields.Selection(
        [("rush", "Rush order"), ("repair", "Repair"), ("other", "Other")],
        string="Kind of Emergency",
    )
    requester_id = fields.Many2one(index=True)
    res_model = fields.Char(string="Document Model", readonly=True, copy=False)
    res_id = fields.Many2oneReference(
        string="Document ID", model_field="res_model", readonly=True, copy=False
    )
    document_name = fields.Char(string="Document", readonly=True, copy=False)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Submitted"),
            ("approved", "Approved"),
            ("applied", "Applied"),
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        index=True,
        copy=False,
        tracking=True,
    )
    line_ids = fields.One2many(
        "performance.budget.adjustment.line", "adjustment_id", copy=True
    )
    decision_ids = fields.One2many(
        "performance.budget.adjustment.decision", "adjustment_id", readonly=True
    )
    change_ids = fields.One2many(
        "performance.budget.plan.change", "adjustment_id", readonly=True
    )
    carry_ids = fields.One2many(
        "performance.budget.adjustment.carry", "adjustment_id", readonly=True
    )
    decider_ids = fields.Many2many(
        "res.users",
        "performance_budget_adjustment_decider_rel",
        "adjustment_id",
        "user_id",
        string="Asked to Decide",
        readonly=True,
        copy=False,
        help="Whoever could or can decide; they may read it.",
    )
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        help="What the lines get, what they give, or what is carried: the largest.",
    )
    applied_date = fields.Datetime(string="Applied On", readonly=True, copy=False)
    applied_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    reversed_id = fields.Many2one(
        "performance.budget.adjustment",
        string="Reversal Of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    reversal_ids = fields.One2many(
        "performance.budget.adjustment", "reversed_id", readonly=True
    )

    _document = models.Index("(res_model, res_id)")
    _reversed_once = models.UniqueIndex(
        "(reversed_id) WHERE state NOT IN ('refused', 'cancelled')",
        "There is a reversal of this adjustment already.",
    )

    @api.depends("line_ids.amount", "carry_ids.amount")
    def _compute_amount(self):
        for adjustment in self:
            amounts = adjustment.line_ids.mapped("amount")
            more = sum(amount for amount in amounts if amount > 0)
            less = -sum(amount for amount in amounts if amount < 0)
            carried = sum(adjustment.carry_ids.mapped("amount"))
            adjustment.amount = max(more, less, carried)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not self.env.su and vals.get("state", "draft") != "draft":
                raise UserError(self.env._("An adjustment begins as a draft."))
        adjustments = super().create(vals_list)
        for adjustment_sudo in adjustments.sudo():  # nobody chooses his number
            adjustment_sudo.name = adjustment_sudo._get_next_number()
        return adjustments

    def write(self, vals):
        if not self.env.su:
            self._check_may_write(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_kept(self):
        if self.filtered(lambda a: a.state != "draft" or a.revision):
            raise UserError(
                self.env._("Only drafts that were never submitted can be deleted.")
            )

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in self._PROTECTED and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def _get_next_number(self):
        return (
            self.env["ir.sequence"]
            .with_company(self.company_id)
            .next_by_code("performance.budget.adjustment")
        )

    def _check_may_write(self, vals):
        """:raise UserError: it is no draft, or the person may only explain it"""
        content = {name for name in vals if name not in self._get_social_fields()}
        if content and self.filtered(lambda a: a.state != "draft"):
            raise UserError(
                self.env._("It was submitted: send it back before you change it.")
            )
        if content - self._EXPLANATION and not self.env.user.has_group(
            "budget_performance.group_budget_owner"
        ):
            raise UserError(
                self.env._("You may explain what you ask for; finance plans it.")
            )

    @api.model
    def _get_social_fields(self):
        """Return the fields of the chatter, which say nothing about the money."""
        return {
            *self.env["mail.thread"]._fields,
            *self.env["mail.activity.mixin"]._fields,
        }

    def _check_officer(self):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(
            "budget_performance.group_budget_officer"
        ):
            raise UserError(self.env._("Only a finance officer can do this."))
