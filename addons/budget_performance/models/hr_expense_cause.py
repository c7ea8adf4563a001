from odoo import fields, models


class HrExpense(models.Model):
    """Why a claim differs from what was planned."""

    _name = "hr.expense"
    _inherit = ["hr.expense", "performance.budget.caused"]

    budget_cause_id = fields.Many2one(tracking=True)
