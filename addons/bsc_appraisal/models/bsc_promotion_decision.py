from odoo import fields, models


class BscPromotionDecision(models.Model):
    """One decision on a promotion: written once, never changed."""

    _name = "bsc.promotion.decision"
    _description = "Promotion Decision"
    _inherit = ["performance.budget.append.only"]
    _order = "id"
    _log_access = False
    _rec_name = "decision"

    promotion_id = fields.Many2one(
        "bsc.promotion", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    revision = fields.Integer(required=True, readonly=True)
    level_id = fields.Many2one(
        "bsc.promotion.level", required=True, readonly=True, ondelete="restrict"
    )
    decision = fields.Selection(
        [("granted", "Approved"), ("refused", "Refused")], required=True, readonly=True
    )
    comment = fields.Text(readonly=True)
    fingerprint = fields.Char(
        required=True,
        readonly=True,
        groups="hr.group_hr_manager",
        help="Of the values that were decided on; a wage could be guessed from it.",
    )
    user_id = fields.Many2one("res.users", required=True, readonly=True)
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)

    _once = models.UniqueIndex(
        "(promotion_id, revision, level_id)", "This was decided already."
    )
