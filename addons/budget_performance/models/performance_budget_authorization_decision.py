from odoo import fields, models


class PerformanceBudgetAuthorizationDecision(models.Model):
    """One decision on an authorisation: written once, never changed."""

    _name = "performance.budget.authorization.decision"
    _description = "Budget Authorisation Decision"
    _inherit = ["performance.budget.decision"]
    _log_access = False
    _rec_name = "decision"

    authorization_id = fields.Many2one(
        "performance.budget.authorization",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    level_id = fields.Many2one(
        "performance.budget.authorization.level",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    line_id = fields.Many2one(
        "performance.budget.line", readonly=True, ondelete="restrict"
    )
    decision = fields.Selection(
        [("granted", "Granted"), ("refused", "Refused")], required=True, readonly=True
    )

    _once = models.UniqueIndex(
        "(authorization_id, level_id, COALESCE(line_id, 0))",
        "This was decided already.",
    )
