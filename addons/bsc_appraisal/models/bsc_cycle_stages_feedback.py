from odoo import models


class BscCycle(models.Model):
    """The cycle says how feedback is weighed and shown, and waits for open rounds."""

    _name = "bsc.cycle"
    _inherit = ["bsc.cycle", "bsc.cycle.feedback.policy"]

    def action_launch_feedback(self):
        """Prepare feedback rounds for a department or for everybody."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Start Feedback"),
            "res_model": "bsc.feedback.launch",
            "view_mode": "form",
            "target": "new",
            "context": {"default_cycle_id": self.id},
        }

    def _get_cannot_leave_reasons(self):
        reasons = super()._get_cannot_leave_reasons()
        if self.state == "feedback":
            running = self.env["bsc.feedback"].search_count(
                [("cycle_id", "=", self.id), ("state", "=", "collecting")]
            )
            if running:
                reasons.append(
                    self.env._(
                        "%s feedback rounds still collect answers: close them first.",
                        running,
                    )
                )
        return reasons
