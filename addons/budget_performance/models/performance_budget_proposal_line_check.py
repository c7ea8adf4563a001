from odoo import api, models
from odoo.exceptions import ValidationError


class PerformanceBudgetProposalLine(models.Model):
    """What a line must hold together, and what it needs before it is submitted."""

    _inherit = "performance.budget.proposal.line"

    @api.constrains("analytic_account_ids")
    def _check_analytic_accounts(self):
        centres = self.env["hr.department"]._get_by_cost_centre(
            self.analytic_account_ids
        )
        for line in self:
            accounts = line.analytic_account_ids
            if any(account.id in centres for account in accounts):
                raise ValidationError(
                    self.env._(
                        "“%s”: leave the cost centre out, the department brings it.",
                        line.display_name,
                    )
                )
            if len(accounts.root_plan_id) < len(accounts):
                raise ValidationError(
                    self.env._(
                        "“%s” names two accounts of one plan: make a line for each.",
                        line.display_name,
                    )
                )

    @api.constrains("amount", "quantity", "unit_price")
    def _check_product(self):
        for line in self.filtered(lambda x: x.quantity and x.unit_price):
            product = line.currency_id.round(line.quantity * line.unit_price)
            if line.currency_id.compare_amounts(product, line.amount):
                raise ValidationError(
                    self.env._(
                        "“%s”: quantity × price is not the amount. Clear the quantity"
                        " to plan an amount as a whole.",
                        line.display_name,
                    )
                )

    def _get_incomplete_reasons(self):
        """Return a sentence for each thing that keeps the lines back."""
        reasons = []
        for line in self:
            if line.currency_id.compare_amounts(line.amount, 0.0) <= 0:
                reasons.append(
                    self.env._(
                        "“%s”: propose an amount above zero, or delete the line.",
                        line.display_name,
                    )
                )
            if not (line.justification or "").strip():
                reasons.append(
                    self.env._("“%s”: say what the money serves.", line.display_name)
                )
        return reasons
