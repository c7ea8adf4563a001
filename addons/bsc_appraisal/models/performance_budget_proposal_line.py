from odoo import Command, fields, models


class PerformanceBudgetProposalLine(models.Model):
    """A proposed line names the objective that it serves; its budget line keeps it."""

    _inherit = "performance.budget.proposal.line"

    objective_id = fields.Many2one(
        "bsc.objective",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="What of the strategy the money is asked for.",
    )

    def _prepare_copy_vals(self, reason, has_to_change):
        # EXTENDS: the next iteration serves the same objective
        values = super()._prepare_copy_vals(reason, has_to_change)
        return {**values, "objective_id": self.objective_id.id}

    def _prepare_budget_line_vals(self, budget):
        # EXTENDS: what was agreed for an objective is planned for it
        values = super()._prepare_budget_line_vals(budget)
        return {**values, "objective_ids": [Command.set(self.objective_id.ids)]}
