from odoo import api, fields, models

from .performance_budget_adjustment import KIND


class PerformanceBudgetAdjustmentLevel(models.Model):
    """Who decides on adjustments of a kind, from which amount on."""

    _name = "performance.budget.adjustment.level"
    _description = "Budget Adjustment Level"
    _inherit = ["performance.budget.level"]

    kind = fields.Selection(
        KIND,
        help="Empty: every kind. A level for a kind takes the place of the general one"
        " with the same sequence.",
    )
    approver = fields.Selection(
        selection_add=[
            ("department", "Heads of the departments"),
            ("group",),
        ],
        ondelete={"department": "cascade"},
    )

    @api.model
    def _find(self, company, kind, amount):
        """Return the levels that decide; one for a kind replaces the general one."""
        levels = self.search(
            [
                ("company_id", "in", (False, company.id)),
                ("kind", "in", (False, kind)),
            ]
        )
        chosen = self.browse()
        for same_place in levels.grouped("sequence").values():
            particular = same_place.filtered("kind")
            chosen |= (particular or same_place).filtered(
                lambda level: level.amount_from <= amount
            )
        return chosen
