from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.scorecard_guards import Target, missing_contribution, over_capacity
from .bsc_indicator_scoring import DIRECTIONS
from .bsc_limits_mixin import RANGE


class BscScorecardLine(models.Model):
    """The target of a line: proposed in rounds until both sides accept it.

    =============  =================================================================
    Target is      It counts
    =============  =================================================================
    open           no, nobody named one
    superior       no, the superior proposed it: the subject's turn
    subordinate    no, the subject proposed it: the superior's turn
    agreed         yes, both accepted
    decided        yes, the appraisal manager decided, with a recorded reason
    =============  =================================================================

    Typing a target on a draft is a proposal. Where nobody speaks for the subject (the
    company, a post) the superior's word is the agreement.
    """

    _inherit = "bsc.scorecard.line"

    target = fields.Float(digits=(16, 4), copy=False)
    target_status = fields.Selection(
        [
            ("open", "Undecided"),
            ("superior", "Proposed from above"),
            ("subordinate", "Proposed from below"),
            ("agreed", "Agreed"),
            ("decided", "Decided"),
        ],
        string="Target Is",
        required=True,
        default="open",
        copy=False,
    )
    has_target = fields.Boolean(compute="_compute_has_target")
    proposal_ids = fields.One2many(
        "bsc.target.proposal", "line_id", string="Consultation"
    )
    target_ids = fields.One2many("bsc.target", "line_id", string="Target History")
    change_ids = fields.One2many(
        "bsc.target.change", "line_id", string="Change Requests"
    )
    can_accept = fields.Boolean(compute="_compute_can_accept")
    over_capacity = fields.Float(
        string="Above Capacity (%)",
        digits=(16, 2),
        compute="_compute_over_capacity",
    )
    # Names and shares of the lines above and below are shown, not their records.
    serves = fields.Char(
        string="Line Above", compute="_compute_cascade", compute_sudo=True
    )
    served_total = fields.Float(
        string="Targets Below",
        digits=(16, 4),
        compute="_compute_cascade",
        compute_sudo=True,
        help="What the lines that serve this one promise together.",
    )
    served_gap = fields.Float(
        string="Not Covered Below",
        digits=(16, 4),
        compute="_compute_cascade",
        compute_sudo=True,
    )
    parent_share = fields.Float(
        string="Share of Target Above (%)",
        digits=(16, 2),
        compute="_compute_cascade",
        compute_sudo=True,
    )

    @api.depends("target_status")
    def _compute_has_target(self):
        for line in self:
            line.has_target = line.target_status != "open"

    @api.depends("target_status", "scorecard_id.state")
    @api.depends_context("uid")
    def _compute_can_accept(self):
        for line in self:
            line.can_accept = not line._get_cannot_accept_reason()

    @api.depends("target", "capacity", "target_status", "indicator_id.direction")
    def _compute_over_capacity(self):
        for line in self:
            line.over_capacity = over_capacity(line._as_guarded()) or 0.0

    @api.depends(
        "target",
        "target_status",
        "parent_line_id.target",
        "parent_line_id.indicator_id",
        "child_line_ids.target",
        "child_line_ids.target_status",
    )
    def _compute_cascade(self):
        for line in self:
            parent, parts = line.parent_line_id, line._get_parts()
            names = [parent.indicator_id.display_name, parent.scorecard_id.name]
            line.serves = " · ".join(names) if parent else False
            is_sum = parent.indicator_id.aggregation == "sum"
            line.parent_share = (
                100 * line.target / parent.target if is_sum and parent.target else 0.0
            )
            line.served_total = sum(parts)
            line.served_gap = missing_contribution(line.target, parts) if parts else 0.0

    def action_accept_target(self):
        """Accept what the other side proposed.

        :raise UserError: it is not your turn
        """
        for line in self:
            reason = line._get_cannot_accept_reason()
            if reason:
                message = f"{line.indicator_id.display_name}\n- {reason}"
                raise UserError(message)
        for line in self:
            line._find_pending_proposal()._do_accept()

    def action_open_consultation(self):
        """Open the rounds about this target, and the form for the next one."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "bsc_appraisal.bsc_target_proposal_action"
        )
        return {
            **action,
            "domain": [("line_id", "=", self.id)],
            "context": self._prepare_defaults(),
        }

    def action_request_change(self):
        """Open the form that asks for another target after the agreement."""
        self.ensure_one()
        if self.card_state == "draft":
            raise UserError(
                self.env._("The target is not agreed yet: propose another one.")
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Request Another Target"),
            "res_model": "bsc.target.change",
            "view_mode": "form",
            "target": "new",
            "context": {**self._prepare_defaults(), "dialog_size": "medium"},
        }

    def _get_parts(self) -> list[float]:
        """Return the targets of the lines below, where they add up."""
        if self.indicator_id.aggregation != "sum":
            return []
        return [
            child.target
            for child in self.child_line_ids
            if child.indicator_id.aggregation == "sum" and child.has_target
        ]

    def _prepare_defaults(self) -> dict:
        """Return the context in which a form starts from what counts now."""
        return {
            "default_line_id": self.id,
            "default_value": self.target,
            **{f"default_{name}": self[name] for name in RANGE},
        }

    def _as_guarded(self) -> Target:
        return Target(
            self.perspective_id.id,
            self.weight,
            self.target if self.has_target else None,
            self.capacity or None,
            DIRECTIONS.get(self.indicator_id.direction, 0),
            self.id,
        )

    def _get_side(self, user) -> str | None:
        """Return the side a user takes about this line, None for strangers."""
        card = self.scorecard_id
        if user == card.responsible_id:
            return "subordinate"
        is_officer = user.has_group("bsc_appraisal.group_appraisal_officer")
        return "superior" if user == card.appraiser_id or is_officer else None

    def _get_cannot_accept_reason(self) -> str:
        side = self._get_side(self.env.user)
        if self.card_state != "draft":
            return self.env._("The scorecard was agreed already.")
        if self.target_status not in ("superior", "subordinate"):
            return self.env._("No proposal waits for an answer.")
        if side is None or self.target_status == side:
            return self.env._("The answer is the other side's.")
        return ""

    def _find_pending_proposal(self, materialise=True):
        """Return the proposal that waits.

        :param materialise: make a proposal of a target that was taken over
        """
        # sudo: both sides see the rounds of a line they can see
        line_sudo = self.sudo()
        pending = line_sudo.proposal_ids.filtered(lambda one: one.answer == "pending")
        is_taken_over = self.target_status in ("superior", "subordinate")
        if pending or not materialise or not is_taken_over:
            return pending
        return line_sudo.proposal_ids.create(
            {
                "line_id": self.id,
                "value": self.target,
                **self._get_limits(),
                "side": self.target_status,
                "reason": self.env._("Taken over from the post or the previous cycle."),
            }
        )

    def _enter_target(self, values):
        """Take the target, or the limits, typed on the scorecard as a proposal."""
        is_range = self.calculation == "range"
        names = RANGE if is_range else ("target",)
        typed = {name: values[name] for name in names if name in values}
        present = {name: self[name] for name in typed}
        if not typed or (self.target_status != "open" and present == typed):
            return
        proposed = (
            {**self._get_limits(), **typed} if is_range else {"value": typed["target"]}
        )
        self.env["bsc.target.proposal"].create({"line_id": self.id, **proposed})

    def _set_target(self, value, status, limits=None, **record):
        """Make a value the target; when it counts, keep it in the dated history.

        :param limits: the limits of a range, which are agreed in the target's place
        :param record: further values of the history row
        """
        # The fields are closed to every client; who may was checked by the callers.
        line_sudo = self.sudo()
        if self.calculation != "range":
            limits = {}
        line_sudo.write({"target": value, "target_status": status, **(limits or {})})
        if status in ("agreed", "decided"):
            # sudo: kept by the system only, whoever agrees
            self.env["bsc.target"].sudo().create(
                {
                    "line_id": self.id,
                    "value": value,
                    "limits": line_sudo._describe_range() if limits else False,
                    "date_effective": self.cycle_id.date_from,
                    "origin": status,
                    "user_id": self.env.uid,
                    **record,
                }
            )

    def _prepare_target_copy(self) -> dict:
        is_range = self.calculation == "range" and any(self._get_limits().values())
        if not self.has_target and not is_range:
            return {}
        return {"target": self.target, "target_status": "superior"}
