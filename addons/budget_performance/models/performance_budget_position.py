from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class PerformanceBudgetPosition(models.Model):
    """What money is spent on: a named set of accounts.

    A line on a position covers the accounts of the position and of its children, so
    that "Travel" can be the pool of "Flights" and "Hotels".
    """

    _name = "performance.budget.position"
    _description = "Budget Position"
    _parent_store = True
    _order = "sequence, name, id"
    _rec_names_search = ["name", "code"]
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char()
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    parent_id = fields.Many2one(
        "performance.budget.position",
        string="Parent Position",
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("performance.budget.position", "parent_id")
    account_ids = fields.Many2many(
        "account.account",
        "performance_budget_position_account_rel",
        "position_id",
        "account_id",
        string="Accounts",
        check_company=True,
        domain="[('account_type', 'not in', ('asset_receivable', 'liability_payable',"
        " 'asset_cash', 'liability_credit_card', 'off_balance'))]",
    )
    line_ids = fields.One2many("performance.budget.line", "position_id")
    line_count = fields.Integer(compute="_compute_line_count", string="Lines")

    _code_company_uniq = models.UniqueIndex(
        "(code, company_id) WHERE active IS TRUE AND code IS NOT NULL",
        "Another position of this company already has this code.",
    )

    @api.depends("line_ids")
    def _compute_line_count(self):
        counts = dict(
            self.env["performance.budget.line"]._read_group(
                [("position_id", "in", self.ids)], ["position_id"], ["__count"]
            )
        )
        for position in self:
            position.line_count = counts.get(position, 0)

    @api.constrains("parent_id")
    def _check_parent_id(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._("A position cannot be its own parent or grandparent.")
            )

    def write(self, vals):
        if {"account_ids", "parent_id", "company_id"} & vals.keys():
            self._check_not_in_use()
        return super().write(vals)

    def action_open_lines(self):
        """Open the budget lines on these positions and their children."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "budget_performance.performance_budget_line_action"
        )
        return {**action, "domain": [("position_id", "child_of", self.ids)]}

    def _get_covered_accounts(self):
        """Return the accounts of the positions and of all their children."""
        return self.search([("id", "child_of", self.ids)]).account_ids

    def _check_not_in_use(self):
        """Money never moves because a master record changed.

        :raise UserError: an approved budget plans on one of the positions
        """
        in_use = self.env["performance.budget.line"].search(
            [
                "|",
                ("position_id", "parent_of", self.ids),
                ("position_id", "child_of", self.ids),
                ("state", "in", ("approved", "closed")),
            ],
            limit=1,
        )
        if in_use:
            raise UserError(
                self.env._(
                    "The budget “%(budget)s” plans on position “%(position)s”: its"
                    " accounts and its parent stay as they are. Add a new position"
                    " for the next budget instead.",
                    budget=in_use.budget_id.name,
                    position=in_use.position_id.name,
                )
            )
