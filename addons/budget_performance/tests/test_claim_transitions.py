from odoo.tests import tagged

from .common import BudgetCommon


@tagged("post_install", "-at_install")
class TestClaimTransitions(BudgetCommon):
    def test_a_posted_claim_moves_to_the_month_of_its_entry(self):
        """#23, B8: released where it was reserved, spent where it was booked."""
        claim = self._create_approved()
        self.assertHeld(self.line_hotel_sales, {(3, "committed"): 100.0})
        self._post(claim, "2026-05-20")
        self.assertHeld(self.line_hotel_sales, {(5, "actual"): 100.0})
