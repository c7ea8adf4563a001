from odoo import fields, models


class BscInterviewConfirmation(models.Model):
    """Who confirmed which minutes, word for word: written once, never changed."""

    _name = "bsc.interview.confirmation"
    _description = "Confirmation of an Interview"
    _inherit = ["performance.budget.append.only"]
    _order = "id desc"

    interview_id = fields.Many2one(
        "bsc.interview", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Confirmed By",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    side = fields.Selection(
        [("employee", "Employee"), ("appraiser", "Superior")],
        string="As",
        required=True,
        readonly=True,
    )
    agrees = fields.Boolean(readonly=True)
    remark = fields.Text(readonly=True)
    date = fields.Datetime(
        string="Confirmed On",
        required=True,
        readonly=True,
        default=fields.Datetime.now,
    )
    digest = fields.Char(string="Fingerprint", required=True, readonly=True)
    content = fields.Text(string="What Was Confirmed", required=True, readonly=True)
