from odoo import fields, models


class PerformanceBudgetProposalCopyLine(models.TransientModel):
    """By how much the amounts of one department are raised when they are copied."""

    _name = "performance.budget.proposal.copy.line"
    _description = "Uplift of a Department"
    _rec_name = "proposal_id"

    copy_id = fields.Many2one(
        "performance.budget.proposal.copy", required=True, ondelete="cascade"
    )
    proposal_id = fields.Many2one(
        "performance.budget.proposal", required=True, readonly=True, ondelete="cascade"
    )
    department_id = fields.Many2one(related="proposal_id.department_id")
    uplift = fields.Float(
        string="More or Less %",
        digits=(16, 2),
        help="5 raises every amount by 5 %, -5 lowers it.",
    )

    _uplift_in_range = models.Constraint(
        "CHECK (uplift BETWEEN -100 AND 1000)",
        "Amounts are lowered by 100 % at most and raised by 1,000 % at most.",
    )
