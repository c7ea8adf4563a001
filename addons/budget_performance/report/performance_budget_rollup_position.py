from odoo import fields, models
from odoo.tools import SQL


class PerformanceBudgetRollupPosition(models.Model):
    """A budget along the tree of positions."""

    _name = "performance.budget.rollup.position"
    _description = "Budget by Position"
    _inherit = ["performance.budget.rollup"]
    _auto = False
    _depends = {
        "performance.budget.line": ["position_id", "pool_line_id", "is_reserve"],
        "performance.budget.position": ["parent_path"],
    }

    position_id = fields.Many2one("performance.budget.position", readonly=True)

    def _places(self):
        return self._tree_places("performance_budget_position", "position_id")

    def _record(self):
        return SQL("NULLIF(node, 0) AS position_id")

    def _get_node_name(self):
        return self.position_id.name

    def _get_line_domain(self):
        return [("position_id", "child_of", self.position_id.id)]
