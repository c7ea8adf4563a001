from odoo import models


class PerformanceBudgetRound(models.Model):
    """A round carries the recommendations that went into its proposals.

    Agreed, they are applied where the department still has a line for them, and
    dropped where the line was taken out. Given up, they are open again.
    """

    _inherit = "performance.budget.round"

    def action_cancel(self):
        # EXTENDS 'budget_performance'
        res = super().action_cancel()
        followed_sudo = self._get_followed()
        followed_sudo.proposal_id = False
        followed_sudo._follow("proposed")
        return res

    def unlink(self):
        followed_sudo = self._get_followed()
        res = super().unlink()
        followed_sudo._follow("proposed")
        return res

    def _on_granted(self):
        # EXTENDS 'budget_performance'
        res = super()._on_granted()
        agreed = {
            (line.department_id, line.position_id) for line in self._get_current_lines()
        }
        for one_sudo in self._get_followed():
            wanted = {
                (one_sudo.department_id, line.line_id.position_id)
                for line in one_sudo.line_ids
            }
            if wanted & agreed:
                one_sudo._follow("applied")
            else:
                one_sudo.note = "\n".join(
                    text
                    for text in (
                        one_sudo.note,
                        self.env._("“%s” was agreed without it.", self.name),
                    )
                    if text
                )
                one_sudo._follow("dropped")
        return res

    def _get_followed(self):
        # sudo: who decides on money need not read what only follows it
        return (
            self.env["bsc.budget.recommendation"]
            .sudo()
            .search(
                [("proposal_id.round_id", "in", self.ids), ("state", "=", "planned")]
            )
        )
