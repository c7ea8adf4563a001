from odoo import fields, models


class PerformanceBudgetAuthorizationLine(models.Model):
    """What is asked for on one budget line, with the figures of that moment."""

    _name = "performance.budget.authorization.line"
    _description = "Budget Authorisation Line"
    _order = "id"
    _log_access = False

    authorization_id = fields.Many2one(
        "performance.budget.authorization",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    line_id = fields.Many2one(
        "performance.budget.line",
        string="Budget Line",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    month = fields.Date(required=True, readonly=True)
    amount = fields.Monetary(
        string="Asked For",
        required=True,
        readonly=True,
        help="What the document may hold on the line in this month.",
    )
    amount_planned = fields.Monetary(string="Planned", readonly=True)
    amount_used = fields.Monetary(string="Used Before", readonly=True)
    amount_limit = fields.Monetary(string="Limit", readonly=True)
    usage_rate = fields.Float(
        string="Usage After", readonly=True, digits=(16, 4), aggregator="max"
    )
