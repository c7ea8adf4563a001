from datetime import date

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .adjustment_common import AdjustmentCommon


@tagged("post_install", "-at_install")
class TestBudgetReserve(AdjustmentCommon):
    """A reserve of 5 to 10 %, drawn for emergencies by an approved request (B11)."""

    def _budget(self, reserve):
        budget = self._create_budget(
            name="2030", date_from=date(2030, 1, 1), date_to=date(2030, 12, 31)
        )
        self._line("travel", 9000, budget=budget)
        if reserve:
            self._line("travel", reserve, budget=budget, is_reserve=True)
        return budget

    def test_the_reserve_has_its_size_or_the_budget_is_not_approved(self):
        """B11: 5–10 % of the budget."""
        self.company.budget_reserve_max_rate = 0.10
        for reserve, share in ((470, "4.96"), (1010, "10.09")):
            with (
                self.subTest(reserve),
                self.assertRaisesRegex(ValidationError, f"{share} %.*5 % to 10 %"),
            ):
                self._budget(reserve).action_submit()
        for reserve in (474, 1000):
            with self.subTest(reserve):
                budget = self._budget(reserve)
                self._approve_budget(budget)
                self.assertEqual(budget.state, "approved")
                budget.action_reset()
                budget.action_submit()
                budget.action_cancel()

    def test_without_reserve_it_is_a_setting(self):
        self.company.budget_reserve_required = True
        with self.assertRaisesRegex(ValidationError, "0 %"):
            self._budget(0).action_submit()
        self.company.budget_reserve_required = False
        budget = self._budget(0)
        self._approve_budget(budget)
        self.assertIn("without a reserve", budget.message_ids[0].body)

    def test_the_reserve_is_found_by_its_name(self):
        Line = self.env["performance.budget.line"]
        found = Line.search([("display_name", "ilike", "reserv")])
        self.assertIn(self.line_reserve, found)
        self.assertNotIn(self.line_travel, found)
        self.assertIn(self.line_travel, Line.search([("display_name", "ilike", "tra")]))
        self.assertFalse(found & Line.search([("display_name", "ilike", "reserved")]))

    def test_drawn_for_an_emergency_and_filled_again(self):
        self.level_management.active = False
        legs = [(self.line_reserve, -1000), (self.line_travel, 1000)]
        draw = self._adjust(legs, "reserve")
        with self.assertRaisesRegex(ValidationError, "emergencies"):
            draw.action_submit()
        draw.write({"driver": "emergency", "emergency": "repair"})
        draw.action_submit()
        self._approve(draw, self.user_owner, self.user_manager)
        self.assertEqual(draw.state, "applied")
        self.budget.invalidate_recordset()
        self.assertEqual(self.budget.amount_reserve, 4000)
        self.assertEqual(self.budget.amount_reserve_drawn, 1000)
        refill = self._adjust(
            [(self.line_reserve, 400), (self.line_training, -400)], "reserve"
        )
        refill.action_submit()
        self._approve(refill, self.user_owner, self.user_maker, self.user_manager)
        self.budget.invalidate_recordset()
        self.assertEqual(self.budget.amount_reserve_drawn, 600)
        self.assertExplained()

    def test_more_than_the_reserve_cannot_be_drawn(self):
        draw = self._adjust(
            [(self.line_reserve, -5000.01), (self.line_travel, 5000.01)],
            "reserve",
            driver="emergency",
            emergency="rush",
        )
        with self.assertRaises(UserError):
            draw.action_submit()
