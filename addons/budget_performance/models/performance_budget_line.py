from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, ValidationError


class PerformanceBudgetLine(models.Model):
    """The unit of control: budget × position × analytic accounts.

    A line without analytic accounts stands for the whole company; several lines may
    match one document, then all of them are checked and charged.
    """

    _name = "performance.budget.line"
    _description = "Budget Line"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "budget_id desc, position_id, id"
    _rec_names_search = ["position_id", "analytic_account_ids"]
    _check_company_auto = True

    _PLAN_FIELDS = frozenset(
        {"budget_id", "position_id", "analytic_account_ids", "is_reserve"}
    )

    budget_id = fields.Many2one(
        "performance.budget",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('state', '=', 'draft')]",
        check_company=True,
    )
    state = fields.Selection(related="budget_id.state")
    date_from = fields.Date(related="budget_id.date_from")
    date_to = fields.Date(related="budget_id.date_to")
    company_id = fields.Many2one(
        related="budget_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    position_id = fields.Many2one(
        "performance.budget.position",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    department_id = fields.Many2one(
        "hr.department",
        compute="_compute_department_id",
        inverse="_inverse_department_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        check_company=True,
        help="Sets the cost centre of the line.",
    )
    analytic_account_ids = fields.Many2many(
        "account.analytic.account",
        "performance_budget_line_analytic_rel",
        "line_id",
        "analytic_account_id",
        string="Cost Centre and Project",
        check_company=True,
        help="What a document must be distributed to. Empty: the whole company.",
    )
    analytic_key = fields.Char(compute="_compute_analytic_key", store=True)
    owner_id = fields.Many2one(
        "res.users",
        domain=[("share", "=", False)],
        default=lambda self: self.env.user,
        index=True,
        tracking=True,
        help="Answers for the line and hears of it first.",
    )
    is_reserve = fields.Boolean(
        string="Reserve", help="Kept for emergencies: no document can use this line."
    )
    pool_line_id = fields.Many2one(
        "performance.budget.line",
        string="Inside the Pool",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The line that is charged with all that this one is charged. Totals add"
        " up the lines that lie in no pool.",
    )
    pool_member_ids = fields.One2many(
        "performance.budget.line", "pool_line_id", string="Lines Inside"
    )
    note = fields.Text()
    allocation_ids = fields.One2many(
        "performance.budget.allocation", "line_id", string="Months"
    )
    entry_ids = fields.One2many("performance.budget.entry", "line_id")
    balance_id = fields.Many2one(
        "performance.budget.balance",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        ondelete="restrict",
    )

    _key_uniq = models.UniqueIndex(
        "(budget_id, position_id, analytic_key) WHERE is_reserve IS NOT TRUE",
        "This budget has a line for this position and these analytic accounts already.",
    )

    @api.depends("analytic_account_ids")
    def _compute_department_id(self):
        centres = self.env["hr.department"]._get_by_cost_centre(
            self.analytic_account_ids
        )
        for line in self:
            found = [
                centres[account.id]
                for account in line.analytic_account_ids._origin
                if account.id in centres
            ]
            line.department_id = found[0] if found else False

    def _inverse_department_id(self):
        all_centres = self.env["hr.department"]._get_by_cost_centre()
        for line in self:
            others = line.analytic_account_ids.filtered(
                lambda account: account.id not in all_centres
            )
            centre = line.department_id._ensure_cost_centre()
            if line.analytic_account_ids != others | centre:
                line.analytic_account_ids = [Command.set((others | centre).ids)]

    @api.depends("analytic_account_ids")
    def _compute_analytic_key(self):
        for line in self:
            line.analytic_key = ",".join(
                str(account_id) for account_id in sorted(line.analytic_account_ids.ids)
            )

    @api.depends(
        "budget_id.name",
        "position_id",
        "department_id",
        "analytic_account_ids",
        "is_reserve",
    )
    @api.depends_context("lang", "show_budget")
    def _compute_display_name(self):
        for line in self:
            centre = line.department_id.cost_centre_id
            names = [line.position_id.name or ""]
            if line.department_id:
                names.append(line.department_id.name)
            names += (line.analytic_account_ids - centre).mapped("name")
            if line.is_reserve:
                names.append(self.env._("Reserve"))
            if self.env.context.get("show_budget") and line.budget_id:
                # sudo: only the name, where lines of two budgets look alike
                names.append(line.budget_id.sudo().name)
            line.display_name = " · ".join(names)

    @api.constrains("analytic_account_ids")
    def _check_one_account_per_plan(self):
        for line in self:
            plans = line.analytic_account_ids.root_plan_id
            if len(plans) < len(line.analytic_account_ids):
                raise ValidationError(
                    self.env._(
                        "“%(line)s” names two accounts of one plan: make a line for"
                        " each of them.",
                        line=line.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_balance_untouched(vals_list)
        Balance_sudo = self.env["performance.budget.balance"].sudo()
        budgets = self.env["performance.budget"].browse(
            vals["budget_id"] for vals in vals_list if vals.get("budget_id")
        )
        budgets._check_draft(self.env._("add lines"))
        # A balance is written by its model alone, nobody has rights on it.
        balances = Balance_sudo._create_empty(
            [
                self.env["performance.budget"].browse(vals.get("budget_id")).company_id
                or self.env.company
                for vals in vals_list
            ]
        )
        planned = [vals.pop("amount_planned", None) for vals in vals_list]
        lines = super().create(
            [
                {**vals, "balance_id": balance.id}
                for vals, balance in zip(vals_list, balances, strict=True)
            ]
        )
        lines._align_months()
        lines.budget_id._assign_pools()
        for line, amount in zip(lines, planned, strict=True):
            if amount is not None:
                line._spread_evenly(amount)
        return lines

    def write(self, vals):
        self._check_balance_untouched([vals])
        if self._PLAN_FIELDS & vals.keys():
            self.budget_id._check_draft(self.env._("change what its lines plan"))
        result = super().write(vals)
        if self._PLAN_FIELDS & vals.keys():
            self.budget_id._assign_pools()
        return result

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for line, vals in zip(self, vals_list, strict=True):
            vals["amount_planned"] = line.amount_planned
        return vals_list

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_force(self):
        for budget in self.budget_id:
            if budget.state not in ("draft", "cancelled"):
                budget._check_draft(self.env._("delete its lines"))

    def unlink(self):
        balances_sudo = self.sudo().balance_id  # nobody else may touch a balance
        budgets = self.budget_id
        result = super().unlink()
        budgets._assign_pools()
        balances_sudo.unlink()
        return result

    @api.model
    def _check_balance_untouched(self, vals_list):
        """:raise AccessError: a client tries to exchange the figures or the key"""
        derived = {"balance_id", "analytic_key", "pool_line_id", "pool_member_ids"}
        if not self.env.su and any(derived & vals.keys() for vals in vals_list):
            raise AccessError(self.env._("The balance of a line is set by the system."))

    def action_open_entries(self):
        """Open the ledger entries behind the figures."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "budget_performance.performance_budget_entry_action"
        )
        return {**action, "domain": [("line_id", "=", self.id)], "context": {}}

    def action_open_analysis(self):
        """Open the months of these lines as a pivot."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "budget_performance.performance_budget_analysis_action"
        )
        return {**action, "domain": [("line_id", "in", self.ids)]}
