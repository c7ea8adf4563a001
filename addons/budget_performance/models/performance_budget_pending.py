from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import money

KINDS = ("reserved", "committed", "actual")

# A row of a transaction that still runs, in the eyes of the statement that reads it.
# The age limit frees rows of a database restored from a dump, whose numbers may lie in
# the future of the new server.
IN_PROGRESS = SQL(
    """(NOT pg_visible_in_snapshot(pending.xact_id::xid8, pg_current_snapshot())
        AND pending.date > now() AT TIME ZONE 'UTC' - interval '1 day')"""
)


class PerformanceBudgetPending(models.Model):
    """What is on its way between the ledger and the balances.

    Two sorts of rows, both with the number of the transaction that asks:

    * *taken*, written by a short transaction before the asking one commits: money that
      nobody else may have meanwhile. It counts as long as the asking one runs;
    * *left*, written by the asking transaction beside its entries: what the balances
      have to take over. To be seen at all it must have been committed.

    So whoever meets rows of an ended transaction knows what to do, also after a crash:
    add what was left, forget what was taken. The balances do so in ``_settle``.
    """

    _name = "performance.budget.pending"
    _description = "Budget Use on Its Way"
    _log_access = False

    xact_id = fields.Char(required=True)
    # Not a foreign key: its check would wait for whoever changes the line.
    line_ref = fields.Integer(required=True, index=True)
    month = fields.Date(required=True)
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    amount_taken = fields.Float(digits=(20, 6), required=True, default=0.0)
    amount_reserved = fields.Float(digits=(20, 6), required=True, default=0.0)
    amount_committed = fields.Float(digits=(20, 6), required=True, default=0.0)
    amount_actual = fields.Float(digits=(20, 6), required=True, default=0.0)

    @api.model
    def _leave(self):
        """Return the statement that leaves word for the balances of what is booked.

        A part of the one that books, see ``_append`` of the entries: it names its rows
        ``row``, and the transaction ``p_leaving_xact`` if there is word to be left.
        """
        return SQL(
            """INSERT INTO performance_budget_pending (
                      xact_id, line_ref, month, date, amount_taken,
                      amount_reserved, amount_committed, amount_actual)
               SELECT p_leaving_xact, line_id, month, now() AT TIME ZONE 'UTC', 0,
                      COALESCE(SUM(amount) FILTER (WHERE kind = 'reserved'), 0),
                      COALESCE(SUM(amount) FILTER (WHERE kind = 'committed'), 0),
                      COALESCE(SUM(amount) FILTER (WHERE kind = 'actual'), 0)
                 FROM row
                WHERE p_leaving_xact IS NOT NULL
             GROUP BY line_id, month"""
        )

    @api.model
    def _get_left(self, xact_id):
        """Return ``{(line_id, month): Decimal}`` that this transaction left so far."""
        rows = self.env.execute_query(
            SQL(
                """SELECT line_ref, month,
                          SUM(amount_reserved + amount_committed + amount_actual)
                     FROM performance_budget_pending
                    WHERE xact_id = %s
                 GROUP BY line_ref, month""",
                xact_id,
            )
        )
        return {
            (line_id, month): money.exact(amount, money.FINEST, money.MAX_BOOKED)
            for line_id, month, amount in rows
        }


def as_columns(deltas):
    """Return lines, months and the amounts of each kind as lists, for ``unnest``.

    :param deltas: ``{(line_id, month): {kind: Decimal}}``, not empty
    """
    rows = (
        (line_id, month, *(amounts.get(kind, 0) for kind in KINDS))
        for (line_id, month), amounts in sorted(deltas.items())
    )
    return [list(column) for column in zip(*rows, strict=True)]
