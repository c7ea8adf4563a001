from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .bsc_limits_mixin import RANGE


class BscTargetChange(models.Model):
    """A request for another target after the agreement.

    ==========  ======================================================================
    Action      Who
    ==========  ======================================================================
    request     the subject, the appraiser, an appraisal officer
    approve     an appraisal manager, or the appraiser; never who asked, never the
                subject
    refuse      the same
    take back   who asked
    ==========  ======================================================================

    Approved, it adds a dated target; who is concerned is told. ``_apply`` is the hook
    by which another approved document carries a target along with its own effect: a
    budget adjustment creates the request and calls ``_apply`` in the transaction that
    moves the money, so that both happen or neither. Nobody is asked a second time.

    Alone it cannot ask for much more than was assessed as possible: what is possible
    rises with the money, and so in an adjustment.
    """

    _name = "bsc.target.change"
    _description = "Target Change"
    _inherit = [
        "bsc.finite.mixin",
        "bsc.limits.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _rec_name = "line_id"
    _FINITE = ("value", "capacity", *RANGE)

    _PROTECTED = frozenset(
        {
            "state",
            "requester_id",
            "decided_by",
            "date_decided",
            "old_value",
            "old_limits",
            "old_capacity",
            "capacity",
            "refusal",
            "adjustment_id",
        }
    )

    line_id = fields.Many2one(
        "bsc.scorecard.line", required=True, index=True, ondelete="restrict"
    )
    scorecard_id = fields.Many2one(
        related="line_id.scorecard_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="line_id.company_id", store=True, precompute=True, index=True
    )
    old_value = fields.Float(string="Present Target", digits=(16, 4), readonly=True)
    old_limits = fields.Char(string="Present Limits", readonly=True)
    old_capacity = fields.Float(string="Capacity Before", digits=(16, 4), readonly=True)
    capacity = fields.Float(
        string="Assessed Capacity",
        digits=(16, 4),
        readonly=True,
        help="What the subject can reach with what it has. It changes together with"
        " the money, in a budget adjustment.",
    )
    calculation = fields.Selection(related="line_id.calculation", related_sudo=True)
    value = fields.Float(string="New Target", digits=(16, 4), required=True)
    date_effective = fields.Date(
        string="Counts From",
        required=True,
        default=fields.Date.context_today,
        help="Earlier days keep the target that counted then.",
    )
    reason = fields.Text(required=True)
    refusal = fields.Char(string="Why Refused", readonly=True)
    requester_id = fields.Many2one("res.users", string="Requested By", readonly=True)
    decided_by = fields.Many2one("res.users", readonly=True)
    date_decided = fields.Datetime(readonly=True)
    adjustment_id = fields.Many2one(
        "performance.budget.adjustment",
        string="Budget Adjustment",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The adjustment that changed the target together with the budget.",
    )
    state = fields.Selection(
        [
            ("requested", "Requested"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="requested",
        readonly=True,
        index=True,
        copy=False,
        tracking=True,
    )
    can_decide = fields.Boolean(compute="_compute_can_decide")

    _finite = models.Constraint(
        "CHECK (value > -1e15 AND value < 1e15)",
        "A target is a number of reasonable size.",
    )
    _one_open = models.UniqueIndex(
        "(line_id) WHERE state = 'requested'",
        "Another request for this target waits for its decision.",
    )

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        for change in self:
            change.can_decide = not change._get_cannot_decide_reason()

    @api.constrains("date_effective", "reason", *RANGE)
    def _check_request(self):
        for change in self:
            if change.calculation == "range":
                change._check_range(change.line_id.indicator_id)
            change.line_id.cycle_id._check_target_day(change.date_effective)
            if not (change.reason or "").strip():
                raise ValidationError(self.env._("Say why the target has to change."))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            line = self.env["bsc.scorecard.line"].browse(vals.get("line_id"))
            self._check_can_request(line)
            line._check_is_agreed()
            if line.calculation == "range":
                vals["value"] = 0.0
            if not self.env.su and self._PROTECTED & vals.keys():
                raise AccessError(self.env._("The state of a request is not yours."))
        changes = super().create(vals_list)
        for change in changes:
            # closed to clients: who asks, and what the target was
            change_sudo = change.sudo()
            change_sudo.old_value = change.line_id.target
            change_sudo.old_limits = change.line_id.limits_text
            change_sudo.old_capacity = change.line_id.capacity
            if not change_sudo.adjustment_id:
                change_sudo.capacity = change.line_id.capacity
                change_sudo.requester_id = self.env.user
                change_sudo._ask()
        return changes

    def write(self, vals):
        asked = {"line_id", "value", "date_effective", *RANGE}
        if not self.env.su and asked & vals.keys():
            raise UserError(self.env._("Take the request back and make another one."))
        return super().write(vals)

    def copy(self, default=None):  # pylint: disable=method-required-super
        raise UserError(self.env._("Make a new request from the scorecard."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Requests are kept: take it back instead."))

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in self._PROTECTED and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def action_approve(self):
        """Approve: the new target counts from its day on."""
        self._check_can_decide()
        for change in self:
            change._apply()

    def action_refuse(self):
        """Refuse; the target stays."""
        self._check_can_decide()
        for change in self:
            change._finish("refused")
            change._tell(self.env._("The target stays as it is."))

    def action_cancel(self):
        """Take back your own request."""
        for change in self:
            if change.state != "requested" or change.requester_id != self.env.user:
                raise UserError(
                    self.env._("Only an open request can be taken back, by who asked.")
                )
            change._finish("cancelled")

    def _check_can_request(self, line):
        line.check_access("read")
        if line.card_state != "agreed":
            raise ValidationError(
                self.env._(
                    "“%s” is not agreed or already final: there is no target to"
                    " change.",
                    line.scorecard_id.display_name,
                )
            )
        if not self.env.su and line._get_side(self.env.user) is None:
            raise AccessError(
                self.env._("Only the subject, the appraiser or HR ask for a change.")
            )

    def _check_can_decide(self):
        for change in self:
            reason = change._get_cannot_decide_reason()
            if reason:
                message = f"{change.display_name}\n- {reason}"
                raise UserError(message)

    def _get_cannot_decide_reason(self) -> str:
        user, card = self.env.user, self.scorecard_id
        if self.state != "requested":
            return self.env._("It is decided already.")
        if user == self.requester_id:
            return self.env._("Nobody decides his own request.")
        if user == card.responsible_id:
            return self.env._("Nobody decides about his own target.")
        if card.state != "agreed":
            return self.env._("The score is final.")
        is_manager = user.has_group("bsc_appraisal.group_appraisal_manager")
        if not is_manager and user != card.appraiser_id:
            return self.env._("The appraiser or an appraisal manager decides.")
        return ""

    def _apply(self):
        """Make the requested target count from its day on, and tell who is concerned.

        For approved documents only: rights are the caller's to check.

        :raise UserError: not open any more, so that nothing is applied twice
        """
        self.ensure_one()
        if self.state != "requested":
            raise UserError(self.env._("This request is decided already."))
        self._finish("approved")
        if self.adjustment_id:
            # closed to clients once the card was agreed: it comes with the money
            self.line_id.sudo().capacity = self.capacity
        self.line_id._set_target(
            self.value,
            "agreed",
            self._get_limits(),
            origin="change",
            date_effective=self.date_effective,
            reason=self.reason,
            change_id=self.id,
        )
        self._tell(self.env._("The target changes as requested."))

    def _finish(self, state):
        # closed to clients; rights were checked by the actions
        self.sudo().write(
            {
                "state": state,
                "decided_by": self.env.uid,
                "date_decided": fields.Datetime.now(),
            }
        )
        # sudo: tasks of others; the rights were checked above
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])

    def _ask(self):
        card = self.scorecard_id
        decider = card.appraiser_id - self.requester_id or card.cycle_id.responsible_id
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=decider.id,
            summary=self.env._("Decide on another target"),
            note=self.reason,
        )

    def _tell(self, body):
        """Tell the subject, the appraiser, who asked, and those above and below."""
        # sudo: who is concerned need not be seen by who decides
        line_sudo = self.sudo().line_id
        lines = line_sudo | line_sudo.parent_line_id | line_sudo.child_line_ids
        cards = lines.scorecard_id
        # sudo: as above
        users = cards.responsible_id | cards.appraiser_id | self.sudo().requester_id
        # sudo: as above
        self.sudo().message_notify(
            body=body,
            subject=self.display_name,
            partner_ids=(users - self.env.user).partner_id.ids,
        )
