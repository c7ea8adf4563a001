from odoo import fields, models


class BscScorePoint(models.Model):
    """The interim score of a scorecard as it stood at the end of a day.

    Written by the scoring, only on days on which the score moved; never changed later.
    """

    _name = "bsc.score.point"
    _description = "Interim Score"
    _order = "date desc, id desc"
    _rec_name = "scorecard_id"
    _log_access = False

    scorecard_id = fields.Many2one(
        "bsc.scorecard", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    cycle_id = fields.Many2one(related="scorecard_id.cycle_id")
    date = fields.Date(required=True, readonly=True)
    score = fields.Float(digits=(16, 2), readonly=True, aggregator="avg")
    coverage = fields.Float(
        string="Coverage (%)", digits=(5, 2), readonly=True, aggregator="avg"
    )

    _day_uniq = models.UniqueIndex(
        "(scorecard_id, date)", "A scorecard has one interim score a day."
    )
