import math

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from odoo.addons.bsc_appraisal.tools.achievement import Rule, RuleError, achieve
from odoo.addons.bsc_appraisal.tools.scoring import (
    REPORTED,
    Line,
    Member,
    roll_up,
    score_card,
)
from odoo.addons.bsc_appraisal.tools.weights import displayed_weights

values = st.floats(-1e6, 1e6, allow_nan=False)
bounds = st.lists(values, min_size=2, max_size=5, unique=True).map(sorted)
rising = st.lists(st.floats(0, 200, allow_nan=False), min_size=5, max_size=5).map(
    sorted
)


def assert_rising(rule, low, high, direction=1):
    """The better of two figures never scores less, raw or after floor and cap."""
    try:
        worse, better = achieve(rule, low), achieve(rule, high)
    except RuleError:
        return
    if direction < 0:
        worse, better = better, worse
    for before, after in zip(worse, better, strict=True):
        assert after >= before or math.isclose(after, before, rel_tol=1e-9), rule


class TestScoreProperties(BaseCase):
    """P9: what has to hold for any figures, targets and limits."""

    @settings(max_examples=300, deadline=None, database=None)
    @given(values, values, values, values, st.sampled_from((1, -1)), st.data())
    def test_every_rising_kind_is_monotone_in_the_actual(
        self, target, baseline, one, other, direction, data
    ):
        low, high = sorted((one, other))
        limits = {
            "floor": data.draw(st.sampled_from((None, 0.0))),
            "cap": data.draw(st.sampled_from((None, 120.0))),
        }
        for rule in (
            Rule("ratio", direction, target=target, **limits),
            Rule("ratio", direction, target=0, deviation_unit=7.0, **limits),
            Rule("ratio", direction, target=0, zero_passes=True, **limits),
            Rule("pass_fail", direction, target=target, **limits),
        ):
            assert_rising(rule, low, high, direction)
        if abs(target - baseline) > 1e-6:
            rule = Rule("baseline", target=target, baseline=baseline, **limits)
            assert_rising(rule, low, high, 1 if target > baseline else -1)

    @settings(max_examples=300, deadline=None, database=None)
    @given(bounds, rising, values, values, st.sampled_from(("steps", "piecewise")))
    def test_steps_and_lines_rise_with_the_actual(
        self, points, worth, one, other, kind
    ):
        pairs = tuple(zip(points, worth, strict=False))
        low, high = sorted((one, other))
        assert_rising(Rule(kind, points=pairs), low, high)

    @settings(max_examples=200, deadline=None, database=None)
    @given(values, st.floats(0.1, 1e5), values, values)
    def test_nearer_to_the_target_or_the_range_never_scores_less(
        self, middle, width, one, other
    ):
        nearer, farther = sorted((one, other), key=lambda value: abs(value - middle))
        edge = width / 2
        for rule in (
            Rule("closeness", target=middle, tolerance=width),
            Rule(
                "range",
                low=middle - edge,
                high=middle + edge,
                zero_low=middle - width,
                zero_high=middle + width,
            ),
        ):
            better, worse = achieve(rule, nearer).raw, achieve(rule, farther).raw
            assert better >= worse or math.isclose(
                better, worse, rel_tol=1e-6, abs_tol=1e-4
            )

    @settings(max_examples=200, deadline=None, database=None)
    @given(
        st.lists(
            st.lists(st.integers(1, 1000), min_size=1, max_size=8),
            min_size=1,
            max_size=6,
        )
    )
    def test_weights_of_a_scorecard_sum_to_one_hundred_exactly(self, groups):
        total = sum(map(sum, groups))
        shown = displayed_weights(
            [[100 * weight / total for weight in group] for group in groups]
        )
        hundredths = sum(
            round(float(weight) * 100) for group in shown for weight in group
        )
        assert hundredths == 10_000, shown

    @settings(max_examples=200, deadline=None, database=None)
    @given(
        st.lists(st.tuples(values, st.integers(1, 100)), min_size=1, max_size=8),
        st.integers(0, 7),
        st.floats(0, 1e5),
    )
    def test_a_better_line_never_lowers_the_total(self, rows, index, more):
        index %= len(rows)

        def total(extra):
            lines = []
            for number, (value, weight) in enumerate(rows):
                points = value + extra * (number == index)
                lines.append(Line(number % 4, weight, REPORTED, points, points))
            return float(score_card(lines).total)

        before, after = total(0), total(more)
        assert after >= before or math.isclose(after, before, rel_tol=1e-9)

    @settings(max_examples=200, deadline=None, database=None)
    @given(
        st.lists(
            st.tuples(st.floats(0, 120), st.integers(1, 100)), min_size=1, max_size=10
        )
    )
    def test_members_roll_up_to_what_lies_between_them(self, rows):
        result = roll_up([Member(size, s, s, 100.0, True) for s, size in rows])
        scores = [score for score, _size in rows]
        total = float(result.total)
        assert min(scores) - 1e-6 <= total <= max(scores) + 1e-6
        mean = sum(s * w for s, w in rows) / sum(w for _s, w in rows)
        assert math.isclose(total, mean, rel_tol=1e-9, abs_tol=1e-6)
