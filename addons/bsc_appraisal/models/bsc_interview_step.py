from odoo import api, fields, models
from odoo.exceptions import UserError


class BscInterviewStep(models.Model):
    """One step the two agreed on: who does what by when."""

    _name = "bsc.interview.step"
    _description = "Agreed Step"
    _order = "date_deadline, id"

    interview_id = fields.Many2one(
        "bsc.interview", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="interview_id.company_id", store=True, precompute=True, index=True
    )
    user_id = fields.Many2one(
        related="interview_id.user_id",
        string="User of the Employee",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    appraiser_id = fields.Many2one(
        related="interview_id.appraiser_id",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    name = fields.Char(string="Step", required=True)
    side = fields.Selection(
        [("employee", "Employee"), ("appraiser", "Superior")],
        string="Done By",
        required=True,
        default="employee",
    )
    date_deadline = fields.Date(string="By", required=True)

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps._check_open()
        return steps

    def write(self, vals):
        self._check_open()
        result = super().write(vals)
        self._check_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self._check_open()

    def _has_field_access(self, field, operation):
        if operation == "write" and not self.env.su:
            if field.name in ("company_id", "user_id", "appraiser_id"):
                return False
            if field.name == "interview_id" and any(self._ids):
                return False
        return super()._has_field_access(field, operation)

    def _check_open(self):
        if self.env.su:
            return
        self.interview_id._check_lead()
        if "closed" in self.interview_id.cycle_id.mapped("state"):
            raise UserError(
                self.env._("The cycle is closed: its interviews stay as they are.")
            )
