from odoo import models
from odoo.exceptions import UserError


class PerformanceBudgetDocument(models.AbstractModel):
    """The way from a stopped document to more money for its lines."""

    _inherit = "performance.budget.document"

    def action_request_budget_adjustment(self):
        """Open the adjustment that gives the document the room it lacks.

        :raise UserError: the document is not stopped by the budget
        """
        self.ensure_one()
        if not self._get_budget_document_types().get(self.id):
            raise UserError(
                self.env._("The budget does not stop “%s”.", self.display_name)
            )
        return self.env["performance.budget.adjustment"]._open_from_document(self)
