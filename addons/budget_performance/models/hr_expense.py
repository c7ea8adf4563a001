from odoo import api, models
from odoo.exceptions import UserError


class HrExpense(models.Model):
    _name = "hr.expense"
    _inherit = ["hr.expense", "performance.budget.document"]

    _budget_document_type = "expense"

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

    def write(self, vals):
        # EXTENDS 'hr_expense': what is held in one company is not moved to another
        if "company_id" in vals:
            self._check_budget_company(vals["company_id"])
        return super().write(vals)

    def action_submit(self):
        # EXTENDS 'hr_expense': the button asks for the dialog
        return self._ask_budget_ahead() or super().action_submit()

    @api.model
    def _get_budget_alert_fields(self):
        # EXTENDS 'performance.budget.document'
        return [
            "date",
            "account_id",
            "total_amount",
            "tax_amount",
            "analytic_distribution",
            "approval_state",
            "account_move_id",
        ]

    def _continue_authorized(self):
        # EXTENDS 'performance.budget.document': a draft is submitted, nothing else
        self.filtered(lambda expense: not expense.approval_state).action_submit()

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
