from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class PerformanceBudgetOverrideApply(models.TransientModel):
    """Asks why a stopped document is let pass, and shows what that means."""

    _name = "performance.budget.override.apply"
    _description = "Override the Budget"

    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(
        model_field="res_model", required=True, readonly=True
    )
    document_name = fields.Char(string="Document", readonly=True)
    line_ids = fields.One2many(
        "performance.budget.override.apply.line", "apply_id", readonly=True
    )
    reason = fields.Text()

    def _has_field_access(self, field, operation):
        # What is let pass is not for its reader to write; his reason is.
        if operation == "write" and field.name != "reason" and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def action_override(self):
        """Let the document pass; all is checked again, on the figures of now.

        :raise UserError: see ``_override_budget`` of the document
        """
        self.ensure_one()
        Ledger = self.env["performance.budget.ledger"]
        if self.res_model not in Ledger._get_document_models():
            raise UserError(self.env._("The budget does not follow this document."))
        document = self.env[self.res_model].browse(self.res_id)
        document._override_budget(self.reason)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "“%s” passes the budget by your override.", self.document_name
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    @api.model
    def _open(self, document):
        """Return the dialog for a document.

        :raise UserError: it is not stopped, or the user has no right to
        """
        needs = document._get_override_needs()
        if lack := document._get_cannot_override_reason(needs):
            raise UserError(lack)
        # sudo: nobody may make up what a dialog shows; the reader is its creator
        dialog = self.sudo().create(
            {
                "res_model": document._name,
                "res_id": document.id,
                "document_name": document.display_name,
                "line_ids": [
                    Command.create(self._prepare_line_vals(need)) for need in needs
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Override the Budget"),
            "res_model": self._name,
            "res_id": dialog.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model
    def _prepare_line_vals(self, need):
        # sudo: who may override is told of the lines he overrides
        line_sudo = self.env["performance.budget.line"].sudo().browse(need["line_id"])
        names = ("level", "amount", "amount_planned", "amount_used", "amount_limit")
        return {
            **{name: need[name] for name in names},
            "name": line_sudo.display_name,
            "owner_id": line_sudo.owner_id.id,
            "currency_id": line_sudo.currency_id.id,
        }
