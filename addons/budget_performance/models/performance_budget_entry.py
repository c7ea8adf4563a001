from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import money

ENTRY_KIND = [
    ("reserved", "Reserved"),
    ("committed", "Committed"),
    ("actual", "Actual"),
]


# States of a document whose spending is in the books.
SPENT_STATES = ("posted", "in_payment", "paid")


class PerformanceBudgetEntry(models.Model):
    """Append-only ledger of what documents hold on budget lines.

    Nobody updates or deletes a row, the database refuses it too: a correction is a
    new row that points to the one it takes back.
    """

    _name = "performance.budget.entry"
    _description = "Budget Entry"
    _order = "id desc"
    _log_access = False

    line_id = fields.Many2one(
        "performance.budget.line",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    budget_id = fields.Many2one(
        "performance.budget",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    position_id = fields.Many2one(related="line_id.position_id")
    department_id = fields.Many2one(related="line_id.department_id")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(required=True, readonly=True)
    kind = fields.Selection(ENTRY_KIND, required=True, readonly=True)
    amount = fields.Monetary(required=True, readonly=True)
    res_model = fields.Char(string="Document Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Document ID", model_field="res_model", required=True, readonly=True
    )
    document_name = fields.Char(
        string="Document",
        readonly=True,
        help="As it was called when the entry was made.",
    )
    reversed_id = fields.Many2one(
        "performance.budget.entry",
        string="Takes Back",
        readonly=True,
        index="btree_not_null",
    )
    source_state = fields.Char(
        readonly=True, help="State of the document that led to the entry."
    )
    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, default=lambda self: self.env.user
    )
    date = fields.Datetime(
        string="Booked On", required=True, readonly=True, default=fields.Datetime.now
    )

    _document = models.Index("(res_model, res_id)")

    def init(self):
        self.env.cr.execute(
            """
            CREATE OR REPLACE FUNCTION performance_budget_entry_append_only()
            RETURNS trigger LANGUAGE plpgsql AS $body$
            BEGIN
                RAISE EXCEPTION 'performance_budget_entry is append-only';
            END $body$;
            DROP TRIGGER IF EXISTS performance_budget_entry_append_only
                ON performance_budget_entry;
            CREATE TRIGGER performance_budget_entry_append_only
                BEFORE UPDATE OR DELETE ON performance_budget_entry
                FOR EACH ROW
                EXECUTE FUNCTION performance_budget_entry_append_only();
            DROP TRIGGER IF EXISTS performance_budget_entry_no_truncate
                ON performance_budget_entry;
            CREATE TRIGGER performance_budget_entry_no_truncate
                BEFORE TRUNCATE ON performance_budget_entry
                FOR EACH STATEMENT
                EXECUTE FUNCTION performance_budget_entry_append_only();
            """
        )

    @api.depends("document_name", "kind", "amount")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for entry in self:
            entry.display_name = f"{entry.document_name} · {kinds.get(entry.kind, '')}"

    # Append-only: there is no write to call.
    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(
            self.env._("Budget entries are never changed: correct the document.")
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("Budget entries are never deleted: correct the document.")
        )

    def action_open_document(self):
        """Open the claim or journal entry behind the figure.

        :raise UserError: the document was deleted
        """
        self.ensure_one()
        document = self.env[self.res_model].browse(self.res_id).exists()
        if not document:
            raise UserError(
                self.env._("“%s” was deleted since.", self.document_name or self.res_id)
            )
        return document._get_records_action()

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
