from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import money
from .performance_budget_round import OPEN_STATES


class PerformanceBudgetProposalLine(models.Model):
    """What a department asks for on a position: how much, when, and what for.

    Position and analytic accounts are the key of a line within its department, as
    they are in a budget; the cost centre of the department comes by itself.
    """

    _name = "performance.budget.proposal.line"
    _description = "Budget Proposal Line"
    _order = "proposal_id, position_id, id"
    _rec_names_search = ["position_id", "justification"]
    _check_company_auto = True

    _PROTECTED = frozenset(
        {
            "previous_line_id",
            "return_reason",
            "pool_line_id",
            "budget_line_id",
            "base_line_id",
            "last_planned",
            "last_actual",
            "last_open",
            "last_expected",
            "growth_rate",
            "risk",
        }
    )
    # What finance adds to a line, also after it was submitted.
    _ASSESSMENT = frozenset({"finance_note"})

    proposal_id = fields.Many2one(
        "performance.budget.proposal",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        domain="[('is_current', '=', True), ('state', '=', 'draft')]",
    )
    state = fields.Selection(related="proposal_id.state")
    round_id = fields.Many2one(
        related="proposal_id.round_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="proposal_id.company_id", store=True, precompute=True, index=True
    )
    department_id = fields.Many2one(
        related="proposal_id.department_id", store=True, precompute=True, index=True
    )
    iteration = fields.Integer(
        related="proposal_id.iteration", store=True, precompute=True, aggregator=None
    )
    is_current = fields.Boolean(
        related="proposal_id.is_current", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    position_id = fields.Many2one(
        "performance.budget.position",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    analytic_account_ids = fields.Many2many(
        "account.analytic.account",
        "performance_budget_proposal_line_analytic_rel",
        "line_id",
        "analytic_account_id",
        string="Projects",
        check_company=True,
        help="Beside the cost centre of the department, which comes by itself.",
    )
    analytic_key = fields.Char(compute="_compute_analytic_key", store=True)
    is_reserve = fields.Boolean(
        string="Reserve", help="Kept for emergencies: no document can use this line."
    )
    owner_id = fields.Many2one(
        "res.users",
        domain=[("share", "=", False)],
        help="Who will answer for the line in the budget. Empty: who proposes it.",
    )
    justification = fields.Text(help="What it serves, and what happens without it.")
    quantity = fields.Float(digits=(16, 2))
    unit_price = fields.Float(digits=(16, 4))
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="Of the whole period. With quantity and price it is their product.",
    )
    finance_note = fields.Char(
        string="Finance Says", help="What finance thinks of the line."
    )
    return_reason = fields.Text(string="To Change", readonly=True, copy=False)
    previous_line_id = fields.Many2one(
        "performance.budget.proposal.line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    previous_amount = fields.Monetary(
        related="previous_line_id.amount", string="Iteration Before"
    )
    pool_line_id = fields.Many2one(
        "performance.budget.proposal.line",
        string="Inside the Pool",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The proposed line that will be charged with all that this one is charged."
        " Totals add up the lines that lie in no pool.",
    )
    budget_line_id = fields.Many2one(
        "performance.budget.line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    _key_uniq = models.UniqueIndex(
        "(proposal_id, position_id, analytic_key) WHERE is_reserve IS NOT TRUE",
        "The department proposes this position with these projects already.",
    )
    _amount_in_range = models.Constraint(
        "CHECK (amount BETWEEN 0 AND 1000000000000)",
        "A proposed amount is zero or more, and below a million million.",
    )
    _quantity_in_range = models.Constraint(
        "CHECK (quantity BETWEEN 0 AND 1000000000000"
        " AND unit_price BETWEEN 0 AND 1000000000000)",
        "Quantity and price are zero or more, and below a million million.",
    )

    @api.depends("analytic_account_ids")
    def _compute_analytic_key(self):
        for line in self:
            line.analytic_key = ",".join(
                str(account_id) for account_id in sorted(line.analytic_account_ids.ids)
            )

    @api.depends("quantity", "unit_price")
    def _compute_amount(self):
        for line in self:
            if line.quantity and line.unit_price:
                product = line.quantity * line.unit_price
                line.amount = line.currency_id.round(product)
            else:
                line.amount = line.amount or 0.0

    @api.depends("position_id", "department_id", "analytic_account_ids", "is_reserve")
    def _compute_display_name(self):
        for line in self:
            names = [line.position_id.name or ""]
            if line.department_id:
                names.append(line.department_id.name)
            names += line.analytic_account_ids.mapped("name")
            if line.is_reserve:
                names.append(self.env._("Reserve"))
            line.display_name = " · ".join(names)

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        by_hand = [
            vals.get("distribution") == "hand" and bool(vals.get("month_ids"))
            for vals in vals_list
        ]
        for vals, own_months in zip(vals_list, by_hand, strict=True):
            if not own_months:
                vals.pop("month_ids", None)
            if vals.get("quantity") and vals.get("unit_price"):
                if not vals.get("amount"):  # a form sends zero for what it shows empty
                    vals.pop("amount", None)
        lines = super().create(vals_list)
        lines._check_open()
        lines.round_id._assign_pools()
        lines._assess()
        pairs = list(zip(lines, by_hand, strict=True))
        lines.browse(line.id for line, own in pairs if not own)._spread()
        lines.browse(line.id for line, own in pairs if own)._follow_months()
        return lines

    def write(self, vals):
        if "proposal_id" in vals and not self.env.su:
            raise UserError(
                self.env._("A line stays in its proposal: propose it anew there.")
            )
        assessing = vals.keys() <= self._ASSESSMENT
        self._check_open(assessing=assessing)
        result = super().write(vals)
        self._check_open(assessing=assessing)
        if {"position_id", "analytic_account_ids", "is_reserve"} & vals.keys():
            self.round_id._assign_pools()
            self._assess()
            self._spread()
        elif {"amount", "quantity", "unit_price", "distribution"} & vals.keys():
            self._assess()
            if vals.get("distribution", "") != "hand" or "amount" in vals:
                self._spread()
        return result

    def unlink(self):
        self._check_open()
        rounds = self.round_id
        result = super().unlink()
        rounds._assign_pools()
        return result

    def _has_field_access(self, field, operation):
        if operation == "write" and not self.env.su:
            if field.name in self._PROTECTED:
                return False
            if field.name in self._ASSESSMENT:
                return self.env.user.has_group(
                    "budget_performance.group_budget_officer"
                )
        return super()._has_field_access(field, operation)

    def _check_open(self, *, assessing=False):
        """:raise UserError: it was submitted, or nobody plans any more"""
        if self.env.su:
            return
        if assessing:
            self.round_id._check_state(*OPEN_STATES)
            if self.filtered(lambda line: not line.is_current):
                raise UserError(self.env._("A later iteration is worked on already."))
            return
        self.proposal_id._check_open()

    def _write_derived(self, vals):
        """Write what follows from other records: nothing else follows from it."""
        return super().write(vals)  # pylint: disable=super-method-mismatch

    def _get_exact_amount(self):
        self.ensure_one()
        return money.exact(self.amount, money.unit(self.currency_id.decimal_places))
