from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError


class PerformanceBudgetDelegation(models.Model):
    """Who decides on adjustments and rounds for somebody who is away."""

    _name = "performance.budget.delegation"
    _description = "Budget Delegation"
    _order = "date_from desc, id desc"
    _rec_name = "delegate_id"

    user_id = fields.Many2one(
        "res.users",
        string="Who Is Away",
        required=True,
        index=True,
        default=lambda self: self.env.user,
    )
    delegate_id = fields.Many2one(
        "res.users",
        string="Who Decides",
        required=True,
        domain=[("share", "=", False)],
    )
    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(string="Until", required=True)
    note = fields.Char()

    _date_order = models.Constraint(
        "CHECK (date_from <= date_to)", "A delegation ends after it begins."
    )
    _somebody_else = models.Constraint(
        "CHECK (user_id <> delegate_id)", "Name somebody else."
    )

    @api.constrains("delegate_id")
    def _check_delegate(self):
        for delegation in self:
            delegate_sudo = delegation.delegate_id.sudo()  # his groups, nothing else
            if not delegate_sudo.has_group("budget_performance.group_budget_owner"):
                raise ValidationError(
                    self.env._(
                        "%s is no budget owner: he could not read what he decides on.",
                        delegate_sudo.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        delegations = super().create(vals_list)
        delegations._check_own()
        return delegations

    def write(self, vals):
        self._check_own()
        result = super().write(vals)
        self._check_own()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_own(self):
        self._check_own()

    def _check_own(self):
        """:raise AccessError: nobody hands on what another one decides"""
        if not self.env.su and self.user_id - self.env.user:
            raise AccessError(self.env._("You can only hand on your own decisions."))

    @api.model
    def _get_delegates(self, company):
        """Return ``{user id: set of user ids}`` who stand in today."""
        today = fields.Date.today()
        delegates = defaultdict(set)
        # sudo: whoever looks who decides need not see why somebody is away
        for delegation in self.sudo().search(
            [("date_from", "<=", today), ("date_to", ">=", today)]
        ):
            if company in delegation.delegate_id.company_ids:
                delegates[delegation.user_id.id].add(delegation.delegate_id.id)
        return delegates
