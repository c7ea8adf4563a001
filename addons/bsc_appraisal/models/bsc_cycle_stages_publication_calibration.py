from odoo import fields, models


class BscCycle(models.Model):
    """Results are published when their calibration is done."""

    _inherit = "bsc.cycle"

    calibration_ids = fields.One2many("bsc.calibration", "cycle_id")

    def _get_cannot_publish_reasons(self):
        reasons = super()._get_cannot_publish_reasons()
        # sudo: whoever publishes need not take part in the sessions
        open_sessions = self.sudo().calibration_ids.filtered(
            lambda session: session.state == "open"
        )
        return reasons + [
            self.env._("“%s” is still being calibrated.", session.name)
            for session in open_sessions
        ]
