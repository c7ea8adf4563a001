from odoo import Command, fields
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

PLANNED = 100_000
USED = 70_000


@tagged("post_install", "-at_install")
class TestBudgetUi(AccountTestInvoicingCommon, HttpCase):
    """What people see in a browser (B3–B7), with data of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids |= (
            cls.env.ref("hr_expense.group_hr_expense_manager")
            | cls.env.ref("budget_performance.group_budget_manager")
            | cls.env.ref("hr.group_hr_manager")
        )
        cls.today = fields.Date.context_today(cls.env.user)
        cls._setup_people()
        cls.travel = cls._create_position("Budgeted Travel")
        cls.training = cls._create_position("Budgeted Training")
        cls._create_category("Budgeted Travel", cls.travel.account_ids)
        gifts = cls.travel.account_ids.copy({"name": "Gifts", "code": "629801"})
        cls._create_category("Unplanned Gifts", gifts)
        cls._setup_budget()

    @classmethod
    def _setup_people(cls):
        cls.department = cls.env["hr.department"].create(
            {"name": "Outdoor", "company_id": cls.env.company.id}
        )
        cls.department._ensure_cost_centre()
        cls.user_claimant = cls._create_user("claimant", "base.group_user")
        cls.user_owner = cls._create_user(
            "owner",
            "budget_performance.group_budget_owner,"
            "hr_expense.group_hr_expense_team_approver",
        )
        cls.user_manager = cls._create_user(
            "manager",
            "budget_performance.group_budget_manager,account.group_account_manager",
        )
        cls.user_auditor = cls._create_user(
            "auditor", "budget_performance.group_performance_auditor"
        )
        cls.claimant = cls.env["hr.employee"].create(
            {
                "name": "Claimant",
                "user_id": cls.user_claimant.id,
                "company_id": cls.env.company.id,
                "department_id": cls.department.id,
                "expense_manager_id": cls.user_owner.id,
            }
        )

    @classmethod
    def _create_user(cls, name, groups):
        return new_test_user(
            cls.env,
            login=f"budget_ui_{name}",
            groups=groups,
            company_id=cls.env.company.id,
            company_ids=[Command.set(cls.env.company.ids)],
        )

    @classmethod
    def _create_position(cls, name):
        number = cls.env["performance.budget.position"].search_count([])
        account = cls.env["account.account"].create(
            {"name": name, "code": f"6297{number:02}", "account_type": "expense"}
        )
        return cls.env["performance.budget.position"].create(
            {"name": name, "account_ids": [Command.set(account.ids)]}
        )

    @classmethod
    def _create_category(cls, name, account):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "can_be_expensed": True,
                "standard_price": 0.0,
                "company_id": cls.env.company.id,
                "supplier_taxes_id": [Command.clear()],
                "property_account_expense_id": account.id,
            }
        )

    @classmethod
    def _setup_budget(cls):
        cls.budget = cls.env["performance.budget"].create({"name": "Budget in force"})
        cls.line = cls.env["performance.budget.line"].create(
            {
                "budget_id": cls.budget.id,
                "position_id": cls.travel.id,
                "department_id": cls.department.id,
                "owner_id": cls.user_owner.id,
                "amount_planned": PLANNED,
            }
        )
        cls.budget.action_submit()
        cls.budget.action_approve()
        cls._create_claim("Claim of before", USED).action_submit()
        cls.env.cr.flush()  # the ledger follows before the commit

    @classmethod
    def _create_claim(cls, name, amount):
        product = cls.env["product.product"].search(
            [("name", "=", "Budgeted Travel")], limit=1
        )
        return cls.env["hr.expense"].create(
            {
                "name": name,
                "employee_id": cls.claimant.id,
                "product_id": product.id,
                "total_amount_currency": amount,
                "date": cls.today,
            }
        )

    def _get_claim(self, name):
        return self.env["hr.expense"].search([("name", "=", name)])

    def _run_claim_tour(self, tour, name):
        """Run the tour of an employee; return the claim he has typed."""
        self.assertEqual(self.line.amount_used, USED)
        self.start_tour(
            "/odoo/expenses/new",
            f"budget_performance_{tour}",
            login=self.user_claimant.login,
        )
        claim = self._get_claim(name)
        self.assertEqual(len(claim), 1)
        self.line.invalidate_recordset()
        return claim

    def test_claim_within_the_budget_is_submitted(self):
        claim = self._run_claim_tour("claim_passes", "Visit in Wuhan")
        self.assertEqual(claim.state, "submitted")
        self.assertEqual(self.line.amount_used, USED + 9_000)

    def test_claim_at_85_percent_is_held_with_a_dialog(self):
        claim = self._run_claim_tour("claim_held", "Fair in Guangzhou")
        self.assertEqual(claim.state, "draft")
        self.assertEqual(self.line.amount_used, USED)

    def test_claim_above_the_plan_is_blocked_with_a_dialog(self):
        claim = self._run_claim_tour("claim_blocked", "Tour of distributors")
        self.assertEqual(claim.state, "draft")
        self.assertEqual(self.line.amount_used, USED)

    def test_claim_that_is_not_in_the_budget_is_blocked(self):
        claim = self._run_claim_tour("claim_not_in_budget", "Cards")
        self.assertEqual(claim.state, "draft")
        self.assertEqual(self.line.amount_used, USED)

    def test_blocked_claim_goes_on_after_an_adjustment_of_three_levels(self):
        """B6, B10: the employee asks, three approve, the claim submits itself."""
        claim = self._run_claim_tour("claim_adjusted", "Visit of all distributors")
        self.assertFalse(claim.approval_state)
        adjustment = self.env["performance.budget.adjustment"].search(
            [("res_model", "=", "hr.expense"), ("res_id", "=", claim.id)]
        )
        self.assertEqual(adjustment.state, "submitted")
        officer = self._create_user(
            "officer", "budget_performance.group_budget_officer"
        )
        for user in (self.user_owner, officer, self.user_manager):
            self.start_tour(
                f"/odoo/budget-adjustments/{adjustment.id}",
                "budget_performance_adjustment_approved",
                login=user.login,
            )
        self.assertEqual(adjustment.state, "applied")
        self.assertEqual(
            adjustment.decision_ids.user_id,
            self.user_owner | officer | self.user_manager,
        )
        self.assertEqual(claim.approval_state, "submitted")
        self.line.invalidate_recordset()
        self.assertEqual(self.line.amount_planned, PLANNED + 5_000)

    def test_held_bill_posts_itself_once_it_is_authorised(self):
        """B6: asked for in the dialog, granted by two levels, told on the bill."""
        clerk = self._create_user("clerk", "account.group_account_invoice")
        officer = self._create_user(
            "officer",
            "budget_performance.group_budget_officer,account.group_account_invoice",
        )
        spent = {
            "name": "Stand at the fair",
            "account_id": self.travel.account_ids.id,
            "price_unit": 15_000,
            "tax_ids": [Command.clear()],
            "analytic_distribution": {self.department.cost_centre_id.id: 100},
        }
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.partner_a.id,
                "invoice_date": self.today,
                "invoice_line_ids": [Command.create(spent)],
            }
        )
        self.start_tour(
            f"/odoo/vendor-bills/{bill.id}",
            "budget_performance_bill_held",
            login=clerk.login,
        )
        request = self.env["performance.budget.authorization"].search(
            [("res_model", "=", bill._name), ("res_id", "=", bill.id)]
        )
        self.assertEqual((bill.state, request.state), ("draft", "requested"))
        request.with_user(self.user_owner).action_grant()
        self.start_tour(
            f"/odoo/budget-authorisations/{request.id}",
            "budget_performance_bill_granted",
            login=officer.login,
        )
        self.assertEqual(bill.state, "posted")
        self.line.invalidate_recordset()
        self.assertEqual(self.line.amount_actual, 15_000)

    def test_manager_creates_and_approves_a_budget(self):
        self.start_tour(
            "/odoo/budgets/new",
            "budget_performance_budget_approved",
            login=self.user_manager.login,
        )
        budget = self.env["performance.budget"].search(
            [("name", "=", "Budget of the tour")]
        )
        self.assertEqual(budget.state, "approved")
        self.assertEqual(budget.approved_by_id, self.user_manager)
        self.assertEqual(budget.line_ids.amount_planned, 12_000)
        self.assertEqual(
            budget.line_ids.allocation_ids.mapped("amount_planned"), [1_000.0] * 12
        )

    def test_auditor_follows_a_figure_and_edits_nothing(self):
        self.start_tour(
            "/odoo/budget-lines",
            "budget_performance_auditor_reads",
            login=self.user_auditor.login,
        )
