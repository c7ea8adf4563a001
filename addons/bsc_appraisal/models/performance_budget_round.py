from odoo import models


class PerformanceBudgetRound(models.Model):
    """An agreed round carries the recommendations that went into its proposals."""

    _inherit = "performance.budget.round"

    def _on_granted(self):
        res = super()._on_granted()
        followed = self.env["bsc.budget.recommendation"].search(
            [("proposal_id.round_id", "in", self.ids), ("state", "=", "planned")]
        )
        followed.state = "applied"
        followed._note_outcome("applied")
        return res
