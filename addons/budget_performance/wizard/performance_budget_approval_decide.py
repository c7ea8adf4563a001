from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class PerformanceBudgetApprovalDecide(models.TransientModel):
    """Asks what has to be said with a decision: why, or who decides instead."""

    _name = "performance.budget.approval.decide"
    _description = "Decide on a Budget Request"

    res_model = fields.Selection(
        [
            ("performance.budget.adjustment", "Adjustment"),
            ("performance.budget.round", "Budget Round"),
        ],
        string="Kind of Request",
        required=True,
    )
    res_id = fields.Many2oneReference(
        string="Request", model_field="res_model", required=True
    )
    decision = fields.Selection(
        [
            ("refused", "Refuse"),
            ("returned", "Send back"),
            ("forwarded", "Forward"),
        ],
        required=True,
    )
    comment = fields.Text(string="Reason")
    user_id = fields.Many2one(
        "res.users",
        string="Forward To",
        domain=lambda self: [
            ("share", "=", False),
            (
                "all_group_ids",
                "in",
                self.env.ref("budget_performance.group_budget_owner").ids,
            ),
        ],
    )

    @api.constrains("comment", "decision")
    def _check_comment(self):
        for wizard in self:
            if wizard.decision != "forwarded" and not (wizard.comment or "").strip():
                raise ValidationError(self.env._("Say why: who asked is told."))

    def action_confirm(self):
        """Decide with what was entered; the rights are those of the request."""
        self.ensure_one()
        request = self.env[self.res_model].browse(self.res_id).exists()
        if not request:
            raise UserError(self.env._("This request was deleted since."))
        if self.decision == "refused":
            request._decide("refused", self.comment)
        elif self.decision == "returned":
            request._return(self.comment)
        elif not self.user_id:
            raise UserError(self.env._("Name who decides instead of you."))
        else:
            request._forward(self.user_id, self.comment)
        return {"type": "ir.actions.act_window_close"}
