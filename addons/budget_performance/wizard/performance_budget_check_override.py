from odoo import fields, models


class PerformanceBudgetCheck(models.TransientModel):
    """The way from the dialog to an override, for those who have the right."""

    _inherit = "performance.budget.check"

    can_override = fields.Boolean(compute="_compute_can_override")

    def _compute_can_override(self):
        for check in self:
            documents = check._get_documents()
            check.can_override = len(documents) == 1 and documents._can_override()

    def action_override(self):
        """Open the dialog that asks why the document has to pass.

        :raise UserError: the user has no right to
        """
        self.ensure_one()
        return self._get_documents().action_override_budget()
