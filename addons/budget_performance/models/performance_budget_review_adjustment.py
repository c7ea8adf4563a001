from odoo import fields, models
from odoo.exceptions import UserError


class PerformanceBudgetReview(models.Model):
    """The adjustments that came out of a review."""

    _inherit = "performance.budget.review"

    adjustment_ids = fields.Many2many(
        "performance.budget.adjustment",
        "performance_budget_review_adjustment_rel",
        "review_id",
        "adjustment_id",
        string="Resulting Adjustments",
        check_company=True,
    )

    def action_propose_adjustment(self):
        """Open a draft adjustment from the forecast of the lines, and link it.

        :raise UserError: it is closed, not this person's, or nothing is to adjust
        """
        self.ensure_one()
        self._check_responsible()
        self._check_open()
        forecast_lines = self.env["performance.budget.forecast.line"].search(
            [("line_id", "in", self.line_ids.line_id.ids), ("is_latest", "=", True)]
        )
        if not forecast_lines:
            raise UserError(
                self.env._(
                    "There is no forecast of these lines yet: ask finance for it."
                )
            )
        adjustment = forecast_lines._propose_adjustment()
        self.adjustment_ids += adjustment
        return adjustment._get_records_action()
