from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .bsc_bonus import PAY


class BscRaiseBatch(models.Model):
    """Raises or bonuses of many people, out of one pool, decided and applied together.

    ===========  ==========================  ==========================================
    Action       Who                         Restriction
    ===========  ==========================  ==========================================
    Simulate     HR manager                  draft or simulated
    Submit       HR manager                  the pool's line has the money: reserved
    Approve      HR manager of the level     neither asks nor gets something himself
    Refuse       the same                    with a reason; the money is free again
    Apply        HR manager                  approved; in steps, each raise once
    Reverse      HR manager                  applied; what was paid stays
    ===========  ==========================  ==========================================

    Only HR managers see batches: whoever knows totals of few people knows their pay.

    The pool is charged with what the raises cost until its budget ends: the sum of the
    monthly raises in each month from the effective date on, lump sums and bonuses in
    the first. So the pool divided by these months is what the monthly raises are cut
    to, to the cent.
    """

    _name = "bsc.raise.batch"
    _description = "Raises and Bonuses"
    _inherit = [
        "performance.budget.approval.submission",
        "performance.budget.document",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date_effective desc, id desc"
    _check_company_auto = True

    _PROTECTED = frozenset(
        {
            "state",
            "revision",
            "requester_id",
            "submitter_id",
            "decision_ids",
            "factor",
            "months",
            "date_reversed",
        }
    )
    # What may be written after the batch was submitted.
    _ALWAYS = frozenset({"name"})

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [("raise", "Raise"), ("bonus", "Bonus")],
        required=True,
        default="raise",
        help="Raises change the wage from that day on, bonuses are paid once.",
    )
    cycle_id = fields.Many2one(
        "bsc.cycle",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        domain=[("published_date", "!=", False)],
        help="Its published ratings count.",
    )
    policy_id = fields.Many2one(
        "bsc.raise.policy",
        required=True,
        check_company=True,
        ondelete="restrict",
        domain="[('kind', '=', kind), ('company_id', 'in', (False, company_id))]",
    )
    department_ids = fields.Many2many(
        "hr.department",
        "bsc_raise_batch_department_rel",
        "batch_id",
        "department_id",
        string="Departments",
        check_company=True,
        help="With those below them. Empty: everybody in the company.",
    )
    date_effective = fields.Date(
        string="Effective On",
        required=True,
        default=lambda self: fields.Date.start_of(
            fields.Date.add(fields.Date.today(), months=1), "month"
        ),
    )
    budget_line_id = fields.Many2one(
        "performance.budget.line",
        string="Paid From",
        check_company=True,
        index=True,
        ondelete="restrict",
        domain="[('is_pay_pool', '=', True), ('state', '=', 'approved'),"
        " ('date_from', '<=', date_effective), ('date_to', '>=', date_effective)]",
        help="The budget line that the money comes from. Finance marks the lines that"
        " pay raises and bonuses.",
    )
    pool_amount = fields.Monetary(
        string="Pool",
        required=True,
        groups=PAY,
        help="What all raises together may cost until the end of the budget. More than"
        " the line has left is refused.",
    )
    reason = fields.Text(string="Note to the Deciders")
    requester_id = fields.Many2one(string="Prepared By")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("simulated", "Simulated"),
            ("submitted", "Submitted"),
            ("approved", "Approved"),
            ("applying", "Being Applied"),
            ("applied", "Applied"),
            ("reversing", "Being Reversed"),
            ("reversed", "Reversed"),
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
    months = fields.Integer(
        string="Months Paid",
        readonly=True,
        copy=False,
        help="From the effective date to the end of the budget.",
    )
    factor = fields.Float(
        digits=(12, 8),
        readonly=True,
        copy=False,
        groups=PAY,
        help="By what the percentages of the grid were multiplied to fit the pool.",
    )
    date_reversed = fields.Date(string="Reversed From", readonly=True, copy=False)
    line_ids = fields.One2many("bsc.raise", "batch_id", string="People")
    decision_ids = fields.One2many("bsc.raise.decision", "batch_id", readonly=True)

    _pool_not_negative = models.Constraint(
        "CHECK (pool_amount >= 0)", "A pool cannot be negative."
    )

    @api.constrains("policy_id", "kind")
    def _check_policy(self):
        for batch in self:
            if batch.policy_id.kind != batch.kind:
                raise ValidationError(
                    self.env._(
                        "“%s” is not a policy for this kind: choose another.",
                        batch.policy_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not self.env.su and vals.get("state", "draft") != "draft":
                raise UserError(self.env._("Raises begin as a draft."))
        return super().create(vals_list)

    def write(self, vals):
        content = vals.keys() - self._ALWAYS - self._get_social_fields()
        if content and not self.env.su:
            self._check_state("draft", "simulated")
            if content - {"reason", "line_ids"}:
                # What was simulated was another batch.
                self.filtered(lambda one: one.state == "simulated")._reset_sudo()
        return super().write(vals)

    def copy(self, default=None):
        copies = super().copy(default)
        for batch, one in zip(self, copies, strict=True):
            one.name = self.env._("%s (copy)", batch.name)
        return copies

    @api.ondelete(at_uninstall=False)
    def _unlink_except_kept(self):
        if self.filtered(
            lambda one: one.revision or one.state not in ("draft", "simulated")
        ):
            raise UserError(
                self.env._("Only drafts that were never submitted can be deleted.")
            )

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in self._PROTECTED and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    @api.model
    def _get_social_fields(self):
        return {
            *self.env["mail.thread"]._fields,
            *self.env["mail.activity.mixin"]._fields,
        }

    def _check_state(self, *states):
        """:raise UserError: a batch is in none of these states"""
        labels = dict(self._fields["state"]._description_selection(self.env))
        for batch in self:
            if batch.state not in states:
                raise UserError(
                    self.env._(
                        "“%(batch)s” is “%(state)s”; this starts from: %(sources)s.",
                        batch=batch.name,
                        state=labels[batch.state],
                        sources=", ".join(labels[state] for state in states),
                    )
                )

    def _check_hr_manager(self):
        """:raise AccessError: the person is no HR manager"""
        self.check_access("write")

    def _reset_sudo(self):
        self.sudo().state = "draft"  # protected; whoever may write may reset

    def action_open_lines(self):
        """Open the people of the batch."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "bsc_appraisal.bsc_raise_action"
        )
        return {
            **action,
            "domain": [("batch_id", "=", self.id)],
            "context": {"search_default_group_by_department": 1},
        }
