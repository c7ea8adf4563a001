from datetime import date

import psycopg2

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .adjustment_common import AUGUST, JULY, AdjustmentCommon


@tagged("post_install", "-at_install")
class TestAdjustment(AdjustmentCommon):
    """Plans in force change by approved adjustments and in no other way (B10)."""

    def test_a_transfer_passes_three_levels_and_changes_both_lines(self):
        """B10: owners agree, finance reviews, management approves."""
        transfer = self._adjust(
            [(self.line_hotel_making, -1200), (self.line_hotel_sales, 1200, JULY)],
            user=self.user_officer,
        )
        sales, making = self._plan(self.line_hotel_sales), self._plan(self.line_travel)
        transfer.action_submit()
        self.assertIn(self.user_maker.name, transfer.waiting_for)
        self._approve(transfer, self.user_maker)
        self.assertEqual(transfer.state, "submitted")
        self._approve(transfer, self.user_owner)
        with self.assertRaisesRegex(UserError, "own request"):
            transfer.action_approve()  # the officer has asked himself
        finance = self._create_user(
            "second", "budget_performance.group_budget_officer", self.company
        )
        self._approve(transfer, finance)
        self.assertEqual(transfer.state, "submitted")
        self._approve(transfer, self.user_manager)
        self.assertEqual(transfer.state, "applied")
        sales[JULY] += 1200
        self.assertEqual(self._plan(self.line_hotel_sales), sales)
        self.assertEqual(self.line_hotel_making.amount_planned, 2400)
        self.assertEqual(self._plan(self.line_travel), making)  # the pool: untouched
        leg = transfer.line_ids[1].with_user(self.user_auditor)
        self.assertEqual((leg.amount_before, leg.amount_after), (400, 1600))
        self.assertEqual(sum(transfer.sudo().change_ids.mapped("amount")), 0)
        self.assertEqual(transfer.sudo().applied_by_id, self.user_manager)
        self.assertExplained()

    def test_legs_that_do_not_add_up_are_refused(self):
        """I8: nothing moves between lines without both legs."""
        cases = {
            "one leg": ([(self.line_training, -100)], "add up"),
            "a cent": (
                [(self.line_training, -100), (self.line_travel, 100.01)],
                "add up",
            ),
            "out of a pool": (
                [(self.line_hotel_making, -50), (self.line_training, 50)],
                "inside .*Travel",
            ),
            "none": ([], "Say which line"),
            "the reserve": (
                [(self.line_reserve, -50), (self.line_training, 50)],
                "is the reserve",
            ),
            "two budgets": (
                [(self.line_training, -50), (self.line_next, 50)],
                "several budgets",
            ),
            "closed": (
                [(self.line_closed, -50), (self.line_travel, 50)],
                "not in force",
            ),
        }
        for name, (legs, words) in cases.items():
            with self.subTest(name), self.assertRaisesRegex(ValidationError, words):
                self._adjust(legs).action_submit()

    def test_kinds_take_only_what_they_are_for(self):
        for kind, amount, words in (
            ("supplement", -10, "takes nothing away"),
            ("reduction", 10, "adds nothing"),
            ("reserve", 10, "Name the reserve line"),
        ):
            with self.subTest(kind), self.assertRaisesRegex(ValidationError, words):
                self._adjust([(self.line_training, amount)], kind).action_submit()

    def test_the_pool_follows_on_request(self):
        transfer = self._adjust(
            [(self.line_hotel_making, -50), (self.line_training, 50)]
        )
        with self.assertRaisesRegex(ValidationError, "Travel"):
            transfer.action_submit()
        transfer.action_complete_pools()
        transfer.action_submit()
        self.assertEqual(
            {leg.line_id: leg.amount for leg in transfer.line_ids},
            {
                self.line_hotel_making: -50,
                self.line_training: 50,
                self.line_travel: -50,
            },
        )

    def test_a_line_never_falls_below_what_it_uses(self):
        """Not in a month, not over the year, not in a quarter that a rule looks at."""
        claim = self._create_claim(
            product_id=self.product_training.id,
            total_amount_currency=900,
            date=date(2026, 7, 10),
        )
        claim.action_submit()
        self._flush()
        cases = {
            "month": ([(self.line_training, -10, JULY)], "2026-07"),
            # 1,500 are planned in the quarter, 900 used
            "quarter": (
                [
                    (self.line_training, -400, AUGUST),
                    (self.line_training, -300, date(2026, 9, 1)),
                ],
                "Quarter|2026-08|month",
            ),
            "budget": ([(self.line_training, -5200)], "less than that left"),
        }
        for name, (legs, words) in cases.items():
            with self.subTest(name), self.assertRaisesRegex(ValidationError, words):
                self._adjust(legs, "reduction").action_submit()
        self._adjust([(self.line_training, -5000)], "reduction").action_submit()

    def test_the_months_left_give_first_then_earlier_ones(self):
        reduction = self._adjust([(self.line_training, -3700)], "reduction")
        self.level_management.active = False
        reduction.action_submit()
        self._approve(reduction, self.user_maker, self.user_manager)
        plan = self._plan(self.line_training)
        self.assertEqual([plan[date(2026, m, 1)] for m in range(6, 13)], [0] * 7)
        self.assertEqual(plan[date(2026, 5, 1)], 300)
        self.assertEqual(plan[date(2026, 1, 1)], 500)
        self.assertExplained()

    def test_what_was_used_meanwhile_stops_it_and_it_can_be_applied_later(self):
        self.level_management.active = False
        reduction = self._adjust([(self.line_training, -5900)], "reduction")
        reduction.action_submit()
        self._approve(reduction, self.user_maker)
        claim = self._create_claim(
            product_id=self.product_training.id,
            total_amount_currency=300,
            date=date(2026, 7, 10),
        )
        claim.action_submit()
        self._flush()
        before = {self.line_training: self._plan(self.line_training)}
        self._approve(reduction, self.user_manager)
        self.assertEqual(reduction.state, "approved")
        self.assertIn("cannot be applied", reduction.message_ids[0].body)
        self.assertUnchanged(before)
        claim.action_reset()
        self._flush()
        with self.assertRaises(UserError):
            reduction.with_user(self.user_maker).action_apply()
        reduction.action_apply()
        self.assertEqual(reduction.state, "applied")
        with self.assertRaises(UserError):
            reduction.action_apply()
        self.assertExplained()

    def test_a_failure_at_the_last_line_leaves_nothing(self):
        self.level_management.active = False
        moved = self._adjust(
            [(self.line_hotel_making, -500), (self.line_hotel_sales, 500)]
        )
        moved.action_submit()
        self._approve(moved, self.user_maker, self.user_owner)
        plans = {
            line: self._plan(line)
            for line in (self.line_hotel_making, self.line_hotel_sales)
        }
        reached = []

        def fail(adjustment):
            """Refuse when both lines are changed already."""
            reached.append({line: self._plan(line) != plans[line] for line in plans})
            reached.append(round(sum(abs(c.amount) for c in adjustment.change_ids), 2))
            _fail(adjustment)

        Effects = self.env.registry["performance.budget.adjustment"]
        self.patch(Effects, "_apply_effects", fail)
        self._approve(moved, self.user_manager)
        self.assertEqual(reached, [dict.fromkeys(plans, True), 1000])
        self.assertEqual(moved.state, "approved")
        self.assertFalse(moved.applied_date)
        self.assertFalse(any(moved.line_ids.mapped("applied_after")))
        self.assertIn("The target is measured.", moved.message_ids[0].body)
        self.assertFalse(moved.sudo().change_ids)
        self.assertUnchanged(plans)
        self.assertLedgerSound()

    def test_other_effects_are_applied_with_the_money_or_not_at_all(self):
        """B10, I10: the hook for targets."""
        self.level_management.active = False
        Effects = self.env.registry["performance.budget.adjustment"]
        applied = []
        self.patch(Effects, "_get_effect_fingerprint", lambda self: ["target 7 → 8"])
        self.patch(Effects, "_apply_effects", lambda self: applied.append(self.id))
        moved = self._adjust([(self.line_training, 10)], "supplement")
        moved.action_submit()
        self._approve(moved, self.user_maker, self.user_manager)
        self.assertEqual(applied, moved.ids)
        other = self._adjust([(self.line_training, 10)], "supplement")
        other.action_submit()
        self._approve(other, self.user_maker)
        self.patch(Effects, "_get_effect_fingerprint", lambda self: ["target 7 → 9"])
        with self.assertRaisesRegex(UserError, "changed after"):
            self._approve(other, self.user_manager)
        self.assertEqual(applied, moved.ids)

    def test_an_adjustment_is_reversed_once_by_a_counter_adjustment(self):
        self.level_management.active = False
        plan = self._plan(self.line_training)
        more = self._adjust([(self.line_training, 100.01)], "supplement")
        more.action_submit()
        self._approve(more, self.user_maker, self.user_manager)
        reversal = self.env["performance.budget.adjustment"].browse(
            more.action_reverse()["res_id"]
        )
        with self.assertRaisesRegex(UserError, "reversal"):
            more.action_reverse()
        self.assertEqual(reversal.kind, "reduction")
        reversal.with_user(self.user_officer).action_submit()
        self._approve(reversal, self.user_maker, self.user_manager)
        self.assertEqual(reversal.state, "applied")
        self.assertEqual(self._plan(self.line_training), plan)
        self.assertExplained()

    def test_amounts_that_are_none_are_refused(self):
        for amount in (float("nan"), float("inf"), 1e13, -1e13):
            with self.subTest(amount), mute_logger("odoo.sql_db"):
                try:
                    with self.env.cr.savepoint():
                        self._adjust([(self.line_training, amount)]).action_submit()
                except (UserError, ValueError, OverflowError, psycopg2.Error):
                    continue
                self.fail("it was submitted")


def _fail(_adjustment):
    raise UserError("The target is measured.")  # pylint: disable=translation-required
