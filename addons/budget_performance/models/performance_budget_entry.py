from odoo import api, fields, models

ENTRY_KIND = [
    ("reserved", "Reserved"),
    ("committed", "Committed"),
    ("actual", "Actual"),
]


class PerformanceBudgetEntry(models.Model):
    """Append-only ledger of what documents hold on budget lines.

    Nobody updates or deletes a row, the database refuses it too: a correction is a
    new row that points to the one it takes back.
    """

    _name = "performance.budget.entry"
    _description = "Budget Entry"
    _inherit = [
        "performance.budget.append.only",
        "performance.budget.document.reference",
        "performance.budget.function",
    ]
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

    @api.depends("document_name", "kind", "amount")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for entry in self:
            entry.display_name = f"{entry.document_name} · {kinds.get(entry.kind, '')}"

    def _get_append_only_message(self):
        return self.env._(
            "Budget entries are never changed or deleted: correct the document."
        )
