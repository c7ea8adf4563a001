from odoo import fields, models

from .bsc_cycle_feedback_policy import GROUP_LABELS


class BscFeedbackResult(models.Model):
    """One figure of a closed round: a mean that enough people stand behind.

    A row without competency is about all of them together. Hidden and merged groups
    have a row that says so, and no figure. Rows are written once, at the close.
    """

    _name = "bsc.feedback.result"
    _description = "Feedback Result"
    _inherit = ["bsc.feedback.row.mixin"]
    _order = "feedback_id desc, id"
    _rec_name = "feedback_id"
    _log_access = False

    employee_id = fields.Many2one(
        related="feedback_id.employee_id", store=True, precompute=True, index=True
    )
    department_id = fields.Many2one(
        related="feedback_id.department_id",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    rater_group = fields.Selection(
        [("all", "All Groups"), *GROUP_LABELS],
        string="Group",
        required=True,
        readonly=True,
    )
    status = fields.Selection(
        [("shown", "Shown"), ("hidden", "Too Few Answers"), ("merged", "Merged")],
        required=True,
        readonly=True,
        default="shown",
    )
    merged_into = fields.Selection(GROUP_LABELS, string="Counted With", readonly=True)
    value = fields.Float(string="Mark", digits=(6, 4), readonly=True, aggregator="avg")
    size = fields.Char(string="Answers", readonly=True)
    gap = fields.Float(
        string="Self Minus Others", digits=(6, 4), readonly=True, aggregator="avg"
    )
    has_gap = fields.Boolean(readonly=True)

    _cell_uniq = models.UniqueIndex(
        "(feedback_id, rater_group, COALESCE(competency_id, 0))",
        "Each figure of a round is written once.",
    )
