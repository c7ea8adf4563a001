from odoo import fields, models


class BscCalibrationAttendance(models.Model):
    """That somebody joined a session: from then on he could see its people.

    Rows are only ever added, by joining.
    """

    _name = "bsc.calibration.attendance"
    _description = "Calibration Attendance"
    _inherit = ["performance.budget.append.only"]
    _order = "calibration_id, id"
    _rec_name = "user_id"

    calibration_id = fields.Many2one(
        "bsc.calibration", required=True, readonly=True, index=True, ondelete="restrict"
    )
    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, index=True, ondelete="restrict"
    )
    date = fields.Datetime(
        string="Joined On", required=True, readonly=True, default=fields.Datetime.now
    )

    _once = models.UniqueIndex(
        "(calibration_id, user_id)", "This person joined already."
    )
