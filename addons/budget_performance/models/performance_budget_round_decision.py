from odoo import fields, models


class PerformanceBudgetRoundDecision(models.Model):
    """One decision on a budget round, or its handing on: written once, kept."""

    _name = "performance.budget.round.decision"
    _description = "Budget Round Decision"
    _inherit = ["performance.budget.decision.handing"]
    _log_access = False
    _rec_name = "decision"

    round_id = fields.Many2one(
        "performance.budget.round",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    level_id = fields.Many2one(
        "performance.budget.round.level",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    decision = fields.Selection(
        [
            ("granted", "Approved"),
            ("refused", "Sent back"),
            ("forwarded", "Forwarded"),
        ],
        required=True,
        readonly=True,
    )

    _once = models.UniqueIndex(
        "(round_id, revision, level_id) WHERE decision <> 'forwarded'",
        "This was decided already.",
    )
