from odoo import models


class PerformanceBudgetAdjustment(models.Model):
    """An adjustment that follows a recommendation tells it what became of it.

    Refused, given up, deleted or reversed: the recommendation is open again, so that
    people decide anew.
    """

    _inherit = "performance.budget.adjustment"

    def action_cancel(self):
        # EXTENDS 'budget_performance'
        res = super().action_cancel()
        self._get_followed("adjusting")._follow("proposed")
        return res

    def unlink(self):
        followed_sudo = self._get_followed("adjusting")
        res = super().unlink()
        followed_sudo._follow("proposed")
        return res

    def _apply_effects(self):
        # EXTENDS 'budget_performance'
        res = super()._apply_effects()
        self._get_followed("adjusting")._follow("applied")
        self.reversed_id._get_followed("applied")._follow("proposed")
        return res

    def _on_refused(self):
        # EXTENDS 'budget_performance'
        res = super()._on_refused()
        self._get_followed("adjusting")._follow("proposed")
        return res

    def _get_followed(self, state):
        # sudo: who decides on money need not read what only follows it
        return (
            self.env["bsc.budget.recommendation"]
            .sudo()
            .search([("adjustment_id", "in", self.ids), ("state", "=", state)])
        )
