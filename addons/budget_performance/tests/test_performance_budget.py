from datetime import date

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import BudgetCommon


@tagged("post_install", "-at_install")
class TestPerformanceBudget(BudgetCommon):
    """What a budget may be, and what is said about one that may not."""

    def test_a_year_is_spread_over_its_months_to_the_cent(self):
        """B1: a total is planned by month, nothing is lost by rounding."""
        budget = self._create_budget(
            name="2030", date_from=date(2030, 1, 1), date_to=date(2030, 12, 31)
        )
        line = self._line("hotel", 1000, self.centre_sales, budget)
        amounts = line.allocation_ids.mapped("amount_planned")
        self.assertEqual(len(amounts), 12)
        self.assertEqual(round(sum(amounts), 2), 1000.0)
        self.assertLessEqual(round(max(amounts) - min(amounts), 2), 0.01)
        line.allocation_ids[0].amount_planned += 500
        self.assertEqual(line.amount_planned, 1500.0)
        self.assertEqual(line.amount_available, 1500.0)
        self.assertLedgerSound()

    def test_the_form_plans_a_total(self):
        budget = self._create_budget(
            name="2030", date_from=date(2030, 1, 1), date_to=date(2030, 12, 31)
        )
        Line = self.env["performance.budget.line"].with_context(
            default_budget_id=budget.id
        )
        with Form(Line) as form:
            form.position_id = self.position_hotel
            form.department_id = self.sales
            form.amount_planned = 2400
        line = form.record
        self.assertEqual(line.analytic_account_ids, self.centre_sales)
        self.assertEqual(line.allocation_ids[3].amount_planned, 200)

    def test_a_department_stands_for_its_cost_centre(self):
        department = self.env["hr.department"].create({"name": "New"})
        budget = self._create_budget(
            name="2030", date_from=date(2030, 1, 1), date_to=date(2030, 12, 31)
        )
        line = self._line("hotel", 100, None, budget, department_id=department.id)
        self.assertEqual(line.analytic_account_ids, department.cost_centre_id)
        self.assertTrue(department.cost_centre_id)
        line.department_id = self.sales
        self.assertEqual(line.analytic_account_ids, self.centre_sales)
        line.analytic_account_ids = [Command.set(self.centre_making.ids)]
        self.assertEqual(line.department_id, self.making)

    def test_two_budgets_cannot_plan_one_key_for_the_same_months(self):
        budget = self._create_budget(
            name="Again", date_from=date(2026, 12, 1), date_to=date(2027, 1, 31)
        )
        line = self._line("hotel", 100, self.centre_sales, budget)
        with self.assertRaisesRegex(ValidationError, "already") as caught:
            budget.action_submit()
        self.assertIn(self.budget.name, str(caught.exception))
        self.assertEqual(budget.state, "draft")
        # Another cost centre of the same position is another key.
        line.analytic_account_ids = [Command.set(self.project_beta.ids)]
        budget.action_submit()
        self.assertEqual(budget.state, "submitted")

    def test_approval_checks_again(self):
        budget = self._create_budget(
            name="2030", date_from=date(2030, 1, 1), date_to=date(2030, 12, 31)
        )
        twin = self._create_budget(
            name="Twin", date_from=date(2030, 6, 1), date_to=date(2030, 12, 31)
        )
        for one in (budget, twin):
            self._line("hotel", 100, self.centre_sales, one)
            one.action_submit()
        budget.action_approve()
        with self.assertRaisesRegex(ValidationError, "2030"):
            twin.action_approve()
        self.assertEqual(twin.state, "submitted")

    @mute_logger("odoo.sql_db")
    def test_a_budget_has_one_line_for_a_key(self):
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            budget = self._create_budget(
                name="2030", date_from=date(2030, 1, 1), date_to=date(2030, 12, 31)
            )
            self._line("hotel", 100, self.centre_sales, budget)
            self._line("hotel", 200, self.centre_sales, budget)
            self._flush()

    @mute_logger("odoo.sql_db")
    def test_negative_amounts_are_not_planned(self):
        budget = self._create_budget(
            name="2030", date_from=date(2030, 1, 1), date_to=date(2030, 12, 31)
        )
        line = self._line("hotel", 100, self.centre_sales, budget)
        with self.assertRaises(CheckViolation), self.env.cr.savepoint():
            line.allocation_ids[0].amount_planned = -1
            self._flush()
        line.invalidate_recordset()
        self.assertEqual(line.amount_planned, 100)

    def test_what_is_missing_is_said_all_at_once(self):
        """Zero amounts, positions without accounts: one message names them all."""
        budget = self._create_budget(
            name="2030", date_from=date(2030, 1, 1), date_to=date(2030, 12, 31)
        )
        with self.assertRaisesRegex(ValidationError, "no lines"):
            budget.action_submit()
        self._line("hotel", 0, self.centre_sales, budget)
        empty = self.env["performance.budget.position"].create({"name": "Nothing"})
        self._line("hotel", 100, self.centre_sales, budget, position_id=empty.id)
        with self.assertRaises(ValidationError) as caught:
            budget.action_submit()
        self.assertIn("above zero", str(caught.exception))
        self.assertIn("no accounts", str(caught.exception))
        self.assertEqual(budget.state, "draft")

    def test_months_outside_the_budget_are_refused(self):
        for month in (date(2025, 12, 1), date(2026, 6, 15), date(2027, 1, 1)):
            budget = self._create_budget(
                name="2030", date_from=date(2026, 1, 1), date_to=date(2026, 12, 31)
            )
            line = self._line("hotel", 100, self.project_beta, budget)
            with self.subTest(month=month), self.assertRaises(ValidationError):
                self.env["performance.budget.allocation"].create(
                    {"line_id": line.id, "month": month, "amount_planned": 10}
                )

    def test_a_budget_runs_over_whole_months(self):
        for first, last in (
            (date(2030, 1, 2), date(2030, 12, 31)),
            (date(2030, 1, 1), date(2030, 12, 30)),
            (date(2030, 1, 1), date(2060, 12, 31)),
        ):
            with (
                self.subTest(first=first, last=last),
                self.assertRaisesRegex(ValidationError, "whole months"),
            ):
                self._create_budget(date_from=first, date_to=last)

    def test_changing_the_months_of_a_draft_keeps_its_plan_inside(self):
        budget = self._create_budget(
            name="2030", date_from=date(2030, 1, 1), date_to=date(2030, 12, 31)
        )
        line = self._line("hotel", 1200, self.centre_sales, budget)
        budget.write({"date_from": date(2030, 4, 1), "date_to": date(2031, 3, 31)})
        months = line.allocation_ids.mapped("month")
        self.assertEqual(min(months), date(2030, 4, 1))
        self.assertEqual(max(months), date(2031, 3, 1))
        self.assertEqual(line.amount_planned, 900.0)  # the months that remained
        self.assertLedgerSound()

    def test_two_accounts_of_one_plan_need_two_lines(self):
        budget = self._create_budget(
            name="2030", date_from=date(2030, 1, 1), date_to=date(2030, 12, 31)
        )
        with self.assertRaisesRegex(ValidationError, "two accounts of one plan"):
            self._line("hotel", 100, self.centre_sales | self.centre_making, budget)

    def test_positions_do_not_circle(self):
        with self.assertRaises(UserError):
            self.env["performance.budget.position"].create(
                {"name": "A", "parent_id": self.position_training.id}
            ).child_ids.create(
                {"name": "B", "parent_id": self.position_training.id}
            ).parent_id.parent_id = self.position_training

    def test_a_budget_in_use_is_not_taken_back(self):
        claim = self._create_claim()
        claim.action_submit()
        self._flush()
        with self.assertRaisesRegex(UserError, "entries already"):
            self.budget.action_reset()
        with self.assertRaises(UserError):
            self.budget.unlink()

    def test_a_draft_is_deleted_with_its_balances(self):
        budget = self._create_budget(
            name="2030", date_from=date(2030, 1, 1), date_to=date(2030, 12, 31)
        )
        balance = self._line("hotel", 100, self.centre_sales, budget).balance_id
        budget.unlink()
        self.assertFalse(balance.exists())

    def test_approval_books_what_happened_before(self):
        """A budget approved after spending began knows of it (B3)."""
        entry_day = date(2030, 2, 3)
        self._create_entry(120, self.account_gift, entry_day)
        gift = self.env["performance.budget.position"].create(
            {"name": "Gift", "account_ids": [Command.set(self.account_gift.ids)]}
        )
        budget = self._create_budget(
            name="2030", date_from=date(2030, 1, 1), date_to=date(2030, 12, 31)
        )
        line = self._line("hotel", 100, self.centre_sales, budget, position_id=gift.id)
        self._approve_budget(budget)
        self.assertHeld(line, {(2, "actual"): 120.0})
        self.assertEqual(line.usage_state, "over")
        self.assertEqual(line.amount_available, -20.0)

    def test_a_closed_budget_keeps_what_it_holds_and_takes_no_more(self):
        claim = self._create_claim()
        claim.action_submit()
        self._flush()
        self.budget.action_close()
        with self._refused("closed"):
            other = self._create_claim()
            other.action_submit()
        claim._do_approve(check=False)
        self._flush()
        self.assertHeld(self.line_hotel_sales, {(3, "committed"): 100.0}, claim)

    def test_lines_are_found_by_their_band(self):
        for line, account, share in (
            (self.line_hotel_sales, self.account_hotel, 0.9),
            (self.line_flight_sales, self.account_flight, 1.1),
        ):
            self._create_entry(line.amount_planned * share, account)
        self._flush()
        Line = self.env["performance.budget.line"]
        lines = self.budget.line_ids
        for state in ("ok", "warning", "over"):
            found = Line.search(
                [("usage_state", "=", state), ("budget_id", "=", self.budget.id)]
            )
            with self.subTest(state=state):
                self.assertEqual(
                    found, lines.filtered(lambda line, s=state: line.usage_state == s)
                )
                self.assertTrue(found)
        ordered = Line.search(
            [("budget_id", "=", self.budget.id)], order="usage_rate desc", limit=1
        )
        self.assertEqual(ordered, self.line_flight_sales)

    def test_totals_count_money_once(self):
        """A pool is charged with what its lines are; totals add it once (B9)."""
        budget = self._create_budget(
            name="2030", date_from=date(2030, 1, 1), date_to=date(2030, 12, 31)
        )
        pool = self._line("travel", 1000, None, budget)
        hotel = self._line("hotel", 400, self.centre_sales, budget)
        both = self._line("hotel", 100, self.centre_sales | self.project_beta, budget)
        alone = self._line("training", 300, None, budget)
        self._line("travel", 50, None, budget, is_reserve=True)
        self.assertEqual(hotel.pool_line_id, pool)
        self.assertEqual(both.pool_line_id, hotel)
        self.assertFalse((pool | alone).pool_line_id)
        self.assertEqual(budget.amount_planned, 1300)
        self.assertEqual(budget.amount_reserve, 50)
        self.assertEqual(budget.line_count, 5)
        hotel.unlink()
        self.assertEqual(both.pool_line_id, pool)
        self.company.budget_reserve_min_rate = 0.0
        self._approve_budget(budget)
        self._create_entry(70, self.account_hotel, date(2030, 2, 2))
        self._flush()
        budget.invalidate_recordset()
        self.assertEqual(budget.amount_used, 70)

    def test_the_pool_of_a_line_is_not_written(self):
        with self.assertRaises(UserError):
            self.line_training.with_user(
                self.user_manager
            ).pool_line_id = self.line_travel
