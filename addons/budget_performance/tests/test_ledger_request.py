from datetime import date

from odoo import Command
from odoo.tests import tagged

from .common import BudgetCommon


@tagged("post_install", "-at_install")
class TestLedgerRequest(BudgetCommon):
    """What documents ask of their lines, and what follows from the answer."""

    def _add_rule(self, interval, rate, action):
        return self.env["performance.budget.control.rule"].create(
            {
                "name": "Hotels",
                "company_id": self.company.id,
                "position_id": self.position_hotel.id,
                "interval": interval,
                "band_ids": [
                    Command.create(
                        {"comparison": "reach", "usage_rate": rate, "action": action}
                    )
                ],
            }
        )

    def _submit(self, amount, **values):
        claim = self._create_claim(total_amount_currency=amount, **values)
        claim.action_submit()
        self._flush()
        return claim

    def _count_triggers(self):
        cron = self.env.ref("budget_performance.ir_cron_budget_alert")
        Trigger = self.env["ir.cron.trigger"].sudo()
        return Trigger.search_count([("cron_id", "=", cron.id)])

    def test_the_owner_hears_of_a_crossed_limit_at_once(self):
        """B4: the claim that crosses tells it, those before and after do not."""
        self._add_rule("budget", 0.5, "alert")
        for amount, told in ((2300, 0), (200, 1), (100, 0)):  # of 4,800
            with self.subTest(amount=amount):
                before = self._count_triggers()
                self._submit(amount)
                self.assertEqual(self._count_triggers() - before, told)

    def test_an_entry_in_another_month_takes_the_place_of_its_claim(self):
        """The month of the accounting date may be full: the money was given before."""
        self._add_rule("month", 1.0, "block")  # 400 a month
        self._submit(390, date=date(2026, 4, 10))
        claim = self._submit(300, date=date(2026, 3, 10))
        claim._do_approve(check=False)
        self._post(claim, date(2026, 4, 20))
        self.assertHeld(
            self.line_hotel_sales, {(4, "reserved"): 390, (4, "actual"): 300}
        )

    def test_a_claim_that_moves_to_a_full_month_is_asked(self):
        self._add_rule("month", 1.0, "block")
        self._submit(390, date=date(2026, 4, 10))
        claim = self._submit(300, date=date(2026, 3, 10))
        with self._refused("Month"):
            claim.date = date(2026, 4, 20)
