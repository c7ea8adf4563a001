from odoo import Command, models
from odoo.exceptions import UserError

from ..tools import forecast_outlook as outlooks


class PerformanceBudgetForecastLine(models.Model):
    """Turns what a forecast expects into an adjustment, for people to decide."""

    _inherit = "performance.budget.forecast.line"

    def action_propose_adjustment(self):
        """Open a draft adjustment that evens out these lines.

        :raise UserError: nothing to even out, an old forecast, or several budgets
        """
        return self._propose_adjustment()._get_records_action()

    def _propose_adjustment(self):
        """Return a draft adjustment, written in the rights of the user."""
        self.check_access("read")
        # What a pool plans follows its lines; the adjustment can complete it.
        lines = self.filtered(
            lambda line: line.warning != "none" and not line.line_id.pool_member_ids
        )
        if not lines:
            raise UserError(
                self.env._(
                    "These lines come out as planned: there is nothing to adjust."
                    " Select lines that run out or leave money."
                )
            )
        if not all(lines.mapped("is_latest")):
            raise UserError(
                self.env._("Adjust by the latest forecast, not an old one.")
            )
        if len(lines.budget_id) > 1:
            raise UserError(self.env._("Select lines of one budget."))
        changes = outlooks.propose(
            {line.line_id.id: line.amount_left for line in lines}
        )
        return self.env["performance.budget.adjustment"].create(
            {
                "company_id": lines.company_id.id,
                "kind": lines._get_adjustment_kind(changes),
                "driver": "market",
                "reason": lines._get_adjustment_reason(),
                "line_ids": [
                    Command.create({"line_id": line_id, "amount": amount})
                    for line_id, amount in changes.items()
                ],
            }
        )

    def _get_adjustment_kind(self, changes):
        if all(amount > 0 for amount in changes.values()):
            return "supplement"
        if all(amount < 0 for amount in changes.values()):
            return "reduction"
        balanced = self.currency_id.is_zero(sum(changes.values()))
        return "transfer" if balanced else "revision"

    def _get_adjustment_reason(self):
        return "\n".join(
            [self.env._("Rolling forecast:")]
            + [
                f"{line.line_id.display_name}: {line._get_warning_text()}"
                for line in self
            ]
        )
