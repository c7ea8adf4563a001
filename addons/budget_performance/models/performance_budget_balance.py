from odoo import api, fields, models
from odoo.tools import SQL

KINDS = ("reserved", "committed", "actual")


class PerformanceBudgetBalance(models.Model):
    """The running totals of a budget line, and the only code that writes them.

    The row doubles as the lock of its line: every change of the line's figures goes
    through :meth:`_apply`, which writes this row, so that two transactions that saw
    the same money cannot both spend it. A transaction that meets a newer balance
    fails with a serialization error and Odoo runs its request again.
    """

    _name = "performance.budget.balance"
    _description = "Budget Balance"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_planned = fields.Monetary(required=True, default=0.0)
    amount_reserved = fields.Monetary(required=True, default=0.0)
    amount_committed = fields.Monetary(required=True, default=0.0)
    amount_actual = fields.Monetary(required=True, default=0.0)
    amount_used = fields.Monetary(required=True, default=0.0)
    amount_available = fields.Monetary(required=True, default=0.0)
    usage_rate = fields.Float(digits=(16, 4), aggregator="avg")

    _open_not_negative = models.Constraint(
        "CHECK (amount_reserved >= 0 AND amount_committed >= 0)",
        "A budget line cannot hold a negative reservation.",
    )
    _used_is_sum = models.Constraint(
        "CHECK (amount_used = amount_reserved + amount_committed + amount_actual)",
        "The used amount is the sum of reserved, committed and actual.",
    )
    _available_is_rest = models.Constraint(
        "CHECK (amount_available = amount_planned - amount_used)",
        "The available amount is what is planned and not used.",
    )

    @api.model
    def _lock(self, line_ids):
        """Lock the balances of the lines in ascending order, against any other writer.

        :return: ``{line_id: (budget_id, company_id)}``
        :raise psycopg2.errors.SerializationFailure: another transaction wrote one of
            them since this one began; Odoo answers by running the request again
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT line.id, line.budget_id, line.company_id
                     FROM performance_budget_balance balance
                     JOIN performance_budget_line line ON line.balance_id = balance.id
                    WHERE line.id = ANY(%s)
                 ORDER BY balance.id
            FOR NO KEY UPDATE OF balance""",
                sorted(line_ids),
            )
        )
        return {line_id: tuple(owners) for line_id, *owners in rows}

    @api.model
    def _apply(self, deltas):
        """Add ``deltas`` to months and lines in one statement.

        The caller holds the locks (:meth:`_lock`) and has taken its decision.

        :param deltas: ``{(line_id, month): {kind: Decimal}}`` in company currency
        """
        if not deltas:
            return
        columns = list(
            zip(
                *(
                    (line_id, month, *(amounts.get(kind, 0) for kind in KINDS))
                    for (line_id, month), amounts in sorted(deltas.items())
                ),
                strict=True,
            )
        )
        self.env.cr.execute(
            SQL(
                """WITH delta AS (
                       SELECT * FROM unnest(
                           %s::int[], %s::date[],
                           %s::numeric[], %s::numeric[], %s::numeric[])
                           AS row(line_id, month, reserved, committed, actual)
                   ), month AS (
                       UPDATE performance_budget_allocation allocation
                          SET amount_reserved = amount_reserved + delta.reserved,
                              amount_committed = amount_committed + delta.committed,
                              amount_actual = amount_actual + delta.actual
                         FROM delta
                        WHERE allocation.line_id = delta.line_id
                          AND allocation.month = delta.month
                   ), total AS (
                       SELECT line.balance_id, SUM(reserved) AS reserved,
                              SUM(committed) AS committed, SUM(actual) AS actual
                         FROM delta
                         JOIN performance_budget_line line ON line.id = delta.line_id
                     GROUP BY line.balance_id
                   )
                   UPDATE performance_budget_balance balance
                      SET %s
                     FROM total
                    WHERE balance.id = total.balance_id""",
                *(list(column) for column in columns),
                self._new_totals(SQL("0"), SQL("total")),
            )
        )
        self._forget_cached()

    @api.model
    def _replan(self, line_ids):
        """Take the planned amounts of the lines from their months."""
        self.env["performance.budget.allocation"].flush_model(["amount_planned"])
        self.env["performance.budget.line"].flush_model(["balance_id"])
        self._lock(line_ids)
        self.env.cr.execute(
            SQL(
                """UPDATE performance_budget_balance balance
                      SET %s
                     FROM (SELECT line.balance_id, 0 AS reserved, 0 AS committed,
                                  0 AS actual,
                                  COALESCE(SUM(allocation.amount_planned), 0)
                                      AS planned
                             FROM performance_budget_line line
                        LEFT JOIN performance_budget_allocation allocation
                               ON allocation.line_id = line.id
                            WHERE line.id = ANY(%s)
                         GROUP BY line.balance_id) total
                    WHERE balance.id = total.balance_id""",
                self._new_totals(
                    SQL("total.planned - balance.amount_planned"), SQL("total")
                ),
                sorted(line_ids),
            )
        )
        self._forget_cached()

    @api.model
    def _rebuild(self, line_ids):
        """Take months and totals of the lines from their entries, for a repair."""
        if not line_ids:
            return
        self._lock(line_ids)
        self.env.cr.execute(
            SQL(
                """UPDATE performance_budget_allocation allocation
                      SET amount_reserved = booked.reserved,
                          amount_committed = booked.committed,
                          amount_actual = booked.actual
                     FROM (SELECT a.id,
                                  COALESCE(SUM(e.amount) FILTER (
                                      WHERE e.kind = 'reserved'), 0) AS reserved,
                                  COALESCE(SUM(e.amount) FILTER (
                                      WHERE e.kind = 'committed'), 0) AS committed,
                                  COALESCE(SUM(e.amount) FILTER (
                                      WHERE e.kind = 'actual'), 0) AS actual
                             FROM performance_budget_allocation a
                        LEFT JOIN performance_budget_entry e
                               ON e.line_id = a.line_id AND e.month = a.month
                            WHERE a.line_id = ANY(%(lines)s)
                         GROUP BY a.id) booked
                    WHERE booked.id = allocation.id;
                   UPDATE performance_budget_balance balance
                      SET %(totals)s
                     FROM (SELECT line.balance_id,
                                  SUM(a.amount_planned) AS planned,
                                  SUM(a.amount_reserved) - b.amount_reserved
                                      AS reserved,
                                  SUM(a.amount_committed) - b.amount_committed
                                      AS committed,
                                  SUM(a.amount_actual) - b.amount_actual AS actual
                             FROM performance_budget_line line
                             JOIN performance_budget_balance b
                               ON b.id = line.balance_id
                             JOIN performance_budget_allocation a
                               ON a.line_id = line.id
                            WHERE line.id = ANY(%(lines)s)
                         GROUP BY line.balance_id, b.id) total
                    WHERE balance.id = total.balance_id""",
                lines=sorted(line_ids),
                totals=self._new_totals(
                    SQL("total.planned - balance.amount_planned"), SQL("total")
                ),
            )
        )
        self._forget_cached()

    @api.model
    def _new_totals(self, planned, total):
        """Return the assignments that add a row of deltas and keep the sums true."""
        added = SQL("(%(t)s.reserved + %(t)s.committed + %(t)s.actual)", t=total)
        return SQL(
            """amount_planned = amount_planned + %(planned)s,
               amount_reserved = amount_reserved + %(t)s.reserved,
               amount_committed = amount_committed + %(t)s.committed,
               amount_actual = amount_actual + %(t)s.actual,
               amount_used = amount_used + %(added)s,
               amount_available = amount_available + %(planned)s - %(added)s,
               usage_rate = ROUND((amount_used + %(added)s)
                            / NULLIF(amount_planned + %(planned)s, 0), 4)""",
            planned=planned,
            t=total,
            added=added,
        )

    @api.model
    def _forget_cached(self):
        self.invalidate_model(flush=False)
        self.env["performance.budget.allocation"].invalidate_model(
            [f"amount_{kind}" for kind in KINDS], flush=False
        )
        self.env["performance.budget.line"].invalidate_model(
            [f"amount_{kind}" for kind in KINDS]
            + ["amount_planned", "amount_used", "amount_available", "usage_rate"],
            flush=False,
        )
