from odoo import api, fields, models
from odoo.exceptions import UserError

# Who sees pay, and whatever it could be computed from.
PAY = "hr.group_hr_manager"


class BscBonus(models.Model):
    """A sum that is due to an employee once: a bonus, or the lump sum of a raise.

    It comes from an approved batch and is due from its day on. Payroll, where it is
    installed, pays it with the next payslip; otherwise HR managers note when it was
    paid.
    """

    _name = "bsc.bonus"
    _description = "Sum Paid Once"
    _order = "date desc, id desc"
    _rec_name = "employee_id"
    _check_company_auto = True

    raise_id = fields.Many2one(
        "bsc.raise", required=True, readonly=True, ondelete="restrict"
    )
    batch_id = fields.Many2one(related="raise_id.batch_id", store=True, index=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    employee_id = fields.Many2one(
        "hr.employee",
        required=True,
        readonly=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    department_id = fields.Many2one(related="raise_id.department_id", store=True)
    kind = fields.Selection(
        [("bonus", "Bonus"), ("lump", "Lump sum of a raise")],
        required=True,
        readonly=True,
    )
    amount = fields.Monetary(required=True, readonly=True, groups=PAY)
    date = fields.Date(string="Due From", required=True, readonly=True)
    state = fields.Selection(
        [("due", "Due"), ("paid", "Paid"), ("cancelled", "Cancelled")],
        required=True,
        default="due",
        readonly=True,
        index=True,
    )
    date_paid = fields.Date(string="Paid On", readonly=True)

    _once = models.UniqueIndex("(raise_id)", "This is paid once.")
    _positive = models.Constraint("CHECK (amount > 0)", "Something has to be due.")

    @api.depends("kind", "employee_id", "date")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for bonus in self:
            bonus.display_name = (
                f"{labels.get(bonus.kind)} · {bonus.employee_id.name} · {bonus.date}"
            )

    def _has_field_access(self, field, operation):
        if operation == "write" and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def action_pay(self):
        """Note that it was paid outside payroll."""
        self.check_access("write")
        if self.employee_id.user_id & self.env.user:
            raise UserError(
                self.env._("Somebody else decides on your own raise and bonus.")
            )
        self.sudo()._pay()  # closed to everybody, checked above

    def _pay(self):
        due = self.filtered(lambda bonus: bonus.state == "due")
        due.write({"state": "paid", "date_paid": fields.Date.context_today(self)})

    def _cancel(self):
        self.filtered(lambda bonus: bonus.state == "due").state = "cancelled"
