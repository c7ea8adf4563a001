from odoo import fields, models


class PerformanceBudgetLevel(models.AbstractModel):
    """Who decides on requests, from which amount on."""

    _name = "performance.budget.level"
    _description = "Budget Approval Level"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, help="Lower levels decide first.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: every company."
    )
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", compute_sudo=True
    )
    approver = fields.Selection(
        [("owner", "Owners of the budget lines"), ("group", "Members of a group")],
        required=True,
        default="group",
    )
    group_id = fields.Many2one("res.groups")
    amount_from = fields.Monetary(
        string="From Amount", help="Requests of this amount or more need the level."
    )

    _group_given = models.Constraint(
        "CHECK (approver != 'group' OR group_id IS NOT NULL)",
        "Name the group whose members decide.",
    )

    def _compute_currency_id(self):
        for level in self:
            level.currency_id = (level.company_id or self.env.company).currency_id
