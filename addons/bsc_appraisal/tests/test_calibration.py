from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.calibration import (
    ABOUT,
    AT_LEAST,
    AT_MOST,
    allowed,
    leniency_shift,
    quotas,
    suggest,
)


@tagged("post_install", "-at_install")
class TestCalibrationTools(BaseCase):
    """Guidelines as numbers of people; figures of the published notes."""

    def test_shares_become_people_by_the_largest_remainder(self):
        self.assertEqual(quotas(4, [33.3, 33.4, 33.3]), [1, 2, 1])
        self.assertEqual(quotas(37, [10, 20, 40, 20, 10]), [4, 7, 15, 7, 4])

    def test_upper_bounds_round_up_and_lower_ones_down(self):
        bounds = (
            (AT_MOST, 10, (0, 2)),
            (ABOUT, 30, (5, 5)),
            (ABOUT, 40, (7, 7)),
            (AT_LEAST, 20, (3, 19)),
            (ABOUT, 10, (1, 1)),
        )
        for kind, share, expected in bounds:
            self.assertEqual(allowed(19, kind, share), expected)

    def test_a_tie_goes_down_at_the_top_and_up_at_the_bottom(self):
        self.assertEqual(suggest([90, 90, 80, 70, 60], [1, 3, 1]), [1, 1, 1, 1, 2])
        self.assertEqual(suggest([90, 80, 70, 60, 60], [1, 3, 1]), [0, 1, 1, 1, 1])

    def test_a_small_team_is_shifted_less(self):
        self.assertAlmostEqual(leniency_shift([92, 90, 88, 86], 80), 4.0)
        self.assertAlmostEqual(leniency_shift([89], 80), 1.5)
        self.assertEqual(leniency_shift([], 80), 0.0)

    @given(
        st.lists(st.integers(0, 12), min_size=1, max_size=40),
        st.lists(st.integers(0, 15), min_size=1, max_size=6),
    )
    def test_the_better_score_never_gets_the_worse_grade(self, scores, sizes):
        places = suggest(scores, sizes)
        pairs = list(zip(scores, places, strict=True))
        for score, place in pairs:
            self.assertIn(place, range(len(sizes)))
            for other, its_place in pairs:
                if score == other:
                    self.assertEqual(place, its_place)
                elif score > other:
                    self.assertLessEqual(place, its_place)

    @given(st.integers(0, 500), st.lists(st.integers(1, 50), min_size=1, max_size=6))
    def test_quotas_take_everybody_in(self, count, parts):
        shares = [100 * part / sum(parts) for part in parts[:-1]]
        shares = [round(share, 2) for share in shares]
        shares.append(round(100 - sum(shares), 2))
        sizes = quotas(count, shares)
        self.assertEqual(sum(sizes), count)
        for size, share in zip(sizes, shares, strict=True):
            self.assertLess(abs(size - count * share / 100), 1)
