from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import money
from .performance_budget_function import Function

# States of a document whose spending is in the books.
SPENT_STATES = ("posted", "in_payment", "paid", "billed")


class Transaction(NamedTuple):
    """What the ledger has to know of the running transaction.

    :param id: its number, as text
    :param owns_balances: it wrote balances in its own name
    :param has_left: it left word for balances before
    """

    id: str
    owns_balances: bool
    has_left: bool


class PerformanceBudgetEntry(models.Model):
    """How entries are read by document, and how they are made."""

    _inherit = "performance.budget.entry"

    @api.model
    def _get_functions(self):
        # EXTENDS 'performance.budget.function'
        return [
            *super()._get_functions(),
            self._books_function(),
            self._append_function(),
        ]

    @api.model
    def _books_function(self):
        return Function(
            "performance_budget_books",
            SQL("p_models text[], p_ids int[]"),
            SQL(
                """RETURN QUERY
               SELECT mine.*, held.*
                 FROM (SELECT pg_current_xact_id()::text,
                              EXISTS (SELECT FROM performance_budget_balance
                                       WHERE xact_id = pg_current_xact_id()::text),
                              EXISTS (SELECT FROM performance_budget_pending
                                       WHERE xact_id = pg_current_xact_id()::text)
                      ) mine
            LEFT JOIN (SELECT entry.res_model::text, entry.res_id, entry.line_id,
                              entry.month, entry.kind::text, SUM(amount),
                              CASE WHEN SUM(amount) > 0
                                   THEN MAX(entry.id) FILTER (WHERE amount > 0)
                                   ELSE MAX(entry.id) FILTER (WHERE amount < 0) END
                         FROM performance_budget_entry entry
                         JOIN unnest(p_models, p_ids) AS document(res_model, res_id)
                           ON entry.res_model = document.res_model
                          AND entry.res_id = document.res_id
                     GROUP BY entry.res_model, entry.res_id, entry.line_id,
                              entry.month, entry.kind
                      ) held ON TRUE;"""
            ),
            returns=SQL(
                """xact text, owns_balances boolean, has_left boolean,
                   res_model text, res_id int, line_id int, month date, kind text,
                   held numeric, last_id int"""
            ),
        )

    @api.model
    def _append_function(self):
        # sudo: nobody has rights on what is pending; this reads no record
        Pending_sudo = self.env["performance.budget.pending"].sudo()
        return Function(
            "performance_budget_append",
            SQL(
                """p_models text[], p_ids int[], p_lines int[], p_months date[],
                   p_kinds text[], p_amounts numeric[], p_reversed int[],
                   p_names text[], p_states text[],
                   p_user int, p_date timestamp, p_leaving_xact text"""
            ),
            SQL(
                """WITH row AS (
                   SELECT * FROM unnest(
                       p_models, p_ids, p_lines, p_months, p_kinds, p_amounts,
                       p_reversed, p_names, p_states)
                       WITH ORDINALITY AS row(
                           res_model, res_id, line_id, month, kind, amount,
                           reversed_id, document_name, source_state, place)
               ), holding AS (
                   INSERT INTO performance_budget_holding AS holding (
                          res_model, res_id, revision)
                   SELECT DISTINCT res_model, res_id, 1 FROM row ORDER BY 1, 2
              ON CONFLICT (res_model, res_id)
                DO UPDATE SET revision = holding.revision + 1
               ), pending AS (%s)
               INSERT INTO performance_budget_entry (
                      res_model, res_id, line_id, month, kind, amount, reversed_id,
                      document_name, source_state, budget_id, company_id, user_id,
                      date)
               SELECT res_model, res_id, row.line_id, month, kind, amount,
                      reversed_id, document_name, source_state, line.budget_id,
                      line.company_id, p_user, p_date
                 FROM row
                 JOIN performance_budget_line line ON line.id = row.line_id
             ORDER BY place;""",
                Pending_sudo._leave(),
            ),
        )

    @api.model
    def _get_held(self, res_model, res_ids):
        """Return what the ledger says the documents hold now.

        :return: ``{(res_id, line_id, month, kind): (amount, last entry id)}``
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT res_id, line_id, month, kind, SUM(amount),
                          CASE WHEN SUM(amount) > 0
                               THEN MAX(id) FILTER (WHERE amount > 0)
                               ELSE MAX(id) FILTER (WHERE amount < 0) END
                     FROM performance_budget_entry
                    WHERE res_model = %s AND res_id = ANY(%s)
                 GROUP BY res_id, line_id, month, kind
                   HAVING SUM(amount) <> 0""",
                res_model,
                list(res_ids),
            )
        )
        return {tuple(row[:4]): (row[4], row[5]) for row in rows}

    @api.model
    def _read_books(self, ids_by_model):
        """Return what documents hold and held, and the transaction that asks.

        :param ids_by_model: ``{model name: document ids}``
        :return: ``({model name: {position: (amount, last entry id)}}, Transaction)``;
            a position is ``(res_id, line_id, month, kind)``, its amount may be zero
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT * FROM performance_budget_books(%s, %s)",
                [model for model, ids in ids_by_model.items() for _id in ids],
                [res_id for ids in ids_by_model.values() for res_id in ids],
            )
        )
        books = {model: {} for model in ids_by_model}
        for *_mine, model, res_id, line_id, month, kind, amount, last_id in rows:
            if model:
                held = money.exact(amount, money.FINEST, money.MAX_BOOKED)
                books[model][res_id, line_id, month, kind] = held, last_id
        return books, Transaction(*rows[0][:3])

    @api.model
    def _append(self, rows, leaving_xact=None):
        """Append rows to the ledger.

        Each document has a row that every transaction writes that books for it. Two
        that book for the same document at once would both start from what it held
        before; the second one fails on that row and its request runs again.

        :param rows: list of ``(model name, Difference, document name, its state)``
        :param leaving_xact: the transaction that books, when it leaves word of it for
            the balances; None when it writes them itself
        """
        self.env["performance.budget.line"].flush_model(["budget_id", "company_id"])
        self.env.cr.execute(
            SQL(
                "SELECT performance_budget_append(%s)",
                SQL(", ").join(
                    [
                        *_entry_columns(rows),
                        self.env.uid,
                        fields.Datetime.now(),
                        leaving_xact,
                    ]
                ),
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _touch(self, ids_by_model):
        """Write the rows of documents that hold already what they should.

        That was found out from what this transaction sees of them. Another one may
        change it by other rows of theirs, such as those of their journal entry: one
        of the two fails here and its request runs again.

        :param ids_by_model: ``{model name: document ids}``
        """
        pairs = [
            (model, res_id) for model, ids in ids_by_model.items() for res_id in ids
        ]
        if not pairs:
            return
        self.env.cr.execute(
            SQL(
                """INSERT INTO performance_budget_holding AS holding (
                          res_model, res_id, revision)
                   SELECT res_model, res_id, 1
                     FROM unnest(%s::text[], %s::int[]) AS row(res_model, res_id)
                 ORDER BY 1, 2
              ON CONFLICT (res_model, res_id)
                DO UPDATE SET revision = holding.revision + 1""",
                *map(list, zip(*pairs, strict=True)),
            )
        )

    @api.model
    def _get_given_back(self, res_model, res_ids):
        """Return what documents held until their spending was booked.

        :return: ``{(res_id, line_id, month, kind): Decimal}``
        """
        if not res_ids:
            return {}
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT ON (res_id, line_id, month)
                          res_id, line_id, month, kind, amount, source_state
                     FROM performance_budget_entry
                    WHERE res_model = %s AND res_id = ANY(%s) AND kind = 'committed'
                 ORDER BY res_id, line_id, month, id DESC""",
                res_model,
                list(res_ids),
            )
        )
        return {
            tuple(position): -money.exact(amount, money.FINEST, money.MAX_BOOKED)
            for *position, amount, state in rows
            if amount < 0 and state in SPENT_STATES
        }


def _entry_columns(rows):
    """Return the rows as a list for each column, for ``unnest``."""
    columns = zip(
        *((model, *row, name, state) for model, row, name, state in rows), strict=True
    )
    return [list(column) for column in columns]
