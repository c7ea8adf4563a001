from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from .ledger_assertions import LedgerAssertions

TODAY = "2026-06-15"


class BudgetCommon(LedgerAssertions, AccountTestInvoicingCommon):
    """A company with people, departments, positions and a budget 2026 in force.

    Lines of the budget (a year, in equal months):

    ====================  ==============================  =======
    name                  position · analytic accounts    planned
    ====================  ==============================  =======
    line_hotel_sales      hotel · Sales                    4,800
    line_hotel_making     hotel · Production               3,600
    line_flight_sales     flight · Sales                   2,400
    line_travel           travel (pool) · whole company    9,600
    line_training_alpha   training · Sales and Alpha       2,400
    line_training         training · whole company         6,000
    line_reserve          travel, reserve                  5,000
    ====================  ==============================  =======

    Travel covers taxis itself and flights and hotels through its children; gifts are
    not in the budget. The default rule holds at 80 % and blocks above 100 % of the
    year; training may not pass the plan of a quarter either.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(TODAY))
        cls.env.user.group_ids |= (
            cls.env.ref("hr_expense.group_hr_expense_manager")
            | cls.env.ref("budget_performance.group_budget_manager")
            | cls.env.ref("hr.group_hr_manager")
            | cls.env.ref("analytic.group_analytic_accounting")
        )
        cls.other_currency = cls.setup_other_currency(
            "CHF", rates=[("2020-01-01", 2.0), ("2026-04-01", 4.0)]
        )
        cls._setup_accounts()
        cls._setup_people()
        cls._setup_products()
        cls._setup_positions()
        cls._setup_rules()
        cls._setup_budgets()
        cls._flush()

    @classmethod
    def _setup_accounts(cls):
        Account = cls.env["account.account"]
        names = ("hotel", "flight", "taxi", "training", "gift")
        for number, name in enumerate(names):
            account = Account.create(
                {
                    "code": f"6299{number:02}",
                    "name": name.title(),
                    "account_type": "expense",
                }
            )
            setattr(cls, f"account_{name}", account)
        projects = cls.env["account.analytic.plan"].create({"name": "Projects"})
        cls.project_alpha, cls.project_beta = cls.env[
            "account.analytic.account"
        ].create([{"name": name, "plan_id": projects.id} for name in ("Alpha", "Beta")])
        cls.tax_claimed = cls.tax_purchase_a.copy({"name": "Claimed 15", "amount": 15})
        cls.tax_borne = cls._create_borne_tax()

    @classmethod
    def _create_borne_tax(cls):
        """Return a tax of 10 % that is booked on the expense account itself."""
        tax = cls.tax_purchase_a.copy({"name": "Borne 10", "amount": 10})
        lines = tax.invoice_repartition_line_ids | tax.refund_repartition_line_ids
        lines.filtered(lambda rep: rep.repartition_type == "tax").account_id = False
        return tax

    @classmethod
    def _setup_people(cls):
        Department = cls.env["hr.department"]
        cls.sales, cls.making = Department.create(
            [{"name": name, "company_id": cls.company.id} for name in ("Sales", "Make")]
        )
        (cls.sales | cls.making)._ensure_cost_centre()
        cls.centre_sales = cls.sales.cost_centre_id
        cls.centre_making = cls.making.cost_centre_id
        cls.company_other = cls.setup_other_company(name="Elsewhere")["company"]
        team = "hr_expense.group_hr_expense_team_approver"
        everyone = {
            "employee": ("base.group_user", cls.sales),
            "colleague": ("base.group_user", cls.making),
            "owner": (f"{team},budget_performance.group_budget_owner", cls.sales),
            "officer": (
                "hr_expense.group_hr_expense_user,account.group_account_user,"
                "budget_performance.group_budget_officer",
                cls.making,
            ),
            "manager": (
                "hr_expense.group_hr_expense_manager,account.group_account_manager,"
                "budget_performance.group_budget_manager",
                cls.making,
            ),
            "auditor": ("budget_performance.group_performance_auditor", cls.making),
        }
        for login, (groups, department) in everyone.items():
            user = cls._create_user(login, groups, cls.company)
            setattr(cls, f"user_{login}", user)
            setattr(cls, f"emp_{login}", cls._create_employee(user, department))
        cls.user_stranger = cls._create_user("stranger", team, cls.company_other)
        cls.emp_stranger = cls._create_employee(
            cls.user_stranger, Department, company_id=cls.company_other.id
        )
        cls.sales.manager_id = cls.emp_owner
        cls.making.manager_id = cls.emp_officer
        cls.emp_employee.expense_manager_id = cls.user_owner
        cls.emp_colleague.expense_manager_id = cls.user_officer
        cls.emp_owner.expense_manager_id = cls.user_manager

    @classmethod
    def _create_user(cls, login, groups, company):
        return new_test_user(
            cls.env,
            login=f"budget_{login}",
            groups=groups,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    @classmethod
    def _create_employee(cls, user, department, **values):
        return (
            cls.env["hr.employee"]
            .sudo()
            .create(
                {
                    "name": user.name,
                    "user_id": user.id,
                    "company_id": cls.company.id,
                    "department_id": department.id,
                    "work_contact_id": user.partner_id.id,
                    **values,
                }
            )
            .sudo(False)
        )

    @classmethod
    def _setup_products(cls):
        for name in ("hotel", "flight", "taxi", "training", "gift"):
            product = cls.env["product.product"].create(
                {
                    "name": name.title(),
                    "can_be_expensed": True,
                    "standard_price": 0.0,
                    "supplier_taxes_id": [Command.clear()],
                    "property_account_expense_id": getattr(cls, f"account_{name}").id,
                }
            )
            setattr(cls, f"product_{name}", product)
        cls.product_mileage = cls.product_taxi.copy(
            {"name": "Mileage", "standard_price": 0.35}
        )

    @classmethod
    def _setup_positions(cls):
        Position = cls.env["performance.budget.position"]
        cls.position_travel = Position.create(
            {"name": "Travel", "account_ids": [Command.set(cls.account_taxi.ids)]}
        )
        for name, parent in (
            ("hotel", cls.position_travel),
            ("flight", cls.position_travel),
            ("training", Position),
        ):
            position = Position.create(
                {
                    "name": name.title(),
                    "parent_id": parent.id,
                    "account_ids": [Command.set(getattr(cls, f"account_{name}").ids)],
                }
            )
            setattr(cls, f"position_{name}", position)

    @classmethod
    def _setup_rules(cls):
        """The rule of the data file, whatever the demo data did to it, and one more."""
        Rule = cls.env["performance.budget.control.rule"]
        default = cls.env.ref(
            "budget_performance.performance_budget_control_rule_default"
        )
        (Rule.search([("company_id", "=", False)]) - default).active = False
        default.active = True
        cls.rule_training = Rule.create(
            {
                "name": "Training by quarter",
                "company_id": cls.company.id,
                "position_id": cls.position_training.id,
                "document_type": "expense",
                "interval": "quarter",
                "band_ids": [
                    Command.create(
                        {"comparison": "exceed", "usage_rate": 1.0, "action": "block"}
                    )
                ],
            }
        )

    @classmethod
    def _setup_budgets(cls):
        cls.company.budget_reserve_max_rate = 1.0  # its fixture is larger than usual
        cls.budget = cls._create_budget(name="2026")
        line = cls._line
        cls.line_hotel_sales = line("hotel", 4800, cls.centre_sales)
        cls.line_hotel_making = line("hotel", 3600, cls.centre_making)
        cls.line_flight_sales = line("flight", 2400, cls.centre_sales)
        cls.line_travel = line("travel", 9600)
        cls.line_training_alpha = line(
            "training", 2400, cls.centre_sales | cls.project_alpha
        )
        cls.line_training = line("training", 6000)
        cls.line_reserve = line("travel", 5000, is_reserve=True)
        cls._approve_budget(cls.budget)
        # Last year is closed, next year has a pool for the first half only.
        cls.budget_closed = cls._create_budget(
            name="2025", date_from=date(2025, 1, 1), date_to=date(2025, 12, 31)
        )
        cls.line_closed = line("travel", 9000, budget=cls.budget_closed)
        cls._approve_budget(cls.budget_closed)
        cls.budget_closed.action_close()
        cls.budget_next = cls._create_budget(
            name="2027", date_from=date(2027, 1, 1), date_to=date(2027, 6, 30)
        )
        cls.line_next = line("travel", 3000, budget=cls.budget_next)
        cls._approve_budget(cls.budget_next)

    @classmethod
    def _create_budget(cls, **values):
        return cls.env["performance.budget"].create(
            {
                "name": "Budget",
                "company_id": cls.company.id,
                "date_from": date(2026, 1, 1),
                "date_to": date(2026, 12, 31),
                **values,
            }
        )

    @classmethod
    def _line(cls, position, planned, accounts=None, budget=None, **values):
        """Create a line of :attr:`budget`, spread evenly over its months."""
        return cls.env["performance.budget.line"].create(
            {
                "budget_id": (budget or cls.budget).id,
                "position_id": getattr(cls, f"position_{position}").id,
                "analytic_account_ids": [Command.set(accounts.ids if accounts else [])],
                "owner_id": cls.user_owner.id,
                "amount_planned": planned,
                **values,
            }
        )

    @classmethod
    def _approve_budget(cls, budget):
        budget.action_submit()
        budget.action_approve()

    @classmethod
    def _create_claim(cls, **values):
        """Create a draft claim: a hotel of 100.00 of a sales person in March."""
        return cls.env["hr.expense"].create(
            {
                "name": "Claim",
                "employee_id": cls.emp_employee.id,
                "product_id": cls.product_hotel.id,
                "total_amount_currency": 100.0,
                "date": date(2026, 3, 10),
                "company_id": cls.company.id,
                "currency_id": cls.company.currency_id.id,
                "payment_mode": "own_account",
                "tax_ids": [Command.clear()],
                **values,
            }
        )

    @classmethod
    def _create_approved(cls, **values):
        claim = cls._create_claim(**values)
        claim.action_submit()
        claim._do_approve(check=False)
        cls._flush()
        return claim

    @classmethod
    def _post(cls, claims, day=None, user=None):
        """Post claims at a date, through the wizard where the employee paid."""
        claims = claims.with_user(user or cls.env.user)
        action = claims.action_post()
        if action:
            wizard = (
                claims.env["hr.expense.post.wizard"]
                .with_context(**action["context"])
                .browse(action["res_id"])
            )
            wizard.accounting_date = day or claims[0].date
            wizard.action_post_entry()
        return claims.account_move_id.sudo()

    @classmethod
    def _create_entry(cls, amount, account=None, day="2026-05-05", **line_values):
        """Create and post a plain journal entry, which the default rule lets pass."""
        account = account or cls.account_hotel
        other = cls.company_data["default_account_assets"]
        move = cls.env["account.move"].create(
            {
                "move_type": "entry",
                "date": day,
                "journal_id": cls.company_data["default_journal_misc"].id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "balance": amount,
                            "analytic_distribution": {str(cls.centre_sales.id): 100},
                            **line_values,
                        }
                    ),
                    Command.create({"account_id": other.id, "balance": -amount}),
                ],
            }
        )
        move.action_post()
        return move

    @classmethod
    def _create_bill(cls, price, account=None, day="2026-05-05", **values):
        """Create a draft bill with one item: hotels of the sales department."""
        line_values = {
            name: values.pop(name)
            for name in ("analytic_distribution", "tax_ids", "quantity", "discount")
            if name in values
        }
        return cls.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": cls.partner_a.id,
                "invoice_date": day,
                "date": day,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Bill",
                            "price_unit": price,
                            "account_id": (account or cls.account_hotel).id,
                            "tax_ids": [Command.clear()],
                            "analytic_distribution": {str(cls.centre_sales.id): 100},
                            **line_values,
                        }
                    )
                ],
                **values,
            }
        )

    @classmethod
    def _get_ledger_companies(cls):
        return cls.company | cls.company_other
