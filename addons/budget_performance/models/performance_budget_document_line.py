from odoo import api, models


class PerformanceBudgetDocumentLine(models.AbstractModel):
    """A line of a document: when it changes, what the document holds may change."""

    _name = "performance.budget.document.line"
    _description = "Line of a Document Followed by the Budget"

    # The many2one to the document.
    _budget_document_field = None

    @api.constrains(lambda self: self._get_budget_fields())
    def _constrain_budget(self):
        self[self._budget_document_field]._mark_for_budget()

    @api.ondelete(at_uninstall=True)
    def _unlink_release_budget(self):
        self[self._budget_document_field]._mark_for_budget()

    def write(self, vals):
        if self._budget_document_field in vals:  # the one that it leaves
            self[self._budget_document_field]._mark_for_budget()
        return super().write(vals)

    @api.model
    def _get_budget_fields(self):
        """Return the stored fields that decide what a line adds to its document."""
        return [self._budget_document_field] if self._budget_document_field else []
