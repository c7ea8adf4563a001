from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import control, periods


class HrExpense(models.Model):
    _name = "hr.expense"
    _inherit = ["hr.expense", "performance.budget.document"]

    _budget_document_type = "expense"

    budget_alerts = fields.Json(
        compute="_compute_budget_alerts", export_string_translation=False
    )

    @api.depends(
        "date",
        "account_id",
        "total_amount",
        "tax_amount",
        "analytic_distribution",
        "approval_state",
        "account_move_id",
    )
    def _compute_budget_alerts(self):
        for expense in self:
            expense.budget_alerts = expense._get_budget_alerts()

    @api.depends("product_id", "account_id", "employee_id")
    def _compute_analytic_distribution(self):
        # EXTENDS 'hr_expense': the cost centre of the employee is the default
        result = super()._compute_analytic_distribution()
        Ledger = self.env["performance.budget.ledger"]
        for expense in self:
            if expense.analytic_distribution or not Ledger._is_controlled(
                expense.company_id.id
            ):
                continue
            # sudo: an employee may not read the department of a colleague
            centre_sudo = expense.employee_id.sudo().department_id.cost_centre_id
            if centre_sudo:
                expense.analytic_distribution = {str(centre_sudo.id): 100.0}
        return result

    @api.constrains(
        "approval_state",
        "total_amount",
        "tax_amount",
        "tax_ids",
        "date",
        "account_id",
        "product_id",
        "analytic_distribution",
        "company_id",
    )
    def _constrain_budget(self):
        self._mark_for_budget()

    @api.constrains("state", "account_move_id")
    def _constrain_budget_entry(self):
        self._mark_for_budget(asking=False)

    @api.ondelete(at_uninstall=True)
    def _unlink_release_budget(self):
        self._mark_for_budget(deleted=True)

    def write(self, vals):
        # EXTENDS 'hr_expense': what is held in one company is not moved to another
        if "company_id" in vals:
            self._check_budget_company(vals["company_id"])
        return super().write(vals)

    def action_submit(self):
        # EXTENDS 'hr_expense': the button asks for the dialog; RPC and import get the
        # same text as an error when the ledger refuses before the commit
        if self.env.context.get("budget_performance_dialog"):
            check = self._check_budget_ahead()
            if check:
                return check
        return super().action_submit()

    def _continue_authorized(self):
        # EXTENDS 'performance.budget.document': a draft is submitted, nothing else
        self.filtered(lambda expense: not expense.approval_state).action_submit()

    def action_open_budget_entries(self):
        """Open what the claims and their journal entries hold on the budget."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "budget_performance.performance_budget_entry_action"
        )
        domain = fields.Domain("res_model", "=", self._name) & fields.Domain(
            "res_id", "in", self.ids
        ) | fields.Domain("res_model", "=", "account.move") & fields.Domain(
            "res_id", "in", self.account_move_id.ids
        )
        return {**action, "domain": list(domain), "context": {}}

    def _check_budget_company(self, company_id):
        Ledger = self.env["performance.budget.ledger"]
        for expense in self:
            if (
                expense.company_id.id != company_id
                and expense.approval_state
                and Ledger._is_controlled(expense.company_id.id)
            ):
                raise UserError(
                    self.env._(
                        "“%s” is counted in the budget of its company. Reset it to"
                        " draft before you move it to another one.",
                        expense.display_name,
                    )
                )

    def _look_ahead(self, kind="reserved"):
        """Judge the claims as if they were submitted now; nothing is locked.

        :return: ``(problems, decision)``: sentences on what is not in the budget, and
            the :class:`~..tools.control.Decision` on the lines they would charge
        """
        requests, held = {}, {}
        claims_sudo = self.sudo()  # judged against budgets the person cannot read
        problems = [text for claim in claims_sudo if (text := claim._get_obstacle())]
        if problems:
            return problems, control.Decision(())
        matches = self.env["performance.budget.matcher"]._match(
            [claim._prepare_budget_spending(kind) for claim in claims_sudo]
        )
        for claim, (spending, charges, uncovered) in zip(
            claims_sudo, matches, strict=True
        ):
            problems += claim._get_budget_coverage_problems(spending, uncovered)
            month = periods.month_start(spending.date)
            for line_id, amount in charges:
                _add(requests, line_id, month, amount)
        Ledger = self.env["performance.budget.ledger"]
        for (_id, line_id, month, _kind), (amount, _last) in Ledger._get_held(
            self._name, self._origin.ids
        ).items():
            _add(held, line_id, month, amount)
        decision = self.env["performance.budget.control"]._decide(
            requests, self._budget_document_type, held
        )
        return problems, decision

    def _check_budget_ahead(self):
        """Return the dialog that explains why the claims would be stopped, or None."""
        claims = self.filtered(
            lambda e: self.env["performance.budget.ledger"]._is_controlled(
                e.company_id.id
            )
        )
        if not claims:
            return None
        problems, decision = claims._look_ahead()
        if not problems and (
            decision.action in ("ok", "alert") or claims._is_hold_authorized(decision)
        ):
            return None
        return self.env["performance.budget.check"]._open(claims, problems, decision)

    def _get_budget_alerts(self):
        """Return the hint for the form, as ``actionable_errors`` wants it."""
        self.ensure_one()
        Ledger = self.env["performance.budget.ledger"]
        if (
            not Ledger._is_controlled(self.company_id.id)
            or not self.date
            or not self.account_id
            or self.company_currency_id.compare_amounts(self.total_amount, 0.0) <= 0
            or (self.approval_state and not self._get_budget_kind())
            or self.approval_state == "refused"
        ):
            return False
        problems, decision = self._look_ahead()
        asks = not self.approval_state
        alerts = self.env["performance.budget.check"]._get_alerts(
            self.company_id, problems, decision, asks
        )
        asked = asks and decision.action == "hold" and self._get_authorization_alert()
        return {**(alerts or {}), "authorization": asked} if asked else alerts


def _add(amounts, line_id, month, amount):
    months = amounts.setdefault(line_id, {})
    months[month] = months.get(month, 0) + amount
