from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    budget_show_amounts = fields.Boolean(
        string="Show Budget Amounts to Employees",
        default=True,
        help="Tell an employee how much is left on the line his claim uses. Off: he"
        " sees the share of the plan only.",
    )
