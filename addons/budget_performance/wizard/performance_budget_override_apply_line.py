from odoo import fields, models


class PerformanceBudgetOverrideApplyLine(models.TransientModel):
    """A line that stops the document that is about to be let pass."""

    _name = "performance.budget.override.apply.line"
    _description = "Override the Budget Line"

    apply_id = fields.Many2one(
        "performance.budget.override.apply",
        required=True,
        index=True,
        ondelete="cascade",
    )
    name = fields.Char(string="Budget Line", readonly=True)
    owner_id = fields.Many2one("res.users", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    level = fields.Selection(
        [("hold", "Held"), ("block", "Blocked"), ("closed", "Budget closed")],
        readonly=True,
    )
    amount = fields.Monetary(string="Requested", readonly=True)
    amount_planned = fields.Monetary(string="Planned", readonly=True)
    amount_used = fields.Monetary(string="Used", readonly=True)
    amount_limit = fields.Monetary(string="Limit", readonly=True)
