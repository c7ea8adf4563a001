import logging
from contextlib import contextmanager
from functools import partial

from psycopg2 import Error

from odoo import SUPERUSER_ID, api, models
from odoo.sql_db import Cursor
from odoo.tools import SQL

from ..kept_connection import kept_connection
from .performance_budget_function import Function
from .performance_budget_pending import IN_PROGRESS

_logger = logging.getLogger(__name__)

# The short transactions may be lost with the server: without the one that asks, what
# was taken is void, and what was not settled is settled by the next who comes. So they
# need not wait for the disk. And as their locks are held for milliseconds, whoever
# waits long waits for himself: he is sent back to run his request again.
_BRIEFLY = SQL("SET LOCAL synchronous_commit = off; SET LOCAL lock_timeout = '10s';")


class PerformanceBudgetBalance(models.Model):
    """How many people share one line without waiting for each other's requests.

    Money is taken by a transaction of a few milliseconds that sees every balance as it
    is *now*, before the asking one commits; another one settles it after that. In
    between the balance shows less room than the ledger, never more.
    """

    _inherit = "performance.budget.balance"

    @api.model
    def _owns_any(self, transaction):
        """Tell whether the balances have to be written by the transaction itself.

        It must when it wrote some of them before, because another one would wait for
        it, and where all cursors are one connection, as they are in a browser test.
        """
        return transaction.owns_balances or not isinstance(self.env.cr, Cursor)

    @api.model
    def _get_functions(self):
        # EXTENDS 'performance.budget.function'
        return [
            *super()._get_functions(),
            self._take_function(),
            self._settle_function(),
        ]

    @api.model
    def _take_function(self):
        return Function(
            "performance_budget_take",
            SQL(
                """p_xact text, p_locked int[], p_lines int[], p_months date[],
                   p_amounts numeric[]"""
            ),
            SQL(
                """%s PERFORM FROM (%s) locked;
                   WITH taken AS (
                       INSERT INTO performance_budget_pending (
                              xact_id, line_ref, month, date, amount_taken,
                              amount_reserved, amount_committed, amount_actual)
                       SELECT p_xact, line_id, month, now() AT TIME ZONE 'UTC', amount,
                              0, 0, 0
                         FROM unnest(p_lines, p_months, p_amounts)
                              AS row(line_id, month, amount)
                    RETURNING line_ref, amount_taken
                   ), total AS (
                       SELECT line.balance_id, SUM(amount_taken) AS amount
                         FROM taken
                         JOIN performance_budget_line line ON line.id = line_ref
                     GROUP BY line.balance_id
                   )
                   UPDATE performance_budget_balance balance
                      SET amount_pending = amount_pending + total.amount,
                          amount_available = amount_available - total.amount
                     FROM total
                    WHERE balance.id = total.balance_id;""",
                _BRIEFLY,
                self._lock_query(SQL("p_locked")),
            ),
        )

    @api.model
    def _settle_function(self):
        return Function(
            "performance_budget_settle",
            SQL("p_lines int[]"),
            SQL(
                """%(briefly)s PERFORM FROM (%(lock)s) locked;
                   WITH gone AS (
                       DELETE FROM performance_budget_pending pending
                        WHERE line_ref = ANY(p_lines) AND NOT %(running)s
                    RETURNING *
                   ), delta AS (
                       SELECT line_ref AS line_id, month,
                              SUM(amount_taken) AS taken,
                              SUM(amount_reserved) AS reserved,
                              SUM(amount_committed) AS committed,
                              SUM(amount_actual) AS actual
                         FROM gone GROUP BY line_ref, month
                   ), month AS (%(months)s), total AS (
                       SELECT line.balance_id, SUM(taken) AS taken,
                              SUM(reserved) AS reserved,
                              SUM(committed) AS committed, SUM(actual) AS actual
                         FROM delta
                         JOIN performance_budget_line line ON line.id = delta.line_id
                     GROUP BY line.balance_id
                   )
                   UPDATE performance_budget_balance balance
                      SET %(totals)s
                     FROM total
                    WHERE balance.id = total.balance_id;""",
                briefly=_BRIEFLY,
                lock=self._lock_query(SQL("p_lines")),
                running=IN_PROGRESS,
                months=self._add_to_months(),
                totals=self._new_totals(taken=SQL("total.taken")),
            ),
        )

    @api.model
    @contextmanager
    def _aside(self):
        """Give a short transaction that sees what is committed now.

        It commits when the block ends, unless that raises.

        :return: something with the ``execute_query`` of an environment
        """
        cr = self.env.cr
        if not isinstance(cr, Cursor):  # the one connection of a browser test
            with self.env.registry.cursor() as cr:
                yield api.Environment(cr, SUPERUSER_ID, {})
            return
        with kept_connection(cr.dbname) as connection, connection.transaction():
            yield connection

    @api.model
    def _take(self, xact_id, line_ids, amounts):
        """Return what sets money aside for another transaction, under a lock.

        For :meth:`_aside`, before the figures are read there: who is refused rolls it
        back.

        :param xact_id: the transaction that asks, which is still running
        :param line_ids: the lines to lock
        :param amounts: ``{(line_id, month): Decimal}`` the most it will add
        """
        keys = sorted(amounts)
        return SQL(
            "SELECT performance_budget_take(%s, %s, %s, %s, %s)",
            xact_id,
            list(line_ids),
            [line_id for line_id, _month in keys],
            [month for _line_id, month in keys],
            [amounts[key] for key in keys],
        )

    @api.model
    def _settle_afterwards(self, line_ids):
        """Settle the lines once this transaction has ended, whichever way."""
        cr = self.env.cr
        settle = partial(_settle, cr.dbname, self._settle_statement(line_ids))
        cr.postcommit.add(settle)
        cr.postrollback.add(settle)

    @api.model
    def _settle_statement(self, line_ids):
        """Return what brings the balances of the lines up to the ledger.

        It takes over what ended transactions left and gives back what they had taken,
        in a short transaction of its own. Several may do so at once: for the second
        one the rows are gone.
        """
        return SQL("SELECT performance_budget_settle(%s)", sorted(line_ids))

    @api.model
    def _cron_settle(self):
        """Settle what a crash has left behind and nobody has met since."""
        self.env.cr.execute("SELECT DISTINCT line_ref FROM performance_budget_pending")
        line_ids = [line_id for (line_id,) in self.env.cr.fetchall()]
        if line_ids:
            _settle(self.env.cr.dbname, self._settle_statement(line_ids))


def _settle(dbname, statement):
    """Run the statement, which commits itself.

    The request is done, one way or the other: it must not fail on this any more.
    """
    try:
        with kept_connection(dbname) as connection:
            connection.execute_query(statement)
    except Error as error:
        _logger.info("Budget lines are settled later: %s", error)
