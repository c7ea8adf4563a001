from odoo import api, models


class PerformanceBudgetCheck(models.TransientModel):
    """Keeps what the dialog tells."""

    _inherit = "performance.budget.check"

    @api.model
    def _open(self, documents, outlook):
        # EXTENDS: nothing is undone when the dialog opens, so the stop is written now
        Stop = self.env["performance.budget.stop"]
        # sudo: nobody writes stops; documents that were not saved are none yet
        Stop.sudo()._keep(
            [
                Stop._prepare_outlook_vals(document, outlook)
                for document in documents
                if document.id
            ]
        )
        return super()._open(documents, outlook)
