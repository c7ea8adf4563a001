from odoo import fields, models


class BscFeedbackComment(models.Model):
    """A comment that is shown: those of peers, reports and customers without group, in
    no order, and only if enough of them wrote.
    """

    _name = "bsc.feedback.comment"
    _description = "Feedback Comment"
    _order = "kind desc, source, id"
    _rec_name = "text"
    _log_access = False

    feedback_id = fields.Many2one(
        "bsc.feedback", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="feedback_id.company_id", store=True, precompute=True, index=True
    )
    kind = fields.Selection(
        [("strength", "What Goes Well"), ("improve", "What Should Change")],
        required=True,
        readonly=True,
    )
    source = fields.Selection(
        [("self", "Self"), ("manager", "Manager"), ("others", "Others")],
        string="From",
        required=True,
        readonly=True,
    )
    text = fields.Text(string="Comment", required=True, readonly=True)
