from odoo import fields, models


class PerformanceBudgetDecision(models.AbstractModel):
    """One decision on a request: written once, never changed.

    A model adds what is decided on (the ``_approval_inverse`` of the request), its
    ``level_id`` and the words of its ``decision``; a ``revision`` where a request is
    submitted again, a ``line_id`` where owners decide about their lines.
    """

    _name = "performance.budget.decision"
    _description = "Budget Decision"
    _inherit = ["performance.budget.append.only"]
    _order = "id"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    comment = fields.Text(readonly=True)
    fingerprint = fields.Char(
        required=True, readonly=True, help="Of the values that were decided on."
    )
    user_id = fields.Many2one("res.users", required=True, readonly=True)
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
