from odoo import api, fields, models
from odoo.exceptions import UserError


class PerformanceBudgetCheck(models.TransientModel):
    """From the dialog that blocks a document to the adjustment that lets it pass."""

    _inherit = "performance.budget.check"

    can_adjust = fields.Boolean(compute="_compute_can_adjust")

    @api.depends("action", "res_ids", "line_ids")
    def _compute_can_adjust(self):
        for check in self:
            # What no line covers at all is not helped by more money on a line.
            lines_only = set(check.line_ids.mapped("res_model")) == {
                "performance.budget.line"
            }
            check.can_adjust = (
                check.action == "block" and lines_only and len(check.res_ids or []) == 1
            )

    def action_adjust(self):
        """Open an adjustment with the shortfall of the blocked document.

        :raise UserError: several documents, or nothing that money would help
        """
        self.ensure_one()
        if not self.can_adjust:
            raise UserError(
                self.env._("Only one blocked document at a time can ask for money.")
            )
        return self._get_documents().action_request_budget_adjustment()
