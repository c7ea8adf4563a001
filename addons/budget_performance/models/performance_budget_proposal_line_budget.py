from odoo import Command, models


class PerformanceBudgetProposalLine(models.Model):
    """What a line hands on: to the next iteration, and to the budget that is made."""

    _inherit = "performance.budget.proposal.line"

    def _prepare_copy_vals(self, reason, has_to_change):
        """Return the line for the next iteration, with its months."""
        self.ensure_one()
        return {
            "position_id": self.position_id.id,
            "analytic_account_ids": [Command.set(self.analytic_account_ids.ids)],
            "is_reserve": self.is_reserve,
            "owner_id": self.owner_id.id,
            "justification": self.justification,
            "quantity": self.quantity,
            "unit_price": self.unit_price,
            "amount": self.amount,
            "distribution": self.distribution,
            "finance_note": self.finance_note,
            "previous_line_id": self.id,
            "return_reason": reason if has_to_change else False,
            "month_ids": [
                Command.create({"month": month.month, "amount": month.amount})
                for month in self.month_ids
            ],
        }

    def _make_budget_lines(self, budget):
        """Make the lines of a draft budget, in sudo, months as they were agreed."""
        departments = self.department_id
        departments._ensure_cost_centre()
        made = self.env["performance.budget.line"].create(
            [line._prepare_budget_line_vals(budget) for line in self]
        )
        for line, budget_line in zip(self, made, strict=True):
            line._write_derived({"budget_line_id": budget_line.id})
        return made

    def _prepare_budget_line_vals(self, budget):
        self.ensure_one()
        accounts = self.analytic_account_ids | self.department_id.cost_centre_id
        owner = self.owner_id or self.proposal_id.user_id or self.round_id.user_id
        return {
            "budget_id": budget.id,
            "position_id": self.position_id.id,
            "analytic_account_ids": [Command.set(accounts.ids)],
            "is_reserve": self.is_reserve,
            "owner_id": owner.id,
            "note": self.justification,
            "allocation_ids": [
                Command.create({"month": month.month, "amount_planned": month.amount})
                for month in self.month_ids
            ],
        }
