from odoo import models


class PerformanceBudgetAdjustment(models.Model):
    """An adjustment that follows a recommendation tells it when it is applied."""

    _inherit = "performance.budget.adjustment"

    def _apply_effects(self):
        res = super()._apply_effects()
        followed = self.env["bsc.budget.recommendation"].search(
            [("adjustment_id", "=", self.id), ("state", "=", "adjusting")]
        )
        followed.state = "applied"
        followed._note_outcome("applied")
        return res

    def _on_refused(self):
        res = super()._on_refused()
        followed = self.env["bsc.budget.recommendation"].search(
            [("adjustment_id", "=", self.id), ("state", "=", "adjusting")]
        )
        followed.state = "proposed"
        followed._note_outcome("proposed")
        return res
