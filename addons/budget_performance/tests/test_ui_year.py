from collections import Counter
from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.tests import HttpCase, tagged

from .round_common import RoundCommon

PATHS = {
    "hr.expense": "expenses",
    "performance.budget": "budgets",
    "performance.budget.adjustment": "budget-adjustments",
    "performance.budget.proposal": "budget-proposals",
    "performance.budget.review": "budget-reviews",
    "performance.budget.round": "budget-rounds",
}


@tagged("post_install", "-at_install")
class TestBudgetYearUi(RoundCommon, HttpCase):
    """The life of a budget, each step in the browser of whose step it is.

    ==========  ==========================================================
    2026-06-15  finance, a head and two levels plan 2027 until it is in force
    2027-03-10  a claim passes
    2027-05-10  a claim is blocked, asks for money, three levels grant it
    2027-06-01  an emergency is paid from the reserve
    2027-07-02  forecast, draft adjustment, review of the second quarter
    2027-12-20  the round of 2028, carry-over, closing
    ==========  ==========================================================

    Between the steps the ledger is asked for each figure.
    """

    @classmethod
    def _setup_budgets(cls):
        """Begin with the budget of the year before, and nothing else."""
        cls.budget = cls._create_budget(name="2026")
        cls.line_hotel_sales = cls._line("hotel", 4800, cls.centre_sales)
        cls._approve_budget(cls.budget)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.position_hotel.name = "Round Travel"
        cls.product_hotel.name = "Year Hotel"
        cls.proposal_making.with_user(cls.user_officer).unlink()
        cls.round.department_ids = [Command.unlink(cls.making.id)]
        cls.frame = cls._frame(10000, cls.sales)
        level = cls.env.ref(
            "budget_performance.performance_budget_adjustment_level_owner"
        )
        level.approver = "department"

    def _play(self, tour, record, user, kind="year"):
        """Play a tour as somebody on a record, or on a new one of an empty set."""
        self.start_tour(
            f"/odoo/{PATHS[record._name]}/{record.id or 'new'}",
            f"budget_performance_{kind}_{tour}",
            login=user.login,
        )
        self.env.invalidate_all()

    def _find_line(self, position):
        return self.round.budget_id.line_ids.filtered(
            lambda line: line.position_id == position and not line.is_reserve
        )

    def _grant(self, adjustment):
        """Let everybody who is asked approve; return who did."""
        while adjustment.state == "submitted":
            decider = adjustment.sudo()._get_deciders()[0]
            adjustment.with_user(decider).action_approve()
        self.assertEqual(adjustment.state, "applied")
        return adjustment.sudo().decision_ids.user_id

    def assertFigures(self, line, planned, used):
        """Compare plan and use of a line with the balances and with the ledger.

        :param used: ``{kind: amount}`` in all months
        """
        self._flush()
        line.invalidate_recordset()
        held = Counter()
        for (_month, kind), amount in self._held(line).items():
            held[kind] += amount
        self.assertEqual(dict(held), used)
        months = line.allocation_ids.mapped("amount_planned")
        self.assertEqual(round(sum(months), 2), planned)
        self.assertRecordValues(
            line,
            [
                {
                    "amount_planned": planned,
                    "amount_reserved": used.get("reserved", 0),
                    "amount_committed": used.get("committed", 0),
                    "amount_actual": used.get("actual", 0),
                    "amount_available": planned - sum(used.values()),
                }
            ],
        )

    def test_one_year(self):
        self._plan()
        self.hotel, self.flight = map(
            self._find_line, (self.position_hotel, self.position_flight)
        )
        self.reserve = self.round.budget_id.line_ids.filtered("is_reserve")
        self.assertFigures(self.hotel, 10000, {})
        self.assertFigures(self.flight, 2000, {})
        with freeze_time("2027-03-10"):
            self._spend()
        with freeze_time("2027-05-10"):
            self._ask_for_money()
        with freeze_time("2027-06-01"):
            self._draw_on_the_reserve()
        with freeze_time("2027-07-02"):
            self._look_ahead()
        with freeze_time("2027-12-20"):
            self._end()

    def _plan(self):
        self._play("open", self.round, self.user_officer, "round")
        self._play("propose", self.proposal_sales, self.user_owner, "round")
        self._play("send_back", self.proposal_sales, self.user_officer, "round")
        following = self._proposal(self.sales)
        self.assertEqual(following.iteration, 2)
        self.frame.amount = 12000
        self._propose(following, "flight", 2000)
        self._play("resubmit", following, self.user_owner, "round")
        self._play("accept", following, self.user_officer, "round")
        self._plan_reserve(1200)
        self._play("request", self.round, self.user_officer, "round")
        self._play("approve", self.round, self.user_second, "round")
        self._play("agreed", self.round, self.user_manager, "round")
        budget = self.round.budget_id
        self.assertEqual(budget.state, "approved")
        self.assertEqual(budget.amount_planned, 12000)
        self.assertEqual(budget.amount_reserve, 1200)
        self.assertEqual(self.proposal_sales.line_ids.amount, 13000)

    def _plan_reserve(self, amount):
        whole = self._proposal(self.env["hr.department"])
        self._propose(whole, "travel", amount, user=self.user_officer, is_reserve=True)
        whole.with_user(self.user_officer).action_submit()
        whole.with_user(self.user_officer).action_accept()

    def _spend(self):
        claim = self._claim("claim_passes", "Fair in Hanoi")
        self.assertFigures(self.hotel, 10000, {"reserved": 3000})
        claim.with_user(self.user_owner).action_approve()
        self.assertFigures(self.hotel, 10000, {"committed": 3000})
        self._post(claim, date(2027, 3, 12))
        self.assertFigures(self.hotel, 10000, {"actual": 3000})
        self.assertLedgerSound()

    def _claim(self, tour, name):
        self._play(tour, self.env["hr.expense"], self.user_employee)
        return self.env["hr.expense"].search([("name", "=", name)])

    def _ask_for_money(self):
        claim = self._claim("claim_blocked", "All distributors")
        self.assertEqual(claim.state, "draft")
        self.assertFigures(self.hotel, 10000, {"actual": 3000})
        adjustment = self.env["performance.budget.adjustment"].search(
            [("res_model", "=", "hr.expense"), ("res_id", "=", claim.id)]
        )
        for user in (self.user_owner, self.user_second, self.user_manager):
            self.assertEqual(adjustment.state, "submitted")
            self.start_tour(
                f"/odoo/budget-adjustments/{adjustment.id}",
                "budget_performance_adjustment_approved",
                login=user.login,
            )
            self.env.invalidate_all()
        self.assertEqual(adjustment.state, "applied")
        self.assertEqual(claim.approval_state, "submitted")
        self.assertFigures(self.hotel, 15000, {"actual": 3000, "reserved": 12000})
        self.assertLedgerSound()
        claim.with_user(self.user_owner).action_approve()
        self._post(claim, date(2027, 5, 20))
        self.assertFigures(self.hotel, 15000, {"actual": 15000})

    def _draw_on_the_reserve(self):
        Adjustment = self.env["performance.budget.adjustment"]
        self._play("reserve_drawn", Adjustment, self.user_officer)
        drawn = Adjustment.search([("kind", "=", "reserve")])
        self.assertEqual((drawn.emergency, drawn.amount), ("rush", 700))
        self.assertFigures(self.flight, 2000, {})
        granted = self._grant(drawn)
        self.assertIn(self.user_owner, granted)
        self.assertNotIn(self.user_officer, granted)
        self.assertFigures(self.flight, 2700, {})
        self.assertFigures(self.reserve, 500, {})
        self.assertEqual(self.round.budget_id.amount_reserve_drawn, 700)

    def _look_ahead(self):
        self.start_tour(
            "/odoo/budget-forecast",
            "budget_performance_year_forecast",
            login=self.user_officer.login,
        )
        self.env.invalidate_all()
        expected = self.flight.forecast_line_id
        draft = self.env["performance.budget.adjustment"].search(
            [("state", "=", "draft"), ("line_ids.line_id", "=", self.flight.id)]
        )
        self.assertEqual(draft.kind, "reduction")
        self.assertEqual(draft.line_ids.amount, -expected.amount_left)
        self.assertFigures(self.flight, 2700, {})
        draft.with_user(self.user_officer).action_cancel()
        # The job of the quarter asks; whoever leads the department answers.
        review = self.env["performance.budget.review"].sudo()._ask(self.company)
        self.assertEqual(review.user_id, self.user_owner)
        self._play("review", review, self.user_owner)
        self.assertEqual(review.state, "done")
        self.assertEqual(review.amount_planned, 17700)
        self.assertEqual(review.amount_used, 15000)

    def _end(self):
        budget = self.round.budget_id
        claim = self._create_claim(
            product_id=self.product_flight.id,
            total_amount_currency=300,
            date=date(2027, 12, 10),
        )
        claim.with_user(self.user_employee).action_submit()
        claim.with_user(self.user_owner).action_approve()
        self.assertFigures(self.flight, 2700, {"committed": 300})
        self._play("prepare", budget, self.user_officer)
        next_line = self._agree_next(budget)
        planned = next_line.amount_planned
        self._play("carry", budget, self.user_officer)
        carried = self.env["performance.budget.adjustment"].search(
            [("kind", "=", "carry_forward")]
        )
        self.assertFigures(self.flight, 2700, {"committed": 300})
        self._grant(carried)
        self.assertFigures(self.flight, 2300, {})
        self.assertFigures(next_line, planned + 400, {"committed": 300})
        self._play("close", budget, self.user_manager)
        self.assertEqual(budget.state, "closed")
        self.assertFigures(self.hotel, 15000, {"actual": 15000})
        self._post(claim, date(2028, 1, 10))
        self.assertFigures(next_line, planned + 400, {"actual": 300})
        self.assertFigures(self.flight, 2300, {})

    def _agree_next(self, budget):
        """Have the round of the next year agreed; return its line of flights."""
        self.round = self.round.search([("base_budget_id", "=", budget.id)])
        self.assertEqual(self.round.date_from, date(2028, 1, 1))
        self.round.with_user(self.user_officer).action_open()
        proposals = self.round.proposal_ids.with_user(self.user_officer)
        sales = proposals.filtered("department_id")
        # What was spent is proposed again, until people know better.
        self.assertIn(self.position_hotel, sales.line_ids.position_id)
        sales.line_ids.filtered(
            lambda line: line.position_id != self.position_hotel
        ).unlink()
        sales.line_ids.write({"amount": 3000, "justification": "As before"})
        self._propose(sales, "flight", 3000)
        whole = proposals - sales
        whole.line_ids.unlink()
        self._propose(whole, "travel", 500, user=self.user_officer, is_reserve=True)
        for proposal in proposals:
            proposal.action_submit()
            proposal.action_accept()
        self.round.with_user(self.user_officer).action_consolidate()
        self.round.with_user(self.user_officer).action_request()
        self.round.with_user(self.user_second).action_approve()
        self.round.with_user(self.user_manager).action_approve()
        self.assertEqual(self.round.budget_id.state, "approved")
        return self._find_line(self.position_flight)
