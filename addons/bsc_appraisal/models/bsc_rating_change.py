from odoo import fields, models


class BscRatingChange(models.Model):
    """One change of a rating: what it was, what it is, who changed it and why.

    Rows are only ever added; the computed score is never touched by them. Appraisal
    officers and auditors read them; the person concerned is told the reason by
    whatever changed the rating.
    """

    _name = "bsc.rating.change"
    _description = "Change of a Rating"
    _inherit = ["performance.budget.append.only"]
    _order = "id desc"
    _check_company_auto = True

    scorecard_id = fields.Many2one(
        "bsc.scorecard", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    cycle_id = fields.Many2one(related="scorecard_id.cycle_id")
    source = fields.Selection(
        [("calibration", "Calibration"), ("appeal", "Appeal")],
        required=True,
        readonly=True,
    )
    before_id = fields.Many2one("bsc.grade", readonly=True, ondelete="restrict")
    after_id = fields.Many2one(
        "bsc.grade", required=True, readonly=True, ondelete="restrict"
    )
    reason = fields.Text(required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users",
        string="Changed By",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    date = fields.Datetime(
        string="Changed On",
        required=True,
        readonly=True,
        default=fields.Datetime.now,
    )
