from odoo import models
from odoo.exceptions import UserError


class PerformanceBudgetDocumentReference(models.AbstractModel):
    """Records about a document, which has ``res_model``, ``res_id`` and a name."""

    _name = "performance.budget.document.reference"
    _description = "Reference to a Budget Document"

    def _get_document(self):
        """Return the document, an empty recordset if there is none any more."""
        self.ensure_one()
        if not self.res_model or self.res_model not in self.env:
            return self.env["performance.budget.document"]
        return self.env[self.res_model].browse(self.res_id).exists()

    def action_open_document(self):
        """Open the claim, bill, order or journal entry that this is about.

        :raise UserError: it was deleted
        """
        self.check_access("read")
        document = self._get_document()
        if not document:
            raise UserError(
                self.env._("“%s” was deleted since.", self.document_name or self.res_id)
            )
        return document._get_records_action()
