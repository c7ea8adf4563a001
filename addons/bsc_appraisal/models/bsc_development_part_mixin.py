from odoo import api, fields, models


class BscDevelopmentPartMixin(models.AbstractModel):
    """A part of a development plan that both agree on: a change asks both again."""

    _name = "bsc.development.part.mixin"
    _description = "Part of a Development Plan"

    _PROTECTED = frozenset()

    plan_id = fields.Many2one(
        "bsc.development.plan", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="plan_id.company_id", store=True, precompute=True, index=True
    )

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts._note_change()
        return parts

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        self._note_change()

    def _has_field_access(self, field, operation):
        closed = self._PROTECTED | {"company_id"}
        if operation == "write" and field.name in closed and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def _note_change(self):
        self.plan_id._check_content_open()
        self.plan_id._void_agreement()
