from odoo import fields, models
from odoo.tools import SQL


class PerformanceBudgetRollupDepartment(models.Model):
    """A budget along the tree of departments."""

    _name = "performance.budget.rollup.department"
    _description = "Budget by Department"
    _inherit = ["performance.budget.rollup"]
    _auto = False
    _depends = {
        "performance.budget.line": ["department_id", "pool_line_id", "is_reserve"],
        "hr.department": ["parent_path"],
    }

    department_id = fields.Many2one("hr.department", readonly=True)

    def _places(self):
        return self._tree_places("hr_department", "department_id")

    def _record(self):
        return SQL("NULLIF(node, 0) AS department_id")

    def _get_node_name(self):
        return self.department_id.name

    def _get_line_domain(self):
        return [("department_id", "child_of", self.department_id.id)]
