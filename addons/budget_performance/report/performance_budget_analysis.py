from odoo import fields, models
from odoo.tools import SQL


class PerformanceBudgetAnalysis(models.Model):
    """Plan and use by month, for pivot and graph."""

    _name = "performance.budget.analysis"
    _description = "Budget Analysis"
    _auto = False
    _order = "month desc, id"
    _rec_name = "month"
    _depends = {
        "performance.budget.allocation": ["line_id", "month", "amount_planned"],
        "performance.budget.line": ["position_id", "department_id", "owner_id"],
    }

    line_id = fields.Many2one("performance.budget.line", readonly=True)
    budget_id = fields.Many2one("performance.budget", readonly=True)
    state = fields.Selection(related="budget_id.state")
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    position_id = fields.Many2one("performance.budget.position", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    owner_id = fields.Many2one("res.users", readonly=True)
    is_reserve = fields.Boolean(string="Reserve", readonly=True)
    month = fields.Date(readonly=True)
    amount_planned = fields.Monetary(string="Planned", readonly=True)
    amount_reserved = fields.Monetary(string="Reserved", readonly=True)
    amount_committed = fields.Monetary(string="Committed", readonly=True)
    amount_actual = fields.Monetary(string="Actual", readonly=True)
    amount_used = fields.Monetary(string="Used", readonly=True)
    amount_available = fields.Monetary(string="Available", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """SELECT allocation.id, allocation.line_id, line.budget_id,
                      line.company_id, line.position_id, line.department_id,
                      line.owner_id, line.is_reserve, allocation.month, amount_planned,
                      amount_reserved, amount_committed, amount_actual,
                      amount_reserved + amount_committed + amount_actual AS amount_used,
                      amount_planned - amount_reserved - amount_committed
                          - amount_actual AS amount_available
                 FROM performance_budget_allocation allocation
                 JOIN performance_budget_line line ON line.id = allocation.line_id"""
        )

    def action_open_entries(self):
        """Open the entries of the line and month; from there lead the documents."""
        self.ensure_one()
        action = self.line_id.action_open_entries()
        return {**action, "domain": [*action["domain"], ("month", "=", self.month)]}
