from odoo import fields, models

from ..tools.calibration import ABOUT, AT_LEAST, AT_MOST


class BscCalibrationGuideline(models.Model):
    """How many of the people of a session are expected to have one grade."""

    _name = "bsc.calibration.guideline"
    _description = "Calibration Guideline"
    _order = "calibration_id, score_min desc, id"

    calibration_id = fields.Many2one(
        "bsc.calibration", required=True, index=True, ondelete="cascade"
    )
    grade_id = fields.Many2one("bsc.grade", required=True, ondelete="restrict")
    score_min = fields.Float(related="grade_id.score_min", store=True)
    kind = fields.Selection(
        [(ABOUT, "About"), (AT_MOST, "At Most"), (AT_LEAST, "At Least")],
        required=True,
        default=ABOUT,
    )
    share = fields.Float(string="Share (%)", digits=(5, 2), required=True)

    _grade_uniq = models.UniqueIndex(
        "(calibration_id, grade_id)", "This grade is in the guideline already."
    )
    _share_range = models.Constraint(
        "CHECK (share BETWEEN 0 AND 100)", "A share lies between 0 and 100 %."
    )
