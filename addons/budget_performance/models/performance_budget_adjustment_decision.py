from odoo import fields, models


class PerformanceBudgetAdjustmentDecision(models.Model):
    """One decision on an adjustment, or its handing on: written once, never changed."""

    _name = "performance.budget.adjustment.decision"
    _description = "Budget Adjustment Decision"
    _inherit = ["performance.budget.decision"]
    _log_access = False
    _rec_name = "decision"

    adjustment_id = fields.Many2one(
        "performance.budget.adjustment",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    revision = fields.Integer(required=True, readonly=True)
    level_id = fields.Many2one(
        "performance.budget.adjustment.level",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    line_id = fields.Many2one(
        "performance.budget.line", readonly=True, ondelete="restrict"
    )
    decision = fields.Selection(
        [
            ("granted", "Approved"),
            ("refused", "Refused"),
            ("forwarded", "Forwarded"),
            ("returned", "Sent back"),
        ],
        required=True,
        readonly=True,
    )
    forward_user_id = fields.Many2one("res.users", string="Forwarded To", readonly=True)
    on_behalf_id = fields.Many2one(
        "res.users",
        string="On Behalf Of",
        readonly=True,
        help="Whose step it was, when a delegate took it.",
    )

    _once = models.UniqueIndex(
        "(adjustment_id, revision, level_id, COALESCE(line_id, 0))"
        " WHERE decision <> 'forwarded'",
        "This was decided already.",
    )
