from odoo import api, fields, models
from odoo.tools import SQL


class PerformanceBudgetVariance(models.Model):
    """Plan and use by cause: that of the document first, else that of the line.

    The plan of a line stands under the cause of the line, so what documents used for
    other causes shows as variance under those, and the sum over all causes is the
    variance of the lines.
    """

    _name = "performance.budget.variance"
    _description = "Budget Variance"
    _auto = False
    _order = "month desc, line_id, id"
    _rec_name = "line_id"
    _depends = {
        "performance.budget.allocation": ["line_id", "month", "amount_planned"],
        "performance.budget.line": ["budget_cause_id", "position_id", "department_id"],
        "performance.budget.entry": ["line_id", "month", "amount"],
        "hr.expense": ["account_move_id", "budget_cause_id"],
        "account.move": ["budget_cause_id"],
    }

    line_id = fields.Many2one("performance.budget.line", readonly=True)
    budget_id = fields.Many2one("performance.budget", readonly=True)
    state = fields.Selection(related="budget_id.state")
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    position_id = fields.Many2one(related="line_id.position_id")
    department_id = fields.Many2one(related="line_id.department_id")
    owner_id = fields.Many2one(related="line_id.owner_id")
    is_reserve = fields.Boolean(related="line_id.is_reserve")
    pool_line_id = fields.Many2one(related="line_id.pool_line_id")
    month = fields.Date(readonly=True)
    cause_id = fields.Many2one("performance.budget.cause", readonly=True)
    amount_planned = fields.Monetary(string="Planned", readonly=True)
    amount_used = fields.Monetary(string="Used", readonly=True)
    amount_variance = fields.Monetary(
        string="Variance", readonly=True, help="Used less planned: above zero is over."
    )

    @property
    def _table_query(self):
        documents, causes = self._document_causes()
        return SQL(
            """SELECT amounts.*, amount_used - amount_planned AS amount_variance
                 FROM (SELECT allocation.id * 2 AS id, line.id AS line_id,
                              line.budget_id, line.company_id, allocation.month,
                              line.budget_cause_id AS cause_id, amount_planned,
                              0 AS amount_used
                         FROM performance_budget_allocation allocation
                         JOIN performance_budget_line line
                           ON line.id = allocation.line_id
                        WHERE allocation.amount_planned <> 0
                        UNION ALL
                       SELECT MAX(entry.id) * 2 + 1, line.id, line.budget_id,
                              line.company_id, entry.month,
                              COALESCE(%(causes)s, line.budget_cause_id) AS cause_id, 0,
                              SUM(entry.amount)
                         FROM performance_budget_entry entry
                         JOIN performance_budget_line line ON line.id = entry.line_id
                         %(documents)s
                     GROUP BY line.id, entry.month, 6) amounts""",
            causes=SQL(", ").join(causes),
            documents=SQL(" ").join(documents),
        )

    @api.model
    def _document_causes(self):
        """Return the joins of an entry to its document, and the causes they offer.

        A journal entry without a cause has that of the claim it was made from.
        """
        caused = self.env.registry["performance.budget.caused"]
        joins, causes = [], []
        for name, model in sorted(self.env.registry.items()):
            if (
                not model._abstract
                and issubclass(model, caused)
                and name != "performance.budget.line"
            ):
                joins.append(
                    SQL(
                        "LEFT JOIN %(table)s ON entry.res_model = %(name)s"
                        " AND %(table)s.id = entry.res_id",
                        table=SQL.identifier(model._table),
                        name=name,
                    )
                )
                causes.append(SQL.identifier(model._table, "budget_cause_id"))
        joins.append(
            SQL(
                """LEFT JOIN LATERAL (
                          SELECT claim.budget_cause_id FROM hr_expense claim
                           WHERE entry.res_model = 'account.move'
                             AND claim.account_move_id = entry.res_id
                             AND claim.budget_cause_id IS NOT NULL
                        ORDER BY claim.id LIMIT 1) claimed ON TRUE"""
            )
        )
        return joins, [*causes, SQL("claimed.budget_cause_id")]

    def action_open_entries(self):
        """Open the entries of the line and month; from there lead the documents."""
        self.ensure_one()
        action = self.line_id.action_open_entries()
        return {**action, "domain": [*action["domain"], ("month", "=", self.month)]}
