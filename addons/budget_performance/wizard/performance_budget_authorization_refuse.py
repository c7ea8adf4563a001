from odoo import fields, models


class PerformanceBudgetAuthorizationRefuse(models.TransientModel):
    """Asks why an authorisation is refused: who asked is told."""

    _name = "performance.budget.authorization.refuse"
    _description = "Refuse a Budget Authorisation"

    authorization_ids = fields.Many2many(
        "performance.budget.authorization",
        relation="performance_budget_authorization_refuse_rel",
        required=True,
    )
    comment = fields.Text(string="Reason", required=True)

    def action_refuse(self):
        """Refuse with the reason given; the rights are those of the request."""
        self.authorization_ids._decide("refused", self.comment)
        return {"type": "ir.actions.act_window_close"}
