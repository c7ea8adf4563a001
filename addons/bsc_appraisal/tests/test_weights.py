import doctest
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from odoo.addons.bsc_appraisal.tools import weights
from odoo.addons.bsc_appraisal.tools.weights import (
    WeightError,
    displayed_weights,
    global_weight,
    is_complete,
    largest_remainder,
    total,
)

# Table 1 of the published case (REQUIREMENTS S3), as shares of one.
PAPER = {
    0.471: [0.295, 0.125, 0.266, 0.177, 0.065, 0.072],
    0.278: [0.304, 0.117, 0.257, 0.190, 0.062, 0.070],
    0.087: [0.191, 0.092, 0.059, 0.127, 0.321, 0.211],
    0.164: [0.069, 0.064, 0.329, 0.174, 0.242, 0.123],
}
percents = st.floats(min_value=0, max_value=100, allow_nan=False)
steps = st.sampled_from([Decimal("1"), Decimal("0.1"), Decimal("0.01")])


class TestWeights(BaseCase):
    def test_doctests_hold(self):
        outcome = doctest.testmod(weights)
        self.assertGreater(outcome.attempted, 10)
        self.assertEqual(outcome.failed, 0)

    def test_published_weights_round_to_one_hundred(self):
        """P5: the 24 indicators, whose naive roundings sum to 99.9 %."""
        share_total = sum(
            p * local for p, locals_ in PAPER.items() for local in locals_
        )
        exact = [
            100 * p * local / share_total
            for p, locals_ in PAPER.items()
            for local in locals_
        ]
        step = Decimal("0.1")
        self.assertEqual(round(sum(round(weight, 1) for weight in exact), 1), 99.9)
        self.assertEqual(sum(largest_remainder(exact, step)), 100)

    def test_ties_go_to_the_larger_weight_then_to_the_first(self):
        rows = [
            ([1.5, 2.5], [1, 3]),
            ([2.5, 1.5], [3, 1]),
            ([1.5, 1.5], [2, 1]),
            ([0.4, 0.3, 0.3], [1, 0, 0]),
        ]
        for given_weights, expected in rows:
            with self.subTest(weights=given_weights):
                self.assertEqual(largest_remainder(given_weights, Decimal(1)), expected)

    def test_unfinished_weights_are_not_inflated(self):
        self.assertEqual(sum(largest_remainder([33.333, 33.333])), Decimal("66.67"))

    def test_nothing_to_weigh(self):
        self.assertEqual(largest_remainder([]), [])
        self.assertEqual(displayed_weights([]), [])
        self.assertEqual(displayed_weights([[], [5]]), [[], [Decimal("5.00")]])

    def test_what_is_no_weight_is_refused(self):
        for value in (-0.01, float("nan"), float("inf"), Decimal("-inf")):
            with self.subTest(value=value), self.assertRaises(WeightError):
                global_weight(50, value)

    def test_completeness_border(self):
        rows = [("99.994", False), ("99.995", True), ("100.005", True), ("100.006", 0)]
        for weight, expected in rows:
            with self.subTest(weight=weight):
                self.assertEqual(is_complete([Decimal(weight)]), bool(expected))

    @settings(deadline=None, database=None)
    @given(st.lists(percents, max_size=40), steps)
    def test_rounding_moves_each_weight_by_less_than_one_step(self, exact, step):
        shown = largest_remainder(exact, step)
        self.assertLessEqual(abs(sum(shown) - total(exact)), step / 2)
        for before, after in zip(exact, shown, strict=True):
            self.assertLess(abs(after - Decimal(str(before))), step)
            self.assertEqual(after % step, 0)

    @settings(deadline=None, database=None)
    @given(st.lists(st.lists(percents, max_size=8), max_size=6))
    def test_parts_sum_to_what_their_perspective_shows(self, groups):
        """P5: displayed weights sum to the displayed total on both levels."""
        shown = displayed_weights(groups)
        wholes = largest_remainder([total(group) for group in groups])
        self.assertEqual([sum(group) for group in shown], wholes)

    @settings(deadline=None, database=None)
    @given(st.lists(st.integers(1, 1000), min_size=1, max_size=30))
    def test_any_shares_of_a_whole_are_shown_as_one_hundred(self, shares):
        """P5: weights sum to exactly 100.00."""
        exact = [100 * share / sum(shares) for share in shares]
        self.assertEqual(sum(largest_remainder(exact)), Decimal("100.00"))
