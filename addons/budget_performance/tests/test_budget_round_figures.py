import doctest
import itertools
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from odoo.addons.budget_performance.tools import planning

from .round_common import RoundCommon

quick = settings(max_examples=200, deadline=None, derandomize=True, database=None)
UNITS = st.sampled_from([Decimal("0.001"), Decimal("0.01"), Decimal(1)])


@tagged("post_install", "-at_install")
class TestPlanningCore(BaseCase):
    """Months make up the year exactly, whatever their weights."""

    def test_examples_in_the_documentation(self):
        self.assertFalse(doctest.testmod(planning).failed)

    @quick
    @given(
        st.integers(0, 10**12),
        st.lists(st.decimals(-100, 10**9, places=2), min_size=1, max_size=120),
        UNITS,
    )
    def test_parts_add_up_and_follow_their_weights(self, steps, weights, unit):
        amount = steps * unit
        parts = planning.spread(amount, weights, unit)
        self.assertEqual(sum(parts), amount)
        self.assertEqual(len(parts), len(weights))
        positive = [max(Decimal(0), weight) for weight in weights]
        total = sum(positive)
        for part, weight in zip(parts, positive, strict=True):
            self.assertGreaterEqual(part, 0)
            self.assertEqual(part % unit, 0)
            share = amount * weight / total if total else amount / len(weights)
            self.assertLess(abs(part - share), unit + Decimal("0.000001"))

    @quick
    @given(st.integers(0, 10**9), st.lists(st.integers(0, 9), min_size=2, max_size=12))
    def test_a_larger_weight_never_gets_less(self, cents, weights):
        parts = planning.spread(Decimal(cents) / 100, weights, Decimal("0.01"))
        ranked = sorted(zip(weights, parts, strict=True))
        for (low, less), (high, more) in itertools.pairwise(ranked):
            if low < high:
                self.assertLessEqual(less, more)


@tagged("post_install", "-at_install")
class TestBudgetRoundFigures(RoundCommon):
    """Months, frames, aggregation, copies from last year, and what they cost (B1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.round.action_open()

    def _row(self, department=None, budget_round=None):
        self.env.invalidate_all()
        return self.env["performance.budget.round.board"].search(
            [
                ("round_id", "=", (budget_round or self.round).id),
                ("department_id", "=", department.id if department else False),
            ]
        )

    def _months(self, line):
        return [round(month.amount, 2) for month in line.month_ids.sorted("month")]

    def test_even_months_make_up_the_year(self):
        line = self._propose(self.proposal_sales, "hotel", 100)
        self.assertEqual(len(line.month_ids), 12)
        self.assertEqual(line.month_ids[0].month, date(2027, 1, 1))
        self.assertEqual(round(sum(self._months(line)), 2), 100)
        self.assertEqual(set(self._months(line)), {8.33, 8.34})

    def test_season_is_what_was_booked_then_what_was_planned(self):
        self._create_entry(900, day="2026-03-05")
        self._create_entry(300, day="2026-05-05")
        self._flush()
        line = self._propose(self.proposal_sales, "hotel", 8000, distribution="season")
        months = self._months(line)
        # March 900, May 300, seven months still to come at 400 each: 4,000 in all
        self.assertEqual(months[:6], [0, 0, 1800, 0, 600, 800])
        self.assertEqual(months[6:], [800] * 6)
        line.amount = 4000
        self.assertEqual(self._months(line)[2], 900)
        self.assertEqual(sum(self._months(line)), 4000)

    def test_months_by_hand_make_up_the_amount(self):
        line = self._propose(self.proposal_sales, "hotel", 1200)
        with self.assertRaisesRegex(UserError, "By hand"):
            line.month_ids[0].amount = 5
        line.distribution = "hand"
        self.assertEqual(sum(self._months(line)), 1200)
        line.month_ids.sorted("month")[0].amount = 400.01
        self.assertEqual(line.amount, 1500.01)
        line.amount = 3000.02
        self.assertEqual(self._months(line)[0], 800.02)
        self.assertEqual(round(sum(self._months(line)), 2), 3000.02)
        with self.assertRaises(UserError):
            line.month_ids[0].unlink()

    def test_months_may_come_with_the_line(self):
        line = self._propose(
            self.proposal_sales,
            "hotel",
            0,
            distribution="hand",
            month_ids=[
                Command.create({"month": "2027-03-01", "amount": 70.5}),
                Command.create({"month": "2027-09-01", "amount": 29.5}),
            ],
        )
        self.assertEqual(line.amount, 100)
        self.assertEqual(len(line.month_ids), 12)
        self.assertEqual(self._months(line)[2], 70.5)
        with self.assertRaises(ValidationError):
            self._propose(
                self.proposal_sales,
                "flight",
                0,
                distribution="hand",
                month_ids=[Command.create({"month": "2026-03-01", "amount": 1})],
            )

    @mute_logger("odoo.sql_db")
    def test_amounts_that_are_none_are_refused(self):
        for amount in (-1, 1e13, float("nan"), float("inf")):
            with (
                self.subTest(amount=amount),
                self.assertRaises(Exception),  # noqa: B017  the ORM's or PostgreSQL's
                self.env.cr.savepoint(),
            ):
                self._propose(self.proposal_sales, "hotel", amount)
                self.env.flush_all()

    def test_the_board_adds_up_along_the_tree(self):
        self._frame(6000, self.sales)
        self._frame(3000, self.making, self.position_hotel)
        self._frame(500, self.making, self.position_training)
        self._propose(self.proposal_sales, "hotel", 5000)
        self._propose(self.proposal_sales, "flight", 2000)
        self._propose(self.proposal_making, "hotel", 3000, user=self.user_officer)
        self.assertEqual(self._row(self.sales).amount_proposed, 7000)
        self.assertEqual(self._row(self.sales).amount_difference, 1000)
        self.assertEqual(self._row(self.making).amount_frame, 3500)
        self.assertEqual(self._row(self.making).amount_difference, -500)
        self.assertEqual(self._row(self.head).amount_frame, 9500)
        self.assertEqual(self._row(self.head).amount_proposed, 10000)
        self.assertEqual(self._row().amount_proposed, 10000)
        self._frame(9000, self.head)
        self.assertEqual(self._row(self.head).amount_frame, 9000)
        self.assertEqual(self._row().amount_frame, 9000)
        self._frame(20000)
        self.assertEqual(self._row().amount_frame, 20000)
        self.assertEqual(self.round.amount_difference, -10000)
        self.assertEqual(self.proposal_sales.amount_difference, 1000)

    def test_a_pool_of_the_company_counts_once(self):
        company = self._proposal(self.env["hr.department"])
        self._propose(company, "travel", 9600, user=self.user_officer)
        self._propose(self.proposal_sales, "hotel", 5000)
        self._propose(company, "travel", 800, user=self.user_officer, is_reserve=True)
        self.assertEqual(self._row().amount_proposed, 9600)
        self.assertEqual(self._row(self.sales).amount_proposed, 5000)
        self.assertEqual(self.round.amount_reserve, 800)

    def test_lines_above_a_frame_of_their_position_are_flagged(self):
        frame = self._frame(5000, self.head, self.position_travel)
        hotel = self._propose(self.proposal_sales, "hotel", 3000)
        flight = self._propose(
            self.proposal_making, "flight", 2000, user=self.user_officer
        )
        training = self._propose(self.proposal_sales, "training", 9000)
        self.assertNotIn("frame", (hotel | flight).mapped("risk"))
        flight.amount = 2000.01
        self.round.action_assess()
        self.assertEqual(set((hotel | flight).mapped("risk")), {"frame"})
        self.assertEqual(training.risk, "new")
        frame.amount = 6000
        self.assertNotIn("frame", (hotel | flight).mapped("risk"))

    def test_frames_below_stay_within_the_one_above(self):
        other = self._create_round(name="Other")
        self._frame(10000, self.head, budget_round=other)
        self._frame(6000, self.sales, budget_round=other)
        self._frame(5000, self.making, budget_round=other)
        with self.assertRaisesRegex(ValidationError, "Head"):
            other.action_open()
        other.frame_ids[-1].with_user(self.user_manager).amount = 4000
        other.action_open()

    def test_a_position_is_framed_once_in_a_department(self):
        self._frame(100, self.sales, self.position_travel)
        with self.assertRaises(ValidationError):
            self._frame(50, self.sales, self.position_hotel)

    def _copy(self, user, **values):
        proposals = values.pop("proposals", self.proposal_sales)
        uplift = values.pop("uplift", 0)
        wizard = (
            self.env["performance.budget.proposal.copy"]
            .with_user(user)
            .create(
                {
                    "round_id": self.round.id,
                    "budget_id": self.budget.id,
                    "line_ids": [
                        Command.create({"proposal_id": p.id, "uplift": uplift})
                        for p in proposals
                    ],
                    **values,
                }
            )
        )
        wizard.action_copy()
        return {line.position_id.name: line.amount for line in proposals.line_ids}

    def test_copy_of_the_plan_with_an_uplift(self):
        amounts = self._copy(self.user_owner, source="plan", uplift=2.5)
        self.assertEqual(amounts, {"Hotel": 4920, "Flight": 2460, "Training": 2460})
        training = self.proposal_sales.line_ids.filtered("analytic_account_ids")
        self.assertEqual(training.analytic_account_ids, self.project_alpha)
        self.assertFalse(self.proposal_making.line_ids)

    def test_copy_of_what_was_booked(self):
        self._create_entry(1234.56, day="2026-03-05")
        self._flush()
        amounts = self._copy(self.user_owner, source="actual", uplift=10)
        self.assertEqual(amounts, {"Hotel": 1358.02})

    def test_copy_of_execution_takes_the_uplift_of_results(self):
        self._create_entry(1000, day="2026-03-05")
        self._flush()

        def uplift(_round, department):
            return 10.0 if department == self.sales else 0.0

        self.patch(type(self.round), "_get_uplift", uplift)
        action = self.round.action_copy_last_year()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard.with_user(self.user_officer).action_copy()
        self.assertEqual(self.proposal_sales.line_ids.amount, 1100)
        company = self._proposal(self.env["hr.department"])
        self.assertEqual(company.line_ids.filtered("is_reserve").amount, 5000)

    def test_copy_of_execution_knows_what_was_used_since_the_forecast(self):
        self.env["performance.budget.forecast"].sudo()._refresh(self.company)
        self.assertEqual(self.line_hotel_sales.forecast_line_id.amount_expected, 0)
        self._create_entry(1000, day="2026-03-05")
        self._flush()
        self.assertEqual(self._copy(self.user_owner), {"Hotel": 1000})

    def test_copying_again_keeps_what_is_proposed_unless_asked(self):
        line = self._propose(self.proposal_sales, "hotel", 1)
        self._copy(self.user_owner, source="plan")
        self.assertEqual(line.amount, 1)
        self._copy(self.user_owner, source="plan", replace=True)
        self.assertEqual(line.amount, 4800)
        self.assertEqual(len(self.proposal_sales.line_ids), 3)

    def test_year_end_prepares_the_next_round_from_the_execution(self):
        self._create_entry(1000, day="2026-03-05")
        self._flush()
        self.round.action_cancel()
        action = self.budget.with_user(self.user_officer).action_year_end()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard = wizard.with_user(self.user_officer)
        made = self.env["performance.budget.round"].browse(
            wizard.action_prepare_round()["res_id"]
        )
        self.assertEqual((made.name, made.state), ("Budget 2027", "draft"))
        self.assertEqual(made.date_from, date(2027, 1, 1))
        self.assertEqual(made.date_to, date(2027, 12, 31))
        self.assertEqual(made.base_budget_id, self.budget)
        line = self._proposal(self.sales, made).line_ids
        self.assertEqual(line.amount, 1000)
        self.assertEqual(wizard.action_prepare_round()["res_id"], made.id)

    def _create_lines(self, count):
        """Return what it costs to propose so many positions at once."""
        number = self.env["performance.budget.position"].search_count([])
        positions = self.env["performance.budget.position"].create(
            [{"name": f"Position {number + i}"} for i in range(count)]
        )
        self._flush()
        before = self.env.cr.sql_log_count
        self.env["performance.budget.proposal.line"].with_user(self.user_owner).create(
            [
                {
                    "proposal_id": self.proposal_sales.id,
                    "position_id": position.id,
                    "amount": 100,
                    "distribution": "season",
                }
                for position in positions
            ]
        )
        self._flush()
        return self.env.cr.sql_log_count - before

    def test_many_lines_cost_as_many_queries_as_few(self):
        self._create_lines(2)
        self.assertLessEqual(self._create_lines(60), self._create_lines(5) + 6)

    def test_the_board_is_read_in_one_query(self):
        self._create_lines(20)
        Board = self.env["performance.budget.round.board"]
        names = ["amount_frame", "amount_proposed", "amount_difference", "state"]
        Board.search_read([], names)
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        Board.search_fetch([("round_id", "=", self.round.id)], names)
        self.assertEqual(self.env.cr.sql_log_count - before, 1)
