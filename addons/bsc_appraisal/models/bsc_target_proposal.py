from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .bsc_limits_mixin import RANGE


class BscTargetProposal(models.Model):
    """One round about a target: who proposes what, why, and what it needs.

    ============  ==================================================================
    Side          Who may take it
    ============  ==================================================================
    subordinate   who speaks for the subject of the scorecard
    superior      the appraiser, or an appraisal officer
    decision      an appraisal manager who is neither, once the deadline has passed
    ============  ==================================================================

    A proposal answers the one before it (countered); accepted by the other side, it is
    the target. A decision needs a reason and stays in the rounds like every other word.
    Nothing is changed or deleted afterwards.
    """

    _name = "bsc.target.proposal"
    _description = "Target Proposal"
    _inherit = ["bsc.finite.mixin", "bsc.limits.mixin"]
    _order = "line_id, id desc"
    _rec_name = "line_id"
    _FINITE = ("value", "resource_amount", *RANGE)

    # What a person writes into a round; all the rest follows from who and when.
    _OPEN = frozenset(
        {
            "line_id",
            "value",
            *RANGE,
            "reason",
            "budget_line_id",
            "resource_amount",
            "resource_note",
            "is_decision",
        }
    )

    _ANSWER = frozenset({"answer", "answered_by", "date_answered"})

    line_id = fields.Many2one(
        "bsc.scorecard.line", required=True, index=True, ondelete="cascade"
    )
    scorecard_id = fields.Many2one(
        related="line_id.scorecard_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="line_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    calculation = fields.Selection(related="line_id.calculation", related_sudo=True)
    round = fields.Integer(compute="_compute_round")
    side = fields.Selection(
        [
            ("superior", "Superior"),
            ("subordinate", "Subject"),
            ("decision", "Decision"),
        ],
        readonly=True,
        required=True,
    )
    is_decision = fields.Boolean(
        string="Decide",
        store=False,
        help="End the rounds: for appraisal managers, after the deadline.",
    )
    value = fields.Float(string="Proposed Target", digits=(16, 4), required=True)
    limits_text = fields.Char(string="Proposed Limits", compute="_compute_limits_text")
    reason = fields.Text()
    budget_line_id = fields.Many2one(
        "performance.budget.line",
        string="Needed From",
        check_company=True,
        index="btree_not_null",
        help="The budget line that would have to pay for what the target needs.",
    )
    resource_amount = fields.Monetary(string="Amount Needed")
    resource_note = fields.Char(string="Resources Needed")
    user_id = fields.Many2one(
        "res.users", string="Proposed By", readonly=True, required=True
    )
    date = fields.Datetime(readonly=True, required=True, default=fields.Datetime.now)
    answer = fields.Selection(
        [
            ("pending", "Waiting"),
            ("accepted", "Accepted"),
            ("countered", "Countered"),
            ("final", "Final"),
        ],
        readonly=True,
        required=True,
        default="pending",
    )
    answered_by = fields.Many2one("res.users", readonly=True)
    date_answered = fields.Datetime(readonly=True)

    _one_pending = models.UniqueIndex(
        "(line_id) WHERE answer = 'pending'",
        "Another proposal for this target came in at the same moment: read it first.",
    )
    _finite = models.Constraint(
        "CHECK (value > -1e15 AND value < 1e15 AND COALESCE(resource_amount, 0) >= 0)",
        "A target is a number of reasonable size; what it needs is zero or more.",
    )

    @api.depends("line_id.proposal_ids")
    def _compute_round(self):
        for proposal in self:
            rounds = proposal.line_id.proposal_ids.sorted("id").ids
            proposal.round = (
                rounds.index(proposal.id) + 1 if proposal.id in rounds else 0
            )

    @api.depends("calculation", *RANGE)
    @api.depends_context("lang")
    def _compute_limits_text(self):
        for proposal in self:
            is_range = proposal.calculation == "range"
            proposal.limits_text = proposal._describe_range() if is_range else False

    @api.constrains(*RANGE)
    def _check_limits(self):
        for proposal in self.filtered(lambda one: one.calculation == "range"):
            proposal._check_range(proposal.line_id.indicator_id)

    @api.model_create_multi
    def create(self, vals_list):
        prepared = []
        for vals in vals_list:
            line = self.env["bsc.scorecard.line"].browse(vals.get("line_id"))
            prepared.append({**vals, **self._prepare_round(line, vals)})
            is_taken_over = "side" in vals
            pending = line._find_pending_proposal(materialise=not is_taken_over)
            pending._answer("countered", self.env.user)
        # The rest of a round is closed to clients and was derived here.
        proposals_sudo = super(BscTargetProposal, self.sudo()).create(prepared)
        for proposal in proposals_sudo:
            proposal._do_propose()
        return proposals_sudo.sudo(False)

    def write(self, vals):
        if not self.env.su or vals.keys() - self._ANSWER:
            raise UserError(
                self.env._(
                    "A round stays as it was said: answer with another proposal."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if any(proposal.line_id.card_state != "draft" for proposal in self):
            raise UserError(self.env._("The rounds about a target are kept."))

    def _has_field_access(self, field, operation):
        if operation == "write" and not self.env.su and field.store:
            if field.name not in self._OPEN:
                return False
        return super()._has_field_access(field, operation)

    def _prepare_round(self, line, vals) -> dict:
        """Return side, number and author of a round.

        :raise AccessError: by somebody who has no say about this line
        :raise ValidationError: closed, twice the same side's turn is fine, no reason
        """
        if not self.env.su:
            closed = vals.keys() - self._OPEN
            if closed:
                raise AccessError(
                    self.env._("Only the proposal itself is yours to write.")
                )
        line.check_access("read")
        if line.card_state != "draft":
            raise ValidationError(
                self.env._(
                    "“%s” was agreed: request a change of the target instead.",
                    line.scorecard_id.display_name,
                )
            )
        line._check_is_agreed()
        side = vals.get("side") if self.env.su else None
        if not side:
            side = self._find_side(line, vals)
        return {
            "side": side,
            "user_id": self.env.uid,
            "answer": "pending",
            **({"value": 0.0} if line.calculation == "range" else {}),
        }

    def _find_side(self, line, vals):
        if vals.get("is_decision"):
            self._check_can_decide(line, vals)
            return "decision"
        side = line._get_side(self.env.user) or ("superior" if self.env.su else None)
        if side is None:
            raise AccessError(
                self.env._(
                    "The target of “%s” is agreed between the subject and the"
                    " appraiser.",
                    line.scorecard_id.display_name,
                )
            )
        return side

    def _check_can_decide(self, line, vals):
        card = line.scorecard_id
        user = self.env.user
        is_manager = user.has_group("bsc_appraisal.group_appraisal_manager")
        if not is_manager or user in (card.responsible_id | card.appraiser_id):
            raise AccessError(
                self.env._(
                    "A target is decided by an appraisal manager who is neither the"
                    " subject nor the appraiser."
                )
            )
        if card.cycle_id.date_plan_end >= fields.Date.context_today(self):
            raise ValidationError(
                self.env._(
                    "Both sides have until %s to agree.", card.cycle_id.date_plan_end
                )
            )
        if not (vals.get("reason") or "").strip():
            raise ValidationError(self.env._("Say why you decide so."))

    def _do_propose(self):
        """Let the proposal answer the one before it, and tell whose turn it is."""
        line, card = self.line_id, self.scorecard_id
        is_alone = not card.responsible_id or not card.appraiser_id
        if self.side == "decision":
            self._answer("final", self.user_id)
            self._set_target("decided")
        elif is_alone and self.side == "superior":
            self._do_accept()
        else:
            line._set_target(self.value, self.side, self._get_limits())
            card._remind_turn()

    def _do_accept(self):
        self._answer("accepted", self.env.user)
        self._set_target("agreed")
        self.scorecard_id._remind_turn()

    def _answer(self, answer, user):
        if self:
            # closed to clients: the answer is the one thing that comes later
            self.sudo().write(
                {
                    "answer": answer,
                    "answered_by": user.id,
                    "date_answered": fields.Datetime.now(),
                }
            )
            # before the next round is inserted: one proposal waits at a time
            self.flush_recordset(["answer"])

    def _set_target(self, status):
        self.line_id._set_target(
            self.value,
            status,
            self._get_limits(),
            reason=self.reason,
            proposal_id=self.id,
            user_id=self.user_id.id,
        )
