from odoo import fields, models


class PerformanceBudgetRoundDecision(models.Model):
    """One decision on a budget round: written once, never changed."""

    _name = "performance.budget.round.decision"
    _description = "Budget Round Decision"
    _inherit = ["performance.budget.decision"]
    _log_access = False
    _rec_name = "decision"

    round_id = fields.Many2one(
        "performance.budget.round",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    revision = fields.Integer(required=True, readonly=True)
    level_id = fields.Many2one(
        "performance.budget.round.level",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    decision = fields.Selection(
        [("granted", "Approved"), ("refused", "Sent back")],
        required=True,
        readonly=True,
    )

    _once = models.UniqueIndex(
        "(round_id, revision, level_id)", "This was decided already."
    )
