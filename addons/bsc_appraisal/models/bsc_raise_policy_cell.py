from odoo import fields, models


class BscRaisePolicyCell(models.Model):
    """What a rating earns from a compa-ratio on, up to the next cell of the rating."""

    _name = "bsc.raise.policy.cell"
    _description = "Cell of a Raise Policy"
    _order = "policy_id, grade_sequence desc, ratio_from, id"

    policy_id = fields.Many2one(
        "bsc.raise.policy", required=True, index=True, ondelete="cascade"
    )
    grade_id = fields.Many2one(
        "bsc.grade", string="Rating", required=True, index=True, ondelete="restrict"
    )
    grade_sequence = fields.Float(related="grade_id.score_min", store=True)
    ratio_from = fields.Float(
        string="From Compa-Ratio",
        digits=(4, 2),
        help="1.00 is a wage at the midpoint of the pay range.",
    )
    percent_min = fields.Float(string="Minimum %", digits=(5, 2))
    percent_default = fields.Float(string="Default %", digits=(5, 2))
    percent_max = fields.Float(string="Maximum %", digits=(5, 2))

    _band_uniq = models.UniqueIndex(
        "(policy_id, grade_id, ratio_from)",
        "This rating has a cell that starts at this compa-ratio already.",
    )
    _percents = models.Constraint(
        "CHECK (ratio_from BETWEEN 0 AND 10 AND percent_min >= 0"
        " AND percent_min <= percent_default AND percent_default <= percent_max"
        " AND percent_max <= 500)",
        "From minimum over default to maximum the percentages rise, from 0 to 500.",
    )
