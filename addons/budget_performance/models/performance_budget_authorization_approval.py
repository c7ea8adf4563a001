from odoo import models


class PerformanceBudgetAuthorization(models.Model):
    """Who decides on an authorisation, and on which values."""

    _inherit = "performance.budget.authorization"

    _approval_inverse = "authorization_id"

    def _get_fingerprint(self):
        self.ensure_one()
        return self._hash(
            [self.res_model, self.res_id, self.reason]
            + [
                [line.line_id.id, line.month.isoformat(), f"{line.amount:.6f}"]
                for line in self.line_ids.sorted("id")
            ]
        )

    def _get_levels(self):
        return self.env["performance.budget.authorization.level"].search(
            [
                ("company_id", "in", (False, self.company_id.id)),
                ("amount_from", "<=", self.amount),
            ]
        )

    def _get_request_summary(self):
        return self.env._("Authorise %s", self.document_name)

    def _on_granted(self):
        self._finish("granted")
        self._note_on_document()
        self._continue_document()

    def _note_on_document(self):
        """Leave word on the document: who reads it need not read authorisations."""
        document = self._get_document()
        if document and "message_ids" in document:
            names = self.decision_ids.user_id.mapped("name")
            document._message_log(
                body=self.env._(
                    "Authorisation granted by %s: it may pass the limit of its budget.",
                    ", ".join(names),
                )
            )

    def _on_refused(self):
        self._finish("refused")
