from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError

from ..tools import money, override

GROUP = "budget_performance.group_budget_override"


class PerformanceBudgetOverrideRight(models.Model):
    """Who may let a document pass a line that blocks it, up to which amount.

    Finance managers give it, nobody to himself. Passing a closed budget is a right of
    its own. Used rights stay, archived: an override names the one it rests on.
    """

    _name = "performance.budget.override.right"
    _description = "Budget Override Right"
    _inherit = ["mail.thread"]
    _order = "company_id, user_id, id"
    _rec_name = "user_id"
    _check_company_auto = True

    user_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        domain=[("share", "=", False)],
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    active = fields.Boolean(default=True, tracking=True)
    amount_limit = fields.Monetary(
        string="Limit",
        required=True,
        tracking=True,
        help="The most that one document may take from a line that stops it.",
    )
    may_pass_closed = fields.Boolean(
        string="Closed Budgets",
        tracking=True,
        help="May let documents be charged to a closed budget as well.",
    )
    date_from = fields.Date(
        string="Valid From",
        required=True,
        tracking=True,
        default=fields.Date.context_today,
    )
    date_to = fields.Date(
        string="Valid Until",
        required=True,
        tracking=True,
        default=lambda self: (
            fields.Date.context_today(self) + relativedelta(years=1, days=-1)
        ),
    )

    _limit_range = models.Constraint(
        "CHECK (amount_limit > 0 AND amount_limit <= 1000000000000)",
        "The limit of an override right is above zero, and not beyond what can be"
        " planned.",
    )
    _date_order = models.Constraint(
        "CHECK (date_from <= date_to)", "A right cannot end before it begins."
    )

    @api.constrains(
        "user_id",
        "company_id",
        "active",
        "amount_limit",
        "may_pass_closed",
        "date_from",
        "date_to",
    )
    def _check_not_to_himself(self):
        for right in self:
            if right.user_id == self.env.user:
                raise ValidationError(
                    self.env._(
                        "Nobody gives himself the right to override budgets: ask"
                        " another finance manager."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        rights = super().create(vals_list)
        self._sync_group(rights.user_id)
        return rights

    def write(self, vals):
        users = self.user_id
        result = super().write(vals)
        if {"user_id", "active"} & vals.keys():
            self._sync_group(users | self.user_id)
        return result

    def unlink(self):
        users = self.user_id
        result = super().unlink()
        self._sync_group(users)
        return result

    @api.model
    def _sync_group(self, users):
        """Show the action to those who have a right; the right itself is checked."""
        # sudo: a finance manager gives rights without being an administrator
        holders_sudo = self.sudo().search([("user_id", "in", users.ids)]).user_id
        group_sudo = self.env.ref(GROUP).sudo()
        group_sudo.user_ids = [
            *map(Command.link, holders_sudo.ids),
            *map(Command.unlink, (users.sudo() - holders_sudo).ids),
        ]

    @api.model
    def _get_of(self, user, company):
        """Return the rights of a user as plain values, expired ones included."""
        # sudo: who has a right need not be able to read rights
        rights_sudo = self.sudo().search(
            [("user_id", "=", user.id), ("company_id", "=", company.id)]
        )
        return [
            override.Right(
                right.id,
                money.exact(right.amount_limit, money.FINEST),
                right.may_pass_closed,
                right.date_from,
                right.date_to,
            )
            for right in rights_sudo
        ]
