from datetime import date, timedelta

from freezegun import freeze_time

from odoo.tests import HttpCase, tagged

from .ledger_assertions import LedgerAssertions

PATHS = {
    "hr.expense": "expenses",
    "performance.budget": "budgets",
    "performance.budget.adjustment": "budget-adjustments",
    "performance.budget.proposal": "budget-proposals",
    "performance.budget.review": "budget-reviews",
    "performance.budget.round": "budget-rounds",
}
OWN_DOCUMENTS = ("hr.expense", "account.move")


@tagged("post_install", "-at_install")
class TestBudgetYearUi(LedgerAssertions, HttpCase):
    """A year of the demo company, each step in the browser of whose step it is.

    The year is the one that the demo round plans:

    ======  ==============================================================
    before  proposals, reserve, two levels; the budget is in force
    March   a claim passes, is approved and booked
    May     a claim is blocked, asks for money, three levels grant it
    June    an emergency is paid from the reserve, after three levels
    July    forecast, draft adjustment, review of the second quarter
    Dec.    a late claim, the round of the next year, carry-over, closing
    after   the late claim is booked in the next year
    ======  ==============================================================

    Between the steps the ledger is asked for each figure.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env.ref(
            "budget_performance.user_controller", raise_if_not_found=False
        ):
            raise AssertionError(
                "The year is played on the demo company, and this database lacks it or"
                " has an older one: install budget_performance anew with --with-demo."
            )
        cls.company = cls._demo("company_lotus")
        cls.round = cls._demo("round_next_year")
        cls.year = cls.round.date_from.year
        cls.sales = cls._demo("department_sales")
        cls.research = cls._demo("department_research")
        for login in ("employee", "owner", "engineer", "finance", "controller", "cfo"):
            setattr(cls, f"user_{login}", cls._demo(f"user_{login}"))
        cls._flush()

    @classmethod
    def _demo(cls, name):
        return cls.env.ref(f"budget_performance.{name}")

    @classmethod
    def _get_ledger_companies(cls):
        return cls.company

    def _oracle(self):
        """Look at claims and entries; other addons have documents of their own."""
        oracle = super()._oracle()
        oracle.held = {
            key: amount
            for key, amount in oracle.held.items()
            if key.model in OWN_DOCUMENTS
        }
        return oracle

    def _play(self, tour, record, user, kind="year"):
        """Play a tour as somebody on a record, or on a new one of an empty set."""
        self.start_tour(
            f"/odoo/{PATHS[record._name]}/{record.id or 'new'}",
            f"budget_performance_{kind}_{tour}",
            login=user.login,
            timeout=180,
        )
        self.env.invalidate_all()

    def _on(self, month, day):
        return freeze_time(date(self.year, month, day))

    def _find_proposal(self, department=None):
        """Return what a department proposes now, without one the whole company."""
        department_id = department.id if department else False
        return self.round.proposal_ids.filtered(
            lambda p: p.is_current and p.department_id.id == department_id
        )

    def _find_line(self, position, department):
        return self.round.budget_id.line_ids.filtered(
            lambda line: (
                line.position_id == self._demo(f"position_{position}")
                and line.department_id == department
                and not line.is_reserve
            )
        )

    def _grant(self, adjustment, *users):
        """Have it approved by one after the other, and by nobody less."""
        for user in users:
            self.assertEqual(adjustment.state, "submitted")
            self._play("approved", adjustment, user, kind="adjustment")
        self.assertEqual(adjustment.state, "applied")
        self.assertEqual(
            adjustment.decision_ids.sorted("id").user_id.mapped("login"),
            [user.login for user in users],
        )

    def test_one_year(self):
        with freeze_time(self.round.date_from - timedelta(days=1)):
            self._plan()
        self.travel = self._find_line("travel", self.sales)
        self.training = self._find_line("training", self.sales)
        self.reserve = self.round.budget_id.line_ids.filtered("is_reserve")
        self.assertFigures(self.travel, 115000, {})
        self.assertFigures(self.training, 30000, {})
        with self._on(3, 10):
            self._spend()
        with self._on(5, 10):
            self._ask_for_money()
        with self._on(6, 1):
            self._draw_on_the_reserve()
        with self._on(7, 2):
            self._look_ahead()
        with self._on(12, 20):
            self._end()
        with freeze_time(date(self.year + 1, 1, 10)):
            self._book_late()

    def _plan(self):
        research = self._find_proposal(self.research)
        self._play("send_back", research, self.user_finance, kind="round")
        research = self._find_proposal(self.research)
        self.assertEqual(research.iteration, 2)
        self._play("resubmit_research", research, self.user_engineer, kind="round")
        sales = self._find_proposal(self.sales)
        self._play("resubmit_sales", sales, self.user_owner, kind="round")
        self._play("reserve", self._find_proposal(), self.user_finance, kind="round")
        self._agree()
        budget = self.round.budget_id
        self.assertEqual(budget.amount_planned, 360000 + 102000)
        self.assertEqual(budget.amount_reserve, 28000)
        self.assertLedgerSound()

    def _agree(self):
        """Take the round, once all have submitted, through its levels into force."""
        self._play("request", self.round, self.user_finance, kind="round")
        self._play("approve", self.round, self.user_controller, kind="round")
        self._play("agreed", self.round, self.user_cfo, kind="round")
        self.assertEqual(self.round.budget_id.state, "approved")

    def _claim(self, tour, name):
        self._play(tour, self.env["hr.expense"], self.user_employee)
        return self.env["hr.expense"].search([("name", "=", name)])

    def _spend(self):
        claim = self._claim("claim_passes", "Fair in Hanoi")
        self.assertFigures(self.travel, 115000, {"reserved": 34500})
        self._play("claim_approved", claim, self.user_owner)
        self.assertFigures(self.travel, 115000, {"committed": 34500})
        self._play("claim_posted", claim, self.user_finance)
        self.assertFigures(self.travel, 115000, {"actual": 34500})
        self.assertLedgerSound()

    def _ask_for_money(self):
        claim = self._claim("claim_blocked", "All distributors")
        self.assertEqual(claim.state, "draft")
        self.assertFigures(self.travel, 115000, {"actual": 34500})
        adjustment = self.env["performance.budget.adjustment"].search(
            [("res_model", "=", "hr.expense"), ("res_id", "=", claim.id)]
        )
        self._grant(adjustment, self.user_owner, self.user_finance, self.user_cfo)
        self.assertEqual(claim.approval_state, "submitted")
        self.assertFigures(self.travel, 161000, {"actual": 34500, "reserved": 126500})
        self.assertLedgerSound()
        self._play("claim_approved", claim, self.user_owner)
        self._play("claim_posted", claim, self.user_finance)
        self.assertFigures(self.travel, 161000, {"actual": 161000})

    def _draw_on_the_reserve(self):
        Adjustment = self.env["performance.budget.adjustment"]
        self._play("reserve_drawn", Adjustment, self.user_finance)
        drawn = Adjustment.search([("line_ids.line_id", "=", self.reserve.id)])
        self.assertEqual((drawn.emergency, drawn.amount), ("rush", 7000))
        self.assertFigures(self.training, 30000, {})
        self._grant(drawn, self.user_owner, self.user_controller, self.user_cfo)
        self.assertFigures(self.training, 37000, {})
        self.assertFigures(self.reserve, 21000, {})
        self.assertEqual(self.round.budget_id.amount_reserve_drawn, 7000)

    def _look_ahead(self):
        marketing = self._find_line("marketing", self.sales)
        self.start_tour(
            "/odoo/budget-forecast",
            "budget_performance_year_forecast",
            login=self.user_finance.login,
            timeout=180,
        )
        self.env.invalidate_all()
        draft = self.env["performance.budget.adjustment"].search(
            [("line_ids.line_id", "=", marketing.id)]
        )
        self.assertEqual((draft.kind, draft.state), ("reduction", "cancelled"))
        expected = marketing.forecast_line_id
        self.assertEqual(draft.line_ids.amount, -expected.amount_left)
        self.assertFigures(marketing, 175000, {})
        # The job of the quarter asks; whoever leads the department answers.
        reviews = self.env["performance.budget.review"].sudo()._ask(self.company)
        review = reviews.filtered(lambda r: r.department_id == self.sales)
        self._play("review", review, self.user_owner)
        self.assertEqual(review.state, "done")
        self.assertEqual(review.amount_planned, 360000 + 46000 + 7000)
        self.assertEqual(review.amount_used, 161000)

    def _end(self):
        budget = self.round.budget_id
        self.claim = self._claim("claim_late", "Winter course")
        self._play("claim_approved", self.claim, self.user_owner)
        self.assertFigures(self.training, 37000, {"committed": 3000})
        self._play("prepare", budget, self.user_finance)
        self._plan_next(budget)
        self.next_line = self._find_line("training", self.sales)
        self.assertFigures(self.next_line, 3000, {})
        self._play("carry", budget, self.user_finance)
        carried = self.env["performance.budget.adjustment"].search(
            [("kind", "=", "carry_forward"), ("company_id", "=", self.company.id)]
        )
        self.assertFigures(self.training, 37000, {"committed": 3000})
        self._grant(carried, self.user_owner, self.user_controller, self.user_cfo)
        self.assertFigures(self.training, 33000, {})
        self.assertFigures(self.next_line, 7000, {"committed": 3000})
        self._play("close", budget, self.user_cfo)
        self.assertEqual(budget.state, "closed")
        self.assertFigures(self.travel, 161000, {"actual": 161000})

    def _plan_next(self, budget):
        self.round = self.round.search([("base_budget_id", "=", budget.id)])
        self.assertEqual(self.round.date_from, date(self.year + 1, 1, 1))
        sales = self._find_proposal(self.sales)
        # What was spent is proposed again, until people know better.
        proposed = {line.position_id: line.amount for line in sales.line_ids}
        self.assertGreaterEqual(proposed[self.travel.position_id], 161000)
        # Used since the forecast of July, which expected nothing here.
        self.assertEqual(proposed[self.training.position_id], 3000)
        self._play("submit", sales, self.user_owner, kind="round")
        research = self._find_proposal(self.research)
        self._play("propose", research, self.user_engineer, kind="round")
        self._play("submit", self._find_proposal(), self.user_finance, kind="round")
        self._agree()

    def _book_late(self):
        self._play("claim_posted", self.claim, self.user_finance)
        self.assertFigures(self.next_line, 7000, {"actual": 3000})
        self.assertFigures(self.training, 33000, {})
