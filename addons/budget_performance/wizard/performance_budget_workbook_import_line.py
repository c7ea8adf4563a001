from odoo import api, fields, models
from odoo.tools import SQL

COLUMNS = ("kind", "name", "row", "amount_before", "amount_after", "details")


class PerformanceBudgetWorkbookImportLine(models.TransientModel):
    """A line of a plan that a workbook would change."""

    _name = "performance.budget.workbook.import.line"
    _description = "Change by a Workbook"
    _rec_name = "name"

    import_id = fields.Many2one(
        "performance.budget.workbook.import",
        required=True,
        index=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="import_id.currency_id")
    kind = fields.Selection(
        [("new", "New"), ("changed", "Changed"), ("removed", "Removed")],
        string="Change",
        readonly=True,
    )
    name = fields.Char(string="Line", readonly=True)
    row = fields.Integer(readonly=True)
    amount_before = fields.Monetary(string="Before", readonly=True)
    amount_after = fields.Monetary(string="After", readonly=True)
    details = fields.Char(readonly=True)

    @api.model
    def _insert(self, wizard, rows):
        """Show rows, thousands in one statement: each record would ask its currency.

        :param rows: dicts of all columns; amounts in the unit of the currency
        """
        rows = list(rows)
        self.check_access("create")
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """INSERT INTO performance_budget_workbook_import_line (
                       import_id, create_uid, create_date, write_uid, write_date,
                       kind, name, row, amount_before, amount_after, details)
                   SELECT %s, %s, %s, %s, %s, line.kind, line.name, line.row,
                          line.amount_before, line.amount_after, line.details
                     FROM unnest(%s::text[], %s::text[], %s::int[], %s::numeric[],
                                 %s::numeric[], %s::text[]) WITH ORDINALITY
                       AS line(kind, name, row, amount_before, amount_after, details,
                               number)
                 ORDER BY line.number""",
                wizard.id,
                *(self.env.uid, self.env.cr.now()) * 2,
                *([row[name] for row in rows] for name in COLUMNS),
            )
        )
        wizard.invalidate_recordset(["line_ids"])
