from odoo import fields, models


class PerformanceBudgetCause(models.Model):
    """Why use differs from the plan, as the reports group it."""

    _name = "performance.budget.cause"
    _description = "Budget Variance Cause"
    _order = "sequence, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    description = fields.Text(translate=True, help="When to choose it.")

    _code_uniq = models.Constraint("UNIQUE (code)", "Another cause has this code.")
