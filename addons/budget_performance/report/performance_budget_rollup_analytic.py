from odoo import fields, models
from odoo.tools import SQL


class PerformanceBudgetRollupAnalytic(models.Model):
    """A budget along the analytic plans, down to the accounts.

    A line that names a cost centre and a project counts in both plans, and once in the
    whole company.
    """

    _name = "performance.budget.rollup.analytic"
    _description = "Budget by Cost Centre and Project"
    _inherit = ["performance.budget.rollup"]
    _auto = False
    _depends = {
        "performance.budget.line": [
            "analytic_account_ids",
            "pool_line_id",
            "is_reserve",
        ],
        "account.analytic.account": ["plan_id"],
        "account.analytic.plan": ["parent_path"],
    }

    plan_id = fields.Many2one("account.analytic.plan", readonly=True)
    account_id = fields.Many2one("account.analytic.account", readonly=True)

    def _places(self):
        # Even nodes are plans, odd ones accounts.
        return SQL(
            """SELECT line.id AS line_id, up.plan * 2 AS node, up.depth::int,
                      above.parent_path AS path, FALSE AS is_own
                 FROM line
                 JOIN performance_budget_line_analytic_rel rel ON rel.line_id = line.id
                 JOIN account_analytic_account account
                   ON account.id = rel.analytic_account_id
                 JOIN account_analytic_plan leaf ON leaf.id = account.plan_id
           CROSS JOIN LATERAL unnest(
                      string_to_array(rtrim(leaf.parent_path, '/'), '/')::int[])
                      WITH ORDINALITY AS up(plan, depth)
                 JOIN account_analytic_plan above ON above.id = up.plan
                UNION
               SELECT line.id, account.id * 2 + 1, %s,
                      leaf.parent_path || 'account/' || account.id || '/', TRUE
                 FROM line
                 JOIN performance_budget_line_analytic_rel rel ON rel.line_id = line.id
                 JOIN account_analytic_account account
                   ON account.id = rel.analytic_account_id
                 JOIN account_analytic_plan leaf ON leaf.id = account.plan_id""",
            SQL("array_length(string_to_array(leaf.parent_path, '/'), 1)"),
        )

    def _record(self):
        return SQL(
            """CASE WHEN node > 0 AND mod(node, 2) = 0 THEN node / 2 END AS plan_id,
               CASE WHEN mod(node, 2) = 1 THEN node / 2 END AS account_id"""
        )

    def _get_node_name(self):
        return self.account_id.name or self.plan_id.name

    def _get_line_domain(self):
        if self.account_id:
            return [("analytic_account_ids", "in", self.account_id.ids)]
        return [("analytic_account_ids.plan_id", "child_of", self.plan_id.id)]
