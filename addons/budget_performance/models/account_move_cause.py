from odoo import fields, models


class AccountMove(models.Model):
    """Why a bill or journal entry differs from what was planned."""

    _name = "account.move"
    _inherit = ["account.move", "performance.budget.caused"]

    budget_cause_id = fields.Many2one(tracking=True)
