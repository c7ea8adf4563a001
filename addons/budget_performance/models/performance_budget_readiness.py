from odoo import models
from odoo.exceptions import ValidationError


class PerformanceBudget(models.Model):
    """What keeps a budget from being submitted or approved."""

    _inherit = "performance.budget"

    def _check_ready(self):
        """Raise one error with everything that keeps the budgets from approval.

        :raise ValidationError: with a line for each problem
        """
        problems = [
            problem for budget in self for problem in budget._get_not_ready_reasons()
        ]
        if problems:
            raise ValidationError("\n".join(problems))

    def _get_not_ready_reasons(self):
        """Return a list of sentences, empty when the budget can be approved."""
        self.ensure_one()
        if not self.line_ids:
            return [self.env._("“%(budget)s” has no lines.", budget=self.name)]
        return self.line_ids._get_not_ready_reasons() + self._get_overlap_reasons()

    def _get_overlap_reasons(self):
        """Name the keys on which another budget in force plans the same months."""
        others = self.env["performance.budget.line"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("budget_id", "!=", self.id),
                ("state", "in", ("approved", "closed")),
                ("date_from", "<=", self.date_to),
                ("date_to", ">=", self.date_from),
                ("is_reserve", "=", False),
            ]
        )
        taken = {(line.position_id, line.analytic_key): line for line in others}
        return [
            self.env._(
                "“%(line)s” is planned for the same months in “%(budget)s” already.",
                line=line.display_name,
                budget=taken[line.position_id, line.analytic_key].budget_id.name,
            )
            for line in self.line_ids
            if not line.is_reserve and (line.position_id, line.analytic_key) in taken
        ]
