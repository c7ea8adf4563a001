from odoo import fields, models


class PerformanceBudgetAdjustmentDecision(models.Model):
    """One decision on an adjustment, or its handing on: written once, never changed."""

    _name = "performance.budget.adjustment.decision"
    _description = "Budget Adjustment Decision"
    _inherit = ["performance.budget.decision.handing"]
    _log_access = False
    _rec_name = "decision"

    adjustment_id = fields.Many2one(
        "performance.budget.adjustment",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
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

    _once = models.UniqueIndex(
        "(adjustment_id, revision, level_id, COALESCE(line_id, 0))"
        " WHERE decision <> 'forwarded'",
        "This was decided already.",
    )
