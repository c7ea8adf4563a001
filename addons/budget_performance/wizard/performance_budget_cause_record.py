from odoo import fields, models
from odoo.exceptions import UserError


class PerformanceBudgetCauseRecord(models.TransientModel):
    """Asks why a line or a document differs from the plan."""

    _name = "performance.budget.cause.record"
    _description = "Record a Variance Cause"

    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(
        model_field="res_model", required=True, readonly=True
    )
    cause_id = fields.Many2one("performance.budget.cause")
    note = fields.Char(string="Explanation")

    def action_record(self):
        """Record the cause; the rights are those of the line or document.

        :raise UserError: it is no line or document that can have a cause, or gone
        """
        self.ensure_one()
        caused = self.env.registry["performance.budget.caused"]
        if not issubclass(self.env.registry.get(self.res_model, object), caused):
            raise UserError(self.env._("A variance cause does not belong here."))
        record = self.env[self.res_model].browse(self.res_id).exists()
        if not record:
            raise UserError(self.env._("It was deleted since."))
        record._record_cause(self.cause_id, self.note)
        return {"type": "ir.actions.act_window_close"}
