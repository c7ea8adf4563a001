from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..tools import distribution, ledger, money, periods


class PerformanceBudgetRuleTest(models.TransientModel):
    """Says what would happen to a spending, and why; nothing is booked.

    The lines are found and judged as for a real document. What the reader may not
    read is left out, of the answer as well: nobody learns of other people's lines.
    """

    _name = "performance.budget.rule.test"
    _description = "Budget Rule Test"
    _inherit = ["analytic.mixin"]

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    document_type = fields.Selection(
        selection="_get_document_types",
        required=True,
        default="expense",
        help="Rules may be for one type of document only.",
    )
    product_id = fields.Many2one(
        "product.product",
        string="Category",
        domain="[('can_be_expensed', '=', True),"
        " ('company_id', 'in', (False, company_id))]",
        help="Chooses the account.",
    )
    account_id = fields.Many2one(
        "account.account",
        compute="_compute_account_id",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        domain="[('company_ids', 'in', company_id)]",
    )
    department_id = fields.Many2one(
        "hr.department",
        domain="[('company_id', 'in', (False, company_id))]",
        help="Distributes the amount to the cost centre of the department.",
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    amount = fields.Monetary(
        required=True, help="In the currency of the company, without recoverable tax."
    )
    action = fields.Selection(
        [
            ("ok", "It passes"),
            ("alert", "It passes, with an alert"),
            ("hold", "It is held until somebody authorises it"),
            ("block", "It is blocked"),
        ],
        string="Answer",
        readonly=True,
    )
    message = fields.Text(
        readonly=True, help="The sentences that the user would be told."
    )
    line_ids = fields.One2many(
        "performance.budget.rule.test.line",
        "test_id",
        readonly=True,
        domain=[("is_match", "=", True)],
    )
    miss_ids = fields.One2many(
        "performance.budget.rule.test.line",
        "test_id",
        readonly=True,
        domain=[("is_match", "=", False)],
    )
    band_ids = fields.One2many(
        "performance.budget.rule.test.band", "test_id", readonly=True
    )

    @api.depends("product_id", "company_id")
    def _compute_account_id(self):
        for test in self:
            # sudo: the accounts of a category are settings of the company
            product_sudo = test.product_id.sudo().with_company(test.company_id)
            test.account_id = (
                product_sudo.product_tmpl_id._get_product_accounts()["expense"]
                if product_sudo
                else test.account_id
            )

    @api.depends("department_id")
    def _compute_analytic_distribution(self):
        for test in self:
            centre = test.department_id.cost_centre_id
            test.analytic_distribution = (
                {str(centre.id): 100.0} if centre else test.analytic_distribution
            )

    def _compute_display_name(self):
        self.display_name = self.env._("Rule Tester")

    @api.model
    def _get_document_types(self):
        rule_field = self.env["performance.budget.control.rule"]._fields[
            "document_type"
        ]
        return rule_field._description_selection(self.env)

    def action_test(self):
        """Answer: which lines match, what each rule says of them, and what wins.

        :raise UserError: the amount cannot be asked for, or in another company
        """
        self.ensure_one()
        if self.company_id not in self.env.companies:
            raise UserError(self.env._("Choose one of your companies."))
        spending = self._prepare_spending()
        (match,) = self.env["performance.budget.matcher"]._match([spending])
        _spending, charges, _uncovered = match
        readable = self._get_readable({line_id for line_id, _amount in charges})
        charges = {line: amount for line, amount in charges if line in readable}
        month = periods.month_start(spending.date)
        decision = self.env["performance.budget.control"]._decide(
            {line_id: {month: amount} for line_id, amount in charges.items()},
            self.document_type,
        )
        problems, warnings = self._get_uncovered(match)
        action = "block" if problems else decision.action
        Line = self.env["performance.budget.rule.test.line"]
        Band = self.env["performance.budget.rule.test.band"]
        lines = Line._prepare_match_vals(decision, charges)
        lines += Line._prepare_miss_vals(spending, readable)
        # sudo: an answer is the system's, its reader does not write it
        test_sudo = self.sudo()
        (test_sudo.line_ids | test_sudo.miss_ids).unlink()
        test_sudo.band_ids.unlink()
        test_sudo.write(
            {
                "action": "alert" if warnings and action == "ok" else action,
                "message": self._get_message(problems + warnings, decision),
                "line_ids": [Command.create(vals) for vals in lines],
                "band_ids": [
                    Command.create(vals) for vals in Band._prepare_vals(decision)
                ],
            }
        )
        test_sudo.invalidate_recordset(["line_ids", "miss_ids"])

    def _prepare_spending(self):
        """Return what a document with these values would ask for.

        :raise UserError: the amount or the distribution is not one
        """
        unit = money.unit(self.currency_id.decimal_places)
        try:
            amount = money.exact(self.amount, unit)
            keys = distribution.parse(self.analytic_distribution)
        except ValueError:
            raise UserError(
                self.env._("The amount or the distribution cannot be used.")
            ) from None
        return ledger.Spending(
            0,
            "reserved",
            self.company_id.id,
            self.account_id.id,
            self.date,
            amount,
            keys,
        )

    def _get_readable(self, line_ids):
        """Return the lines that the reader may know of."""
        lines = self.env["performance.budget.line"].browse(sorted(line_ids))
        return set(lines._filtered_access("read").ids)

    def _get_uncovered(self, match):
        """Return ``(problems, warnings)``: sentences about what is not in the budget.

        :param match: what the matcher found for the spending
        """
        spending, _charges, uncovered = match
        Ledger = self.env["performance.budget.ledger"]
        if not Ledger._is_controlled(self.company_id.id):
            return [], []
        # sudo: a document that does not exist tells nothing but its own sentences
        document_sudo = self._get_document_model().sudo()
        name = self.product_id.name or self.env._("This spending")
        document_sudo = document_sudo.new(
            {"display_name": name, "company_id": self.company_id.id}
        )
        policy = document_sudo._get_budget_coverage_policy(self.document_type)
        if policy == "ignore" or not document_sudo._is_budget_expected(spending):
            return [], []
        sentences = document_sudo._get_coverage_problems(spending, uncovered)
        return ([], sentences) if policy == "warn" else (sentences, [])

    def _get_document_model(self):
        """Return a model that speaks for documents of the type."""
        models_by_type = {
            self.env[name]._budget_document_type: self.env[name]
            for name in self.env["performance.budget.ledger"]._get_document_models()
        }
        return models_by_type.get(self.document_type, self.env["account.move"])

    def _get_message(self, problems, decision):
        """Return the answer in the words that the user would read."""
        if not self.env["performance.budget.ledger"]._is_controlled(self.company_id.id):
            return self.env._(
                "No budget of %s is in force: nothing is checked.", self.company_id.name
            )
        Control = self.env["performance.budget.control"]
        sentences = problems + [
            "\n".join(
                filter(None, (Control._explain(verdict), Control._get_way_out(verdict)))
            )
            for verdict in decision.verdicts
        ]
        return "\n\n".join(sentences) or self.env._("No budget line is charged.")
