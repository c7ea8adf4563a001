from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PerformanceBudgetProposalReturn(models.TransientModel):
    """Asks why it is sent back: to a department, or from the levels to finance."""

    _name = "performance.budget.proposal.return"
    _description = "Send a Budget Proposal Back"
    _rec_name = "round_id"

    round_id = fields.Many2one(
        "performance.budget.round", required=True, readonly=True, ondelete="cascade"
    )
    proposal_id = fields.Many2one(
        "performance.budget.proposal",
        readonly=True,
        ondelete="cascade",
        help="Empty: the levels send the whole round back to finance.",
    )
    line_ids = fields.Many2many(
        "performance.budget.proposal.line",
        "performance_budget_proposal_return_line_rel",
        "return_id",
        "line_id",
        string="Lines to Change",
        domain="[('proposal_id', '=', proposal_id)]",
        help="Empty: all of the proposal.",
    )
    reason = fields.Text(required=True)

    @api.constrains("reason")
    def _check_reason(self):
        for wizard in self:
            if not (wizard.reason or "").strip():
                raise ValidationError(
                    self.env._("Say what has to change: who planned it is told.")
                )

    @api.model
    def _open(self, budget_round, proposal=None):
        """Return the action that asks for the reason."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "budget_performance.performance_budget_proposal_return_action"
        )
        return {
            **action,
            "context": {
                "default_round_id": budget_round.id,
                "default_proposal_id": proposal.id if proposal else False,
            },
        }

    def action_confirm(self):
        """Send it back; the rights are those of the round."""
        self.ensure_one()
        if not self.proposal_id:
            self.round_id._decide("refused", self.reason)
            return {"type": "ir.actions.act_window_close"}
        lines = self.line_ids & self.proposal_id.line_ids
        return self.proposal_id._return(self.reason, lines)._get_records_action()
