from odoo import fields, models


class BscFeedbackRowMixin(models.AbstractModel):
    """Something that a closed feedback round left behind, written once."""

    _name = "bsc.feedback.row.mixin"
    _description = "Row of a Feedback Round"
    _log_access = False

    feedback_id = fields.Many2one(
        "bsc.feedback", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="feedback_id.company_id", store=True, precompute=True, index=True
    )
    cycle_id = fields.Many2one(
        related="feedback_id.cycle_id", store=True, precompute=True, index=True
    )
    competency_id = fields.Many2one(
        "bsc.competency", readonly=True, index="btree_not_null", ondelete="restrict"
    )
