from odoo.tests import tagged

from .common import BudgetCommon


@tagged("post_install", "-at_install")
class TestLineChart(BudgetCommon):
    """The picture on a line says what its months say (B16)."""

    def test_plan_and_actual_are_those_of_the_months(self):
        self._create_entry(500.0, day="2026-03-10")
        self._flush()
        chart = self.line_hotel_sales.with_user(self.user_owner).month_chart
        self.assertEqual(len(chart["labels"]), 12)
        self.assertEqual(chart["planned"], [400.0] * 12)
        whole = self.line_travel.month_chart
        self.assertEqual(whole["actual"][2], 500)
        # it is June: later months have no actual yet, which is not zero
        self.assertEqual(whole["actual"][6:], [None] * 6)
        self.assertEqual(whole["forecast"], [None] * 12)

    def test_the_latest_forecast_is_drawn(self):
        self.env["performance.budget.forecast"].sudo()._refresh(self.company)
        self._flush()
        chart = self.line_travel.month_chart
        latest = self.line_travel.forecast_line_id
        self.assertTrue(latest)
        ahead = {
            row.month.month: row.amount_forecast
            for row in latest.month_ids
            if row.month.year == 2026
        }
        self.assertTrue(ahead)
        for month, amount in ahead.items():
            self.assertAlmostEqual(chart["forecast"][month - 1], amount)

    def test_a_line_that_is_not_saved_has_none(self):
        line = self.env["performance.budget.line"].new({"budget_id": self.budget.id})
        self.assertFalse(line.month_chart)
