from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, format_date, formatLang


class PerformanceBudgetAudit(models.AbstractModel):
    """Finds documents that hold money and have not moved for long."""

    _inherit = "performance.budget.audit"

    @api.model
    def _find_stale(self, budget):
        """Return a sentence for each document that holds money for too long.

        Too long is a setting of the company, zero for never.
        """
        days = budget.company_id.budget_stale_days
        if not days:
            return []
        self.env["performance.budget.entry"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT res_model, res_id, MAX(document_name), MAX(held), MAX(date)
                     FROM (SELECT res_model, res_id, line_id, MAX(date) AS date,
                                  MAX(document_name) AS document_name,
                                  SUM(amount) AS held
                             FROM performance_budget_entry
                            WHERE budget_id = %s AND kind IN ('reserved', 'committed')
                         GROUP BY res_model, res_id, line_id) document
                    WHERE held > 0
                 GROUP BY res_model, res_id
                   HAVING MAX(date) < %s
                 ORDER BY MAX(date)""",
                budget.id,
                fields.Datetime.now() - timedelta(days=days),
            )
        )
        return [
            self.env._(
                "“%(document)s” has held %(amount)s since %(date)s.",
                document=name or self.env._("deleted document %s", res_id),
                amount=formatLang(
                    self.env, float(held), currency_obj=budget.currency_id
                ),
                date=format_date(self.env, date),
            )
            for _model, res_id, name, held, date in rows
        ]
