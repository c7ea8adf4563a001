from odoo import fields, models


class PerformanceBudgetControlRule(models.Model):
    _inherit = "performance.budget.control.rule"

    document_type = fields.Selection(
        selection_add=[("raise", "Raises and bonuses"), ("entry",)],
        ondelete={"raise": "cascade"},
    )
