from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    budget_forecast_months = fields.Integer(
        string="Months to Forecast",
        default=12,
        help="How far the rolling forecast looks ahead, 12 to 18 months.",
    )
    budget_unspent_goal = fields.Float(
        string="Unspent at Most (%)",
        digits=(5, 2),
        default=10.0,
        help="A line that leaves a larger share of its plan unspent, or passes its plan"
        " by more, misses the goal.",
    )

    budget_execution_mail = fields.Boolean(
        string="Send Execution Reports",
        help="Once a month, by e-mail, to the people named: each what he may read.",
    )
    budget_execution_user_ids = fields.Many2many(
        "res.users",
        "res_company_budget_execution_rel",
        "company_id",
        "user_id",
        string="Execution Reports To",
        domain=[("share", "=", False)],
    )

    _budget_forecast_months_in_range = models.Constraint(
        "CHECK (budget_forecast_months BETWEEN 12 AND 18)",
        "The rolling forecast looks 12 to 18 months ahead.",
    )
    _budget_unspent_goal_in_range = models.Constraint(
        "CHECK (budget_unspent_goal BETWEEN 0 AND 100)",
        "The goal for the unspent share lies between 0 and 100 %.",
    )
