from datetime import timedelta

from odoo import api, fields, models

from ..tools import override
from .performance_budget_authorization import VALID_DAYS


class PerformanceBudgetOverride(models.Model):
    """That somebody let a document pass a line that stopped it: kept for ever.

    One row for each line and month. It lets exactly this document hold at most this
    amount there until it expires: a document that grew is stopped again.
    """

    _name = "performance.budget.override"
    _description = "Budget Override"
    _inherit = [
        "performance.budget.append.only",
        "performance.budget.document.record",
    ]
    _order = "id desc"
    _log_access = False
    _rec_name = "document_name"

    line_id = fields.Many2one(
        "performance.budget.line",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    month = fields.Date(required=True, readonly=True)
    level = fields.Selection(
        [("hold", "Held"), ("block", "Blocked"), ("closed", "Budget closed")],
        string="Passed",
        required=True,
        readonly=True,
        help="What stood in the way; what is milder is passed as well.",
    )
    amount = fields.Monetary(required=True, readonly=True)
    amount_planned = fields.Monetary(string="Planned", readonly=True)
    amount_used = fields.Monetary(string="Used Before", readonly=True)
    amount_limit = fields.Monetary(string="Limit", readonly=True)
    reason = fields.Text(required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users",
        string="Overridden By",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    right_id = fields.Many2one(
        "performance.budget.override.right",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    date = fields.Datetime(
        string="Overridden On",
        required=True,
        readonly=True,
        default=fields.Datetime.now,
    )
    date_expiry = fields.Date(
        string="Valid Until",
        required=True,
        readonly=True,
        default=lambda self: fields.Date.today() + timedelta(days=VALID_DAYS),
    )

    _document = models.Index("(res_model, res_id)")

    @api.model
    def _get_allowed(self, res_model, res_ids, level):
        """Return what overrides let documents hold today.

        :param level: what stands in the way, see :data:`~..tools.override.LEVELS`
        :return: ``{(res_id, line_id, month): largest amount}``
        """
        levels = [known for known in override.LEVELS if override.reaches(known, level)]
        allowed = {}
        for row in self.search(
            [
                ("res_model", "=", res_model),
                ("res_id", "in", list(res_ids)),
                ("level", "in", levels),
                ("date_expiry", ">=", fields.Date.today()),
            ]
        ):
            key = (row.res_id, row.line_id.id, row.month)
            allowed[key] = max(row.amount, allowed.get(key, 0.0))
        return allowed
