from odoo import fields, models


class BscMeasurementCorrect(models.TransientModel):
    """Asks for the right value of a verified figure, and what was wrong."""

    _name = "bsc.measurement.correct"
    _description = "Correct a Measurement"

    measurement_id = fields.Many2one("bsc.measurement", required=True, readonly=True)
    value = fields.Float(string="Right Value", digits=(16, 4))
    answer = fields.Selection(
        [
            ("value", "A value"),
            ("zero", "Zero, confirmed"),
            ("not_applicable", "Not applicable"),
        ],
        required=True,
        default="value",
    )
    reason = fields.Text(required=True)

    def action_correct(self):
        """Make the new version; the rights are those of the figure."""
        self.ensure_one()
        version = self.measurement_id._correct(self.value, self.answer, self.reason)
        return version._get_records_action()
