from odoo import fields, models


class BscPromotionDecision(models.Model):
    """One decision on a promotion: written once, never changed."""

    _name = "bsc.promotion.decision"
    _description = "Promotion Decision"
    _inherit = ["performance.budget.decision"]
    _log_access = False
    _rec_name = "decision"

    promotion_id = fields.Many2one(
        "bsc.promotion", required=True, readonly=True, index=True, ondelete="restrict"
    )
    revision = fields.Integer(required=True, readonly=True)
    level_id = fields.Many2one(
        "bsc.promotion.level", required=True, readonly=True, ondelete="restrict"
    )
    decision = fields.Selection(
        [("granted", "Approved"), ("refused", "Refused")], required=True, readonly=True
    )
    fingerprint = fields.Char(
        groups="hr.group_hr_manager",
        help="Of the values that were decided on; a wage could be guessed from it.",
    )

    _once = models.UniqueIndex(
        "(promotion_id, revision, level_id)", "This was decided already."
    )
