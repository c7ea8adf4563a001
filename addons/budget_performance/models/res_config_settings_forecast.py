from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    budget_forecast_months = fields.Integer(
        related="company_id.budget_forecast_months", readonly=False
    )
    budget_execution_mail = fields.Boolean(
        related="company_id.budget_execution_mail", readonly=False
    )
    budget_execution_user_ids = fields.Many2many(
        related="company_id.budget_execution_user_ids", readonly=False
    )
    budget_unspent_goal = fields.Float(
        related="company_id.budget_unspent_goal", readonly=False
    )
