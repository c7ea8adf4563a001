from odoo import api, fields, models
from odoo.exceptions import UserError

PAY = "hr.group_hr_manager"


class BscPromotion(models.Model):
    """The promotion of one person: proposed, decided in levels, applied once.

    ==========  =============================  =======================================
    Action      Who                            When
    ==========  =============================  =======================================
    propose     appraisal officer              every condition of the post is met
    decide      whose level it is              submitted; never his own, never his own
                                               proposal, not on two levels
    apply       appraisal manager; with a      approved: as a new version of the
                wage an HR manager             employee, effective on its day
    ==========  =============================  =======================================

    The employee reads it once it is decided, his managers and the officers before. The
    wage is for HR managers only.
    """

    _name = "bsc.promotion"
    _description = "Promotion"
    _inherit = [
        "performance.budget.approval.submission",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _check_company_auto = True

    _approval_state = "submitted"
    _approval_inverse = "promotion_id"
    _approval_depends = ("state", "decision_ids", "decider_ids")

    _PROTECTED = frozenset(
        {
            *("state", "revision", "requester_id", "submitter_id", "decision_ids"),
            *("decider_ids", "version_id", "applied_date", "applied_by_id"),
            *("user_id", "scorecard_id", "conditions", "from_job_id"),
            "from_department_id",
        }
    )
    # Open while it is made, closed ever after.
    _IDENTITY = frozenset({"company_id", "employee_id"})

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    employee_id = fields.Many2one(
        "hr.employee",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    user_id = fields.Many2one(
        related="employee_id.user_id",
        string="User of the Employee",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    scorecard_id = fields.Many2one(
        "bsc.scorecard",
        string="Result",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    from_job_id = fields.Many2one("hr.job", string="Present Post", readonly=True)
    from_department_id = fields.Many2one(
        "hr.department", string="Present Department", readonly=True
    )
    job_id = fields.Many2one(
        "hr.job", string="New Post", required=True, check_company=True, tracking=True
    )
    department_id = fields.Many2one(
        "hr.department",
        string="New Department",
        check_company=True,
        tracking=True,
        help="Empty: the department stays.",
    )
    date_effective = fields.Date(
        string="From",
        required=True,
        tracking=True,
        default=lambda self: fields.Date.start_of(
            fields.Date.add(fields.Date.context_today(self), months=1), "month"
        ),
    )
    wage = fields.Monetary(
        string="New Wage", groups=PAY, copy=False, help="0: the wage stays."
    )
    reason = fields.Text(help="Why this person, for those who decide.")
    conditions = fields.Json(string="Conditions (Data)", readonly=True, copy=False)
    explanation = fields.Text(string="Conditions", compute="_compute_explanation")
    requester_id = fields.Many2one(string="Proposed By")
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
        copy=False,
        index=True,
        tracking=True,
    )
    decision_ids = fields.One2many(
        "bsc.promotion.decision",
        "promotion_id",
        readonly=True,
        groups="base.group_user",
    )
    decider_ids = fields.Many2many(
        "res.users",
        "bsc_promotion_decider_rel",
        "promotion_id",
        "user_id",
        string="Asked to Decide",
        readonly=True,
        copy=False,
    )
    version_id = fields.Many2one(
        "hr.version",
        string="New Version of the Employee",
        readonly=True,
        copy=False,
        ondelete="set null",
        groups="hr.group_hr_user",
    )
    applied_date = fields.Datetime(string="Applied On", readonly=True, copy=False)
    applied_by_id = fields.Many2one("res.users", readonly=True, copy=False)

    _wage_positive = models.Constraint(
        "CHECK (wage IS NULL OR wage BETWEEN 0 AND 1000000000)",
        "A wage is not negative and below a thousand million.",
    )
    _version_uniq = models.UniqueIndex(
        "(version_id)", "Another promotion made this version of the employee."
    )
    _open_uniq = models.UniqueIndex(
        "(employee_id) WHERE state IN ('draft', 'submitted', 'approved')",
        "A promotion of this person is under way already.",
    )

    @api.depends("employee_id.name", "job_id.name")
    def _compute_name(self):
        for promotion in self:
            person, post = promotion.employee_id.name, promotion.job_id.name
            promotion.name = f"{person or ''} → {post or ''}"

    @api.depends("name")
    def _compute_display_name(self):
        for promotion in self:
            promotion.display_name = promotion.name

    @api.depends("conditions")
    @api.depends_context("lang")
    def _compute_explanation(self):
        describe = self.env["bsc.promotion.rule"]._describe
        for promotion in self:
            promotion.explanation = describe(promotion.conditions)

    @api.model_create_multi
    def create(self, vals_list):
        promotions = super().create(vals_list)
        promotions._check_not_own()
        for promotion_sudo in promotions.sudo():  # reads results and versions
            promotion_sudo._examine()
        return promotions

    def write(self, vals):
        if not self.env.su:
            self._check_may_write(vals)
        res = super().write(vals)
        if not self.env.su and vals.keys() & {"job_id", "date_effective"}:
            for promotion_sudo in self.sudo():  # reads results and versions
                promotion_sudo._examine()
        return res

    def copy(self, default=None):  # pylint: disable=method-required-super
        raise UserError(self.env._("Propose another promotion from the list."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if self.filtered(lambda one: one.state != "draft" or one.revision):
            raise UserError(
                self.env._("Only proposals that were never submitted can be deleted.")
            )

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in self._PROTECTED and not self.env.su:
            return False
        if (
            operation == "write"
            and field.name in self._IDENTITY
            and not self.env.su
            and any(self._ids)
        ):
            return False
        return super()._has_field_access(field, operation)

    def _message_subscribe(self, partner_ids=None, subtype_ids=None, customer_ids=None):
        """Nobody follows a promotion but who proposed it."""
        for promotion in self:
            people = promotion.requester_id | promotion.submitter_id
            allowed = set(people.partner_id.ids) & set(partner_ids or ())
            super(BscPromotion, promotion)._message_subscribe(
                sorted(allowed), subtype_ids, customer_ids
            )
        return True

    def _get_document(self):
        return self.scorecard_id

    def _check_not_own(self):
        for promotion in self:
            if not self.env.su and promotion.user_id == self.env.user:
                raise UserError(self.env._("Nobody proposes his own promotion."))

    def _check_may_write(self, vals):
        content = set(vals) - {
            *self.env["mail.thread"]._fields,
            *self.env["mail.activity.mixin"]._fields,
        }
        if content and self.filtered(lambda one: one.state != "draft"):
            raise UserError(
                self.env._("It was submitted: cancel it and propose it anew.")
            )
