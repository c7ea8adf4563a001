from odoo import fields, models


class BscCalibrationRate(models.TransientModel):
    """Asks for a rating and why it is the right one."""

    _name = "bsc.calibration.rate"
    _description = "Rate in Calibration"

    line_id = fields.Many2one("bsc.calibration.line", required=True, readonly=True)
    score = fields.Float(related="line_id.score")
    grade_id = fields.Many2one(related="line_id.grade_id")
    rating_id = fields.Many2one("bsc.grade", required=True)
    reason = fields.Text(required=True)

    def action_rate(self):
        """Change the rating; the rights are those of the session."""
        self.ensure_one()
        self.line_id._rate(self.rating_id, self.reason)
        return {"type": "ir.actions.act_window_close"}
