from odoo import api, fields, models
from odoo.tools import SQL

from .performance_budget_pending import KINDS, as_columns

ZERO = SQL("0")


class PerformanceBudgetBalance(models.Model):
    """The running totals of a budget line, and the only code that writes them.

    The row doubles as the lock of its line: whoever takes money writes it first, so
    that two transactions that saw the same money cannot both spend it. As a rule that
    is a short transaction of its own, see :meth:`_take` and :meth:`_settle`.
    A transaction that changes the budget itself (plans, approves, closes, repairs)
    writes the rows in its own name and keeps them until it commits; it is run again
    when somebody took money since it began.
    """

    _name = "performance.budget.balance"
    _inherit = ["performance.budget.function"]
    _description = "Budget Balance"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_planned = fields.Monetary(required=True, default=0.0)
    amount_reserved = fields.Monetary(required=True, default=0.0)
    amount_committed = fields.Monetary(required=True, default=0.0)
    amount_actual = fields.Monetary(required=True, default=0.0)
    amount_used = fields.Monetary(required=True, default=0.0)
    amount_pending = fields.Monetary(
        required=True, default=0.0, help="Taken by requests that are still running."
    )
    amount_available = fields.Monetary(required=True, default=0.0)
    usage_rate = fields.Float(digits=(16, 4), aggregator="avg")
    xact_id = fields.Char(
        index=True, help="The last transaction that wrote the balance in its own name."
    )

    _open_not_negative = models.Constraint(
        "CHECK (amount_reserved >= 0 AND amount_committed >= 0)",
        "A budget line cannot hold a negative reservation.",
    )
    _used_is_sum = models.Constraint(
        "CHECK (amount_used = amount_reserved + amount_committed + amount_actual)",
        "The used amount is the sum of reserved, committed and actual.",
    )
    _available_is_rest = models.Constraint(
        "CHECK (amount_available = amount_planned - amount_used - amount_pending)",
        "The available amount is what is planned and neither used nor pending.",
    )

    @api.model
    def _lock_query(self, line_ids):
        """Return the statement that locks the balances of the lines, ascending.

        :param line_ids: a list, or the name of one in a function of the database
        """
        return SQL(
            """SELECT FROM performance_budget_balance balance
                 JOIN performance_budget_line line ON line.balance_id = balance.id
                WHERE line.id = ANY(%s)
             ORDER BY balance.id
        FOR NO KEY UPDATE OF balance""",
            line_ids,
        )

    @api.model
    def _lock(self, line_ids):
        """Lock the balances of the lines, against any other writer, until the end.

        :raise psycopg2.errors.SerializationFailure: another transaction wrote one of
            them since this one began; Odoo answers by running the request again
        """
        self.env["performance.budget.ledger"]._forget_matches()
        self.env.cr.execute(self._lock_query(sorted(line_ids)))

    @api.model
    def _own(self, line_ids):
        """Lock the balances and write them in the name of this transaction.

        For whoever changes what decisions depend on (plan, state of the budget): those
        who ask for money wait until it has committed and see it then.
        """
        self._lock(line_ids)
        self.env.cr.execute(
            SQL(
                """UPDATE performance_budget_balance balance
                      SET xact_id = pg_current_xact_id()
                     FROM performance_budget_line line
                    WHERE line.balance_id = balance.id AND line.id = ANY(%s)""",
                sorted(line_ids),
            )
        )

    @api.model
    def _apply(self, deltas):
        """Add ``deltas`` to months and lines in one statement.

        The caller holds the locks (:meth:`_lock`) and has taken its decision.

        :param deltas: ``{(line_id, month): {kind: Decimal}}`` in company currency
        """
        self.env.cr.execute(
            SQL(
                """WITH delta AS (
                       SELECT * FROM unnest(
                           %(lines)s::int[], %(when)s::date[], %(reserved)s::numeric[],
                           %(committed)s::numeric[], %(actual)s::numeric[])
                           AS row(line_id, month, reserved, committed, actual)
                   ), month AS (%(months)s), total AS (
                       SELECT line.balance_id, SUM(reserved) AS reserved,
                              SUM(committed) AS committed, SUM(actual) AS actual
                         FROM delta
                         JOIN performance_budget_line line ON line.id = delta.line_id
                     GROUP BY line.balance_id
                   )
                   UPDATE performance_budget_balance balance
                      SET %(totals)s, xact_id = pg_current_xact_id()
                     FROM total
                    WHERE balance.id = total.balance_id""",
                **dict(zip(("lines", "when", *KINDS), as_columns(deltas), strict=True)),
                months=self._add_to_months(),
                totals=self._new_totals(),
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
                      SET %s, xact_id = pg_current_xact_id()
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
                self._new_totals(SQL("total.planned - balance.amount_planned")),
                sorted(line_ids),
            )
        )
        self._forget_cached()

    @api.model
    def _rebuild(self, line_ids):
        """Take months and totals of the lines from their entries, for a repair.

        What transactions left for the balances is among the entries and is forgotten;
        what they have taken stays taken.
        """
        if not line_ids:
            return
        self._lock(line_ids)
        self.env.cr.execute(
            SQL(
                """DELETE FROM performance_budget_pending
                    WHERE line_ref = ANY(%(lines)s) AND amount_taken = 0;
                   UPDATE performance_budget_allocation allocation
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
                    WHERE booked.id = allocation.id""",
                lines=sorted(line_ids),
            )
        )
        self._add_up(line_ids)

    @api.model
    def _add_up(self, line_ids):
        """Take the totals of locked lines from their months and what is taken."""
        self.env.cr.execute(
            SQL(
                """UPDATE performance_budget_balance balance
                      SET %(totals)s, xact_id = pg_current_xact_id()
                     FROM (SELECT line.balance_id,
                                  SUM(a.amount_planned) AS planned,
                                  SUM(a.amount_reserved) - b.amount_reserved
                                      AS reserved,
                                  SUM(a.amount_committed) - b.amount_committed
                                      AS committed,
                                  SUM(a.amount_actual) - b.amount_actual AS actual,
                                  b.amount_pending - COALESCE(
                                      (SELECT SUM(amount_taken)
                                         FROM performance_budget_pending
                                        WHERE line_ref = line.id), 0) AS taken
                             FROM performance_budget_line line
                             JOIN performance_budget_balance b
                               ON b.id = line.balance_id
                             JOIN performance_budget_allocation a
                               ON a.line_id = line.id
                            WHERE line.id = ANY(%(lines)s)
                         GROUP BY line.id, b.id) total
                    WHERE balance.id = total.balance_id""",
                lines=sorted(line_ids),
                totals=self._new_totals(
                    SQL("total.planned - balance.amount_planned"),
                    SQL("total.taken"),
                ),
            )
        )
        self._forget_cached()

    @api.model
    def _add_to_months(self):
        """Return the statement that adds the rows of ``delta`` to their months."""
        return SQL(
            """UPDATE performance_budget_allocation allocation
                  SET amount_reserved = amount_reserved + delta.reserved,
                      amount_committed = amount_committed + delta.committed,
                      amount_actual = amount_actual + delta.actual
                 FROM delta
                WHERE allocation.line_id = delta.line_id
                  AND allocation.month = delta.month"""
        )

    @api.model
    def _new_totals(self, planned=ZERO, taken=ZERO):
        """Return the assignments that add the row ``total`` and keep the sums true.

        :param planned: what to add to the plan
        :param taken: what to give back of the pending amount
        """
        return SQL(
            """amount_planned = amount_planned + %(planned)s,
               amount_reserved = amount_reserved + total.reserved,
               amount_committed = amount_committed + total.committed,
               amount_actual = amount_actual + total.actual,
               amount_used = amount_used + %(added)s,
               amount_pending = amount_pending - %(taken)s,
               amount_available = amount_available + %(planned)s - %(added)s
                                + %(taken)s,
               usage_rate = ROUND((amount_used + %(added)s)
                            / NULLIF(amount_planned + %(planned)s, 0), 4)""",
            planned=planned,
            taken=taken,
            added=SQL("(total.reserved + total.committed + total.actual)"),
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
