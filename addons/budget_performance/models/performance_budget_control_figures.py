from odoo import api, models
from odoo.tools import SQL

from ..tools import money
from .performance_budget_function import Function
from .performance_budget_pending import IN_PROGRESS


class PerformanceBudgetControl(models.AbstractModel):
    """Reads what a decision compares: plan and use of the lines, month by month."""

    _inherit = "performance.budget.control"

    @api.model
    def _read_figures(self, line_ids):
        """Return the lines with planned and used amounts by month, in one query.

        Used is what the balance says, what ended transactions left for it, and what
        running ones have taken.
        """
        self.env["performance.budget.allocation"].flush_model()
        return self._parse_figures(
            self.env.execute_query(self._figures_query(line_ids))
        )

    @api.model
    def _read_figures_aside(self, aside, line_ids, asking_xact, first):
        """Return the figures as :meth:`_read_figures`, read beside this transaction.

        :param aside: where to read, see ``_aside`` of the balances
        :param asking_xact: the transaction that asks: what it has taken itself does
            not count
        :param first: what to do before that; the figures show what was committed
            while it waited
        """
        figures = self._figures_query(line_ids, asking_xact)
        return self._parse_figures(aside.execute_query(SQL("%s; %s", first, figures)))

    @api.model
    def _figures_query(self, line_ids, asking_xact=""):
        return SQL(
            "SELECT * FROM performance_budget_figures(%s, %s)",
            list(line_ids),
            asking_xact,
        )

    @api.model
    def _parse_figures(self, rows):
        lines = {}
        for row in rows:
            line_id, company_id, path, key, first, last, state, places, *month = row
            line = lines.setdefault(
                line_id,
                {
                    "id": line_id,
                    "company_id": company_id,
                    "position_ids": {int(part) for part in path.split("/") if part},
                    "analytic_ids": {int(p) for p in (key or "").split(",") if p},
                    "date_from": first,
                    "date_to": last,
                    "is_closed": state == "closed",
                    "planned": {},
                    "used": {},
                },
            )
            unit = money.unit(places)
            line["planned"][month[0]] = money.exact(month[1], unit)
            line["used"][month[0]] = money.exact(month[2], unit, money.MAX_BOOKED)
        return lines.values()

    @api.model
    def _get_functions(self):
        # EXTENDS 'performance.budget.function'
        return [*super()._get_functions(), self._figures_function()]

    @api.model
    def _figures_function(self):
        return Function(
            "performance_budget_figures",
            SQL("p_lines int[], p_asking_xact text"),
            SQL(
                """RETURN QUERY
               WITH pending AS (
                   SELECT line_ref, month, SUM(
                              amount_reserved + amount_committed + amount_actual
                              + CASE WHEN %s AND xact_id <> p_asking_xact
                                      AND xact_id IS DISTINCT FROM
                                          pg_current_xact_id_if_assigned()::text
                                     THEN amount_taken ELSE 0 END) AS amount
                     FROM performance_budget_pending pending
                    WHERE line_ref = ANY(p_lines)
                 GROUP BY line_ref, month
               )
               SELECT line.*, allocation.month, amount_planned,
                      amount_reserved + amount_committed + amount_actual
                      + COALESCE(pending.amount, 0)
                 FROM (SELECT line.id, line.company_id, position.parent_path::text,
                              line.analytic_key::text, budget.date_from,
                              budget.date_to, budget.state::text, (
                                  SELECT decimal_places
                                    FROM res_currency currency
                                    JOIN res_company company
                                      ON company.currency_id = currency.id
                                   WHERE company.id = line.company_id)
                         FROM performance_budget_line line
                         JOIN performance_budget budget ON budget.id = line.budget_id
                         JOIN performance_budget_position position
                           ON position.id = line.position_id
                        WHERE line.id = ANY(p_lines)
                       OFFSET 0  -- planned by itself: that takes half as long
                      ) line
                 JOIN performance_budget_allocation allocation
                   ON allocation.line_id = line.id
            LEFT JOIN pending ON pending.line_ref = allocation.line_id
                  AND pending.month = allocation.month
             ORDER BY line.id;""",
                IN_PROGRESS,
            ),
            returns=SQL(
                """line_id int, company_id int, position_path text, analytic_key text,
                   date_from date, date_to date, state text, decimal_places int,
                   month date, planned numeric, used numeric"""
            ),
        )
