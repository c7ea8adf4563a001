from odoo import Command, models


class PerformanceBudgetProposal(models.Model):
    """Whoever is asked to propose can: the right comes with the invitation."""

    _inherit = "performance.budget.proposal"

    def _ask_head(self):
        # EXTENDS: first let them in
        self._let_heads_in()
        return super()._ask_head()

    def _let_heads_in(self):
        """Make the heads budget owners, or tell finance who cannot propose.

        Only who leads the department: the record rules of a budget owner show him his
        own departments, and nothing to anybody whom finance names instead.
        """
        # sudo: who opens a round neither leads the department nor manages users
        proposals_sudo = self.sudo()
        group_sudo = proposals_sudo.env.ref("budget_performance.group_budget_owner")
        for budget_round, invited in proposals_sudo.grouped("round_id").items():
            heads = invited.department_id.manager_id.user_id.filtered(
                lambda user: not user.share and user not in group_sudo.all_user_ids
            )
            if not heads:
                continue
            if budget_round.company_id.budget_grant_heads:
                heads.write({"group_ids": [Command.link(group_sudo.id)]})
                message = self.env._(
                    "To propose for their departments these heads got the right Budget"
                    " Owner: %s",
                    ", ".join(heads.mapped("name")),
                )
            else:
                message = self.env._(
                    "These heads cannot propose, they are no budget owners: %s. Have an"
                    " administrator give them the right, or propose for them.",
                    ", ".join(heads.mapped("name")),
                )
            budget_round._message_log(body=message)
