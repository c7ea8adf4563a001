from odoo import fields, models


class PerformanceBudgetStop(models.Model):
    """What a document was told when the budget stopped it: written once, kept.

    A refusal undoes all that the request did, so the stop is written after it, see
    :meth:`_keep_afterwards`. The same document stopped for the same reason by the
    same person on one day is one stop.
    """

    _name = "performance.budget.stop"
    _description = "Budget Stop"
    _inherit = [
        "performance.budget.append.only",
        "performance.budget.document.record",
    ]
    _order = "id desc"
    _log_access = False
    _rec_name = "document_name"

    user_id = fields.Many2one(
        "res.users", string="Stopped", required=True, readonly=True, ondelete="restrict"
    )
    employee_id = fields.Many2one("hr.employee", readonly=True, ondelete="restrict")
    date = fields.Datetime(string="Stopped On", required=True, readonly=True)
    day = fields.Date(required=True, readonly=True)
    action = fields.Selection(
        [
            ("hold", "Held"),
            ("block", "Blocked"),
            ("closed", "Budget closed"),
            ("unbudgeted", "Not in the budget"),
        ],
        string="Reason",
        required=True,
        readonly=True,
    )
    message = fields.Text(string="What Was Said", required=True, readonly=True)
    line_id = fields.Many2one(
        "performance.budget.line",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The line that stopped it; the worst when there were several.",
    )
    month = fields.Date(string="Month of the Spending", readonly=True)
    amount = fields.Monetary(
        string="Requested", readonly=True, help="On the line that stopped it."
    )
    fingerprint = fields.Char(
        required=True, readonly=True, help="Of document, person and reason."
    )
    line_ids = fields.One2many(
        "performance.budget.stop.line", "stop_id", string="Figures", readonly=True
    )

    _document = models.Index("(res_model, res_id, day)")
    _once_a_day = models.UniqueIndex(
        "(fingerprint, day)", "This stop is known already."
    )
