from datetime import date

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import BudgetCommon

JANUARY, MAY, JUNE = date(2026, 1, 1), date(2026, 5, 31), date(2026, 6, 30)


@tagged("post_install", "-at_install")
class TestIndicators(BudgetCommon):
    """Budget indicators on line, department, project and company (B17)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for month in range(1, 6):
            cls._create_entry(300.0, day=f"2026-{month:02}-10")  # hotel, Sales
        claim = cls._create_claim(total_amount_currency=80.0)
        claim.action_submit()
        cls._flush()
        cls.Indicator = cls.env["performance.budget.indicator"].sudo()

    def _get(self, kind, scope, date_from=JANUARY, date_to=MAY):
        return self.Indicator._compute(kind, scope, date_from, date_to)[scope.id]

    def test_shares_of_a_line(self):
        line = self.line_hotel_sales  # 2,000 planned until May, 1,500 booked, 80 open
        self.assertEqual(self._get("execution_rate", line), 0.75)
        self.assertAlmostEqual(self._get("unspent_share", line), 420 / 2000)
        self.assertEqual(self._get("overspent_share", line), 0.0)
        self.assertEqual(self._get("overspent_share", line, JANUARY, JANUARY), 0.0)
        self._create_entry(900.0, day="2026-05-20")
        self._flush()
        self.assertAlmostEqual(self._get("overspent_share", line), 480 / 2000)
        self.assertEqual(self._get("unspent_share", line), 0.0)

    def test_department_counts_its_lines_and_those_below(self):
        # Sales: hotel 2,000, flight 1,000, training of Alpha 1,000 until May.
        self.assertEqual(self._get("execution_rate", self.sales), 1500 / 4000)
        parent = self.env["hr.department"].create(
            {"name": "Market", "company_id": self.company.id}
        )
        self.sales.parent_id = parent
        self.assertEqual(self._get("execution_rate", parent), 1500 / 4000)
        self.assertEqual(self._get("execution_rate", self.making), 0.0)

    def test_company_counts_the_money_of_a_pool_once(self):
        # Outside pools: travel 4,000 and training 2,500 until May; no reserve.
        rate = self._get("execution_rate", self.company)
        self.assertAlmostEqual(rate, 1500 / 6500, places=5)

    def test_project_counts_the_lines_of_its_account(self):
        self.line_training_alpha.milestone_percent = 40
        self.assertEqual(self._get("completion", self.project_alpha), 0.4)
        self.assertEqual(self._get("execution_rate", self.project_alpha), 0.0)
        self.assertIsNone(self._get("execution_rate", self.project_beta))

    def test_nothing_to_measure_is_not_nil(self):
        line = self.line_hotel_sales
        self.assertIsNone(self._get("cost_benefit", line))
        self.assertIsNone(self._get("completion", line))
        self.assertIsNone(self._get("fund_turnover", line))
        self.assertIsNone(
            self._get("execution_rate", line, date(2030, 1, 1), date(2030, 3, 31))
        )

    def test_benefit_as_a_value_or_from_revenue_accounts(self):
        line = self.line_hotel_sales
        line.benefit_amount = 7200.0  # 3,000 for five of twelve months
        self.assertEqual(self._get("cost_benefit", line), 2.0)
        self._create_entry(70.0, account=self.account_flight, day="2026-05-05")
        self._flush()  # a line without a benefit does not dilute the ratio
        self.assertEqual(self._get("cost_benefit", self.sales), 2.0)
        # Bound at the end of the months: 300, 600, 980, 1,280, 1,580.
        self.assertAlmostEqual(self._get("fund_turnover", line), 3000 / 948, places=5)
        revenue = self.company_data["default_account_revenue"]
        line.benefit_account_ids = revenue
        self._create_entry(-4500.0, account=revenue, day="2026-04-02")
        self._create_entry(-999.0, account=revenue, day="2026-06-02")
        self._create_entry(
            -999.0,
            account=revenue,
            day="2026-04-02",
            analytic_distribution={str(self.centre_making.id): 100},
        )
        self.assertEqual(self._get("cost_benefit", line), 3.0)

    def test_benefit_comes_from_revenue_accounts_only(self):
        with self.assertRaisesRegex(ValidationError, "income"):
            self.line_hotel_sales.benefit_account_ids = self.account_hotel
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.line_hotel_sales.milestone_percent = 101
            self.line_hotel_sales.flush_recordset()

    def test_company_turnover_is_revenue_over_current_assets(self):
        self.assertIsNone(self._get("fund_turnover", self.company))
        bank = self.env["account.account"].create(
            {"name": "Bank", "code": "101998", "account_type": "asset_cash"}
        )
        self._create_entry(20_000.0, account=bank, day="2025-12-30")
        revenue = self.company_data["default_account_revenue"]
        self._create_entry(-50_000.0, account=revenue, day="2026-01-02")
        self._create_entry(-9_000.0, account=revenue, day="2025-12-02")
        self.assertEqual(self._get("fund_turnover", self.company), 2.5)

    def test_tasks_tell_how_far_a_project_is(self):
        if "project.task" not in self.env:
            self.skipTest("project is not installed")
        project = self.env["project.project"].create(
            {"name": "Alpha", "account_id": self.project_alpha.id}
        )
        states = ("1_done", "1_done", "01_in_progress", "1_canceled")
        self.env["project.task"].create(
            [{"name": s, "project_id": project.id, "state": s} for s in states]
        )
        self.assertAlmostEqual(
            self._get("completion", self.project_alpha), 2 / 3, places=5
        )

    def test_unknown_kinds_and_scopes_are_errors(self):
        with self.assertRaises(KeyError):
            self._get("happiness", self.company)
        with self.assertRaises(KeyError):
            self._get("execution_rate", self.env.user)

    def test_values_are_renewed_for_the_month_and_kept_for_those_before(self):
        self.Indicator._refresh(self.company)
        own = [("company_id", "=", self.company.id)]
        count = self.Indicator.search_count(own)
        row = self.Indicator.search(
            [*own, ("line_id", "=", self.line_hotel_sales.id)]
        ).filtered(lambda row: row.kind == "unspent_share")
        self.assertEqual((row.date_from, row.date_to), (JANUARY, JUNE))
        self.assertAlmostEqual(row.value, 820 / 2400, places=4)
        self.assertEqual(row.value_text, "34.2%")
        self.assertEqual(row.goal_state, "missed")
        self.Indicator._refresh(self.company)
        self.assertEqual(self.Indicator.search_count(own), count)
        self.company.budget_unspent_goal = 40
        self.Indicator._refresh(self.company)
        row = self.Indicator.search(
            [*own, ("line_id", "=", self.line_hotel_sales.id)]
        ).filtered(lambda row: row.kind == "unspent_share")
        self.assertEqual(row.goal_state, "met")

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_who_reads_and_who_computes(self):
        self.Indicator._refresh(self.company)
        stranger = new_test_user(
            self.env,
            login="indicator_other",
            groups="budget_performance.group_budget_manager",
            company_id=self.company_other.id,
            company_ids=[Command.set(self.company_other.ids)],
        )
        own = [("company_id", "=", self.company.id)]
        self.assertFalse(self.Indicator.with_user(stranger).search(own))
        self.assertTrue(self.Indicator.with_user(self.user_auditor).search(own))
        self.budget.line_ids.owner_id = self.user_manager
        seen = self.Indicator.with_user(self.user_owner).search([]).sudo()
        self.assertEqual(seen.department_id | seen.line_id.department_id, self.sales)
        self.assertFalse(seen.filtered(lambda row: row.scope == "company"))
        for user in (self.user_employee, self.user_owner, self.user_auditor):
            rows = self.env["performance.budget.indicator"].with_user(user)
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    rows.action_refresh()
                with self.assertRaises(AccessError):
                    rows.create({"kind": "completion", "value": 1.0})
        row = self.Indicator.search(own, limit=1)
        with self.assertRaises(AccessError):
            row.with_user(self.user_manager).value = 1.0
        row.with_user(self.user_officer).action_refresh()
