from odoo import fields, models


class PerformanceBudgetLine(models.Model):
    """Why a line differs from its plan."""

    _name = "performance.budget.line"
    _inherit = ["performance.budget.line", "performance.budget.caused"]

    budget_cause_id = fields.Many2one(tracking=True)
    budget_cause_note = fields.Char(tracking=True)

    def _get_concerned_lines(self):
        # EXTENDS 'performance.budget.caused': the line itself
        return self.sudo()  # as for documents: only its owner is asked for
