from odoo import models


class PerformanceBudgetRoundLevel(models.Model):
    """Who decides on budget rounds, from which amount on."""

    _name = "performance.budget.round.level"
    _description = "Budget Round Level"
    _inherit = ["performance.budget.level"]

    # Whose money it is has agreed by submitting: groups decide about the whole.
    _groups_only = models.Constraint(
        "CHECK (approver = 'group')", "Members of a group decide about a round."
    )
