from odoo import fields, models


class BscRaiseDecision(models.Model):
    """One decision on a batch of raises: written once, never changed."""

    _name = "bsc.raise.decision"
    _description = "Decision on Raises"
    _inherit = ["performance.budget.decision"]
    _log_access = False
    _rec_name = "decision"

    batch_id = fields.Many2one(
        "bsc.raise.batch", required=True, readonly=True, index=True, ondelete="restrict"
    )
    revision = fields.Integer(required=True, readonly=True)
    level_id = fields.Many2one(
        "bsc.raise.level", required=True, readonly=True, ondelete="restrict"
    )
    line_id = fields.Many2one(
        "performance.budget.line", readonly=True, ondelete="restrict"
    )
    decision = fields.Selection(
        [("granted", "Approved"), ("refused", "Refused")], required=True, readonly=True
    )

    _once = models.UniqueIndex(
        "(batch_id, revision, level_id, COALESCE(line_id, 0))",
        "This was decided already.",
    )
