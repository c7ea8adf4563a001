from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    budget_show_amounts = fields.Boolean(
        related="company_id.budget_show_amounts", readonly=False
    )
    budget_uncovered_expense = fields.Selection(
        related="company_id.budget_uncovered_expense", readonly=False, required=True
    )
    budget_uncovered_bill = fields.Selection(
        related="company_id.budget_uncovered_bill", readonly=False, required=True
    )
    budget_uncovered_entry = fields.Selection(
        related="company_id.budget_uncovered_entry", readonly=False, required=True
    )
