from odoo import api, models
from odoo.tools import SQL


class PerformanceBudgetBalance(models.Model):
    """Balances of many new lines at once: one record after another asks for the
    currency of each of its amounts.
    """

    _inherit = "performance.budget.balance"

    @api.model
    def _create_empty(self, companies):
        """Return a new balance for each of the companies, in their order."""
        self.check_access("create")
        amounts = [
            SQL.identifier(field.name)
            for field in self._fields.values()
            if field.store and field.type in ("monetary", "float")
        ]
        self.env.cr.execute(
            SQL(
                """INSERT INTO performance_budget_balance (id, company_id, %(amounts)s)
                   SELECT nextval('performance_budget_balance_id_seq'),
                          row.company_id, %(nothing)s
                     FROM unnest(%(companies)s::int[]) AS row(company_id)
                RETURNING id, company_id""",
                amounts=SQL(", ").join(amounts),
                nothing=SQL(", ").join([SQL("0")] * len(amounts)),
                companies=[company.id for company in companies],
            )
        )
        made = {}
        for balance_id, company_id in self.env.cr.fetchall():
            made.setdefault(company_id, []).append(balance_id)
        return self.browse([made[company.id].pop() for company in companies])
