from odoo import models


class PerformanceBudgetAuthorizationLevel(models.Model):
    """Who decides on authorisations from which amount on."""

    _name = "performance.budget.authorization.level"
    _description = "Budget Authorisation Level"
    _inherit = ["performance.budget.level"]
