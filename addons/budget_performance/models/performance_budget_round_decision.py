from odoo import fields, models


class PerformanceBudgetRoundDecision(models.Model):
    """One decision on a budget round: written once, never changed."""

    _name = "performance.budget.round.decision"
    _description = "Budget Round Decision"
    _inherit = ["performance.budget.append.only"]
    _order = "id"
    _log_access = False
    _rec_name = "decision"

    round_id = fields.Many2one(
        "performance.budget.round",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
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
    comment = fields.Text(readonly=True)
    fingerprint = fields.Char(
        required=True, readonly=True, help="Of the values that were decided on."
    )
    user_id = fields.Many2one("res.users", required=True, readonly=True)
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)

    _once = models.UniqueIndex(
        "(round_id, revision, level_id)", "This was decided already."
    )
