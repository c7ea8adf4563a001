import doctest
import json
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from odoo.addons.bsc_appraisal.tools import (
    achievement,
    explanation,
    schedule,
    scorecard_guards,
    scoring,
)
from odoo.addons.bsc_appraisal.tools.achievement import Rule, RuleError, achieve
from odoo.addons.bsc_appraisal.tools.explanation import explain
from odoo.addons.bsc_appraisal.tools.scorecard_guards import Limits, Target, examine
from odoo.addons.bsc_appraisal.tools.scoring import (
    MISSING,
    NOT_APPLICABLE,
    REPORTED,
    Line,
    Member,
    grade,
    roll_up,
    score_card,
    time_weighted,
)

CASE = json.loads((Path(__file__).parent / "seed_case.json").read_text())
GROUPS = {"F": "financial", "C": "customer", "I": "internal", "L": "learning"}
values = st.floats(min_value=-1e6, max_value=1e6, allow_nan=False)
weights = st.integers(1, 1000)


def case_rule(row):
    direction = -1 if row["code"] in CASE["lower_is_better"] else 1
    return Rule("ratio", direction, target=row["target"], zero_passes=True)


def case_weight(row):
    share = CASE["perspective_weights"][GROUPS[row["dimension"]]]
    return 100 * share * row["local_weight"]


class TestAchievement(BaseCase):
    def test_doctests_hold(self):
        for module in (achievement, scoring, explanation, scorecard_guards, schedule):
            outcome = doctest.testmod(module)
            with self.subTest(module.__name__):
                self.assertGreater(outcome.attempted, 3)
                self.assertEqual(outcome.failed, 0)

    def test_every_kind_gives_its_documented_percentage(self):
        """P9: the table of METHODS, section 4.4."""
        bands = ((60.0, 60.0), (80.0, 100.0), (90.0, 120.0))
        asset_ratio = Rule("range", low=40, high=60, zero_low=20, zero_high=80)
        rows = [
            (Rule("ratio", 1, target=24), 36, 150),
            (Rule("ratio", -1, target=18), 9, 150),
            (Rule("ratio", -1, target=10), 25, -50),
            (Rule("ratio", 1, target=-2), 3, 350),
            (Rule("ratio", -1, target=-2), -3, 150),
            (Rule("ratio", 1, target=0, baseline=-10), -5, 50),
            (Rule("ratio", -1, target=0, deviation_unit=10), 2, 80),
            (Rule("ratio", 1, target=0, zero_passes=True), 0, 100),
            (Rule("ratio", 1, target=0, zero_passes=True), -1, 0),
            (Rule("inverse", -1, target=10), 20, 50),
            (Rule("baseline", target=-2, baseline=-5), 3, 800 / 3),
            (Rule("baseline", target=5, baseline=10), 12, -40),
            (Rule("closeness", target=50, tolerance=10), 45, 50),
            (asset_ratio, 40, 100),
            (asset_ratio, 30, 50),
            (asset_ratio, 75, 25),
            (asset_ratio, 81, 0),
            (Rule("range", low=40, high=60), 39.9, 0),
            (Rule("steps", points=bands, decimals=2), 79.9999, 100),
            (Rule("steps", points=bands), 79.9999, 60),
            (Rule("steps", points=bands), 59, 0),
            (Rule("piecewise", points=bands), 70, 80),
            (Rule("piecewise", points=bands), 59, 0),
            (Rule("piecewise", points=bands), 95, 120),
            (Rule("piecewise", -1, points=((2, 120), (4, 100), (8, 50))), 1, 120),
            (Rule("piecewise", -1, points=((2, 120), (4, 100), (8, 50))), 6, 75),
            (Rule("piecewise", -1, points=((2, 120), (4, 100), (8, 50))), 9, 0),
            (Rule("pass_fail", 1, target=3), 3, 100),
            (Rule("pass_fail", 1, target=3), 2.9, 0),
            (Rule("pass_fail", -1, target=3), 2.9, 100),
            (Rule("pass_fail", 0, target=3), 2.9, 0),
        ]
        for rule, actual, expected in rows:
            with self.subTest(rule=rule, actual=actual):
                self.assertAlmostEqual(achieve(rule, actual).raw, expected)

    def test_floor_and_cap_bite_the_item_and_the_raw_value_stays(self):
        rule = Rule("ratio", target=1, floor=0, cap=120)
        self.assertEqual(achieve(rule, 2.33), (233, 120))
        self.assertEqual(achieve(rule, -1), (-100, 0))

    def test_what_cannot_score_is_a_named_error(self):
        """P9: never a silent zero, never infinity."""
        nan, huge = float("nan"), 1e300
        rows = [
            (Rule("ratio"), 1, "no_target"),
            (Rule("ratio", target=0), 1, "zero_target"),
            (Rule("ratio", target=0, baseline=0), 1, "flat_baseline"),
            (Rule("inverse", target=0), 1, "not_positive"),
            (Rule("inverse", target=1), 0, "not_positive"),
            (Rule("baseline", target=1), 1, "no_baseline"),
            (Rule("baseline", target=1, baseline=1), 1, "flat_baseline"),
            (Rule("closeness", target=1), 1, "no_tolerance"),
            (Rule("closeness", target=1, tolerance=-1), 1, "no_tolerance"),
            (Rule("range", low=2, high=1), 1, "bad_range"),
            (Rule("range", low=1), 1, "bad_range"),
            (Rule("range", low=1, high=2, zero_low=1), 0, "bad_range"),
            (Rule("range", low=1, high=2, zero_high=1.5), 3, "bad_range"),
            (Rule("steps"), 1, "bad_points"),
            (Rule("steps", points=((1, 50), (1, 60))), 1, "bad_points"),
            (Rule("piecewise", points=((2, 50), (1, 60))), 1, "bad_points"),
            (Rule("ratio", target=1, floor=10, cap=5), 1, "bad_limits"),
            (Rule("guess", target=1), 1, "unknown_kind"),
            (Rule("ratio", target=nan), 1, "not_a_number"),
            (Rule("ratio", target=1), nan, "not_a_number"),
            (Rule("ratio", target=1), float("inf"), "not_a_number"),
            (Rule("ratio", target=1), huge, "not_a_number"),
            (Rule("ratio", target=1), "twelve", "not_a_number"),
            (Rule("steps", points=((1, nan),)), 1, "not_a_number"),
        ]
        for rule, actual, code in rows:
            with self.subTest(rule=rule), self.assertRaises(RuleError) as caught:
                achieve(rule, actual)
            self.assertEqual(caught.exception.code, code)

    @settings(deadline=None, database=None)
    @given(
        values.filter(lambda value: abs(value) > 1e-3),
        values,
        values,
        st.sampled_from([1, -1]),
    )
    def test_a_better_value_never_scores_less(self, target, one, other, direction):
        worse, better = sorted((one, other), key=lambda value: value * direction)
        points = ((0.0, 40.0), (10.0, 100.0), (20.0, 130.0))
        mirrored = tuple((x, 170 - y) for x, y in points)
        rows = [
            Rule("ratio", direction, target=target, floor=0, cap=120),
            Rule("ratio", direction, target=0, deviation_unit=5),
            Rule("pass_fail", direction, target=target),
            Rule(
                "piecewise",
                direction,
                points=points if direction > 0 else mirrored,
            ),
        ]
        for rule in rows:
            self.assertLessEqual(
                achieve(rule, worse).points, achieve(rule, better).points, rule
            )


class TestCard(BaseCase):
    def test_published_case(self):
        """P9: 58.41 + 27.63 + 9.27 + 12.21 = 107.52 (S3, tables 1 and 3)."""
        lines = []
        for row in CASE["rows"]:
            raw, points = achieve(case_rule(row), row["actual"])
            group = GROUPS[row["dimension"]]
            lines.append(Line(group, case_weight(row), REPORTED, raw, points))
        card = score_card(lines)
        published = dict(CASE["published"])
        self.assertAlmostEqual(card.total, published.pop("total"), delta=0.05)
        for group, expected in published.items():
            with self.subTest(group):
                # The weights of two perspectives sum to 100.1 % in the source.
                self.assertAlmostEqual(card.groups[group], expected, delta=0.05)
        self.assertTrue(card.is_complete)
        self.assertEqual(
            grade([(100, "excellent"), (85, "good")], card.total), "excellent"
        )

    def test_a_line_of_the_case_explains_itself(self):
        row = next(row for row in CASE["rows"] if row["code"] == "C3")
        rule, weight = case_rule(row), case_weight(row)
        result = achieve(rule, row["actual"])
        self.assertEqual(
            explain(rule, row["actual"], result, weight, result.points * weight / 100),
            "AV 36.21 / TV 24 = 1.51 × 12.53 % = 18.90",
        )

    def test_three_states_of_a_missing_value(self):
        """P9: the worked example of METHODS: 102.857, 72.0 with zeros, coverage 70."""
        known = [Line("F", 40, REPORTED, 110, 110)]
        rest = [Line("F", 20, REPORTED, 80, 80), Line("F", 10, REPORTED, 200, 120)]
        rows = [
            (Line("F", 30, MISSING), 102.857, 70.0, False),
            (Line("F", 30, NOT_APPLICABLE), 102.857, 70.0, True),
            (Line("F", 30, REPORTED, 0, 0), 72.0, 100.0, True),
        ]
        for line, total, coverage, is_complete in rows:
            with self.subTest(line.status):
                card = score_card([*known, line, *rest])
                self.assertAlmostEqual(card.total, total, places=3)
                self.assertEqual(card.coverage, coverage)
                self.assertEqual(card.is_complete, is_complete)

    def test_weight_is_spread_inside_its_perspective_only(self):
        card = score_card(
            [
                Line("F", 30, REPORTED, 100, 100),
                Line("F", 30, NOT_APPLICABLE),
                Line("C", 40, REPORTED, 50, 50),
            ]
        )
        self.assertEqual(card.groups, {"F": 60.0, "C": 20.0})
        self.assertEqual([line.weight for line in card.lines], [60.0, 0.0, 40.0])

    def test_nothing_measured_is_no_score(self):
        for lines in ([], [Line("F", 100)], [Line("F", 0, REPORTED, 9, 9)]):
            with self.subTest(lines):
                card = score_card(lines)
                self.assertIsNone(card.total)
                self.assertEqual(card.coverage, 0.0)
        self.assertIsNone(roll_up([]).total)
        self.assertFalse(roll_up([]).is_complete)

    def test_grade_borders_are_inclusive_after_rounding(self):
        bands = [(100.0, "A"), (85.0, "B"), (0.0, "E")]
        rows = [(100, "A"), (99.995, "A"), (99.994, "B"), (0, "E"), (-1, None)]
        for score, expected in rows:
            with self.subTest(score):
                self.assertEqual(grade(bands, score), expected)

    def test_target_changed_on_the_way_counts_by_its_days(self):
        """METHODS: the last target, or each one by its days."""
        rows = [
            ([(0, 100.0)], 100.0),
            ([(5, 100.0)], 100.0),
            ([(0, 100.0), (5, 200.0)], 150.0),
            ([(0, 100.0), (20, 200.0)], 100.0),
            ([(-9, 100.0), (-5, 200.0)], 200.0),
        ]
        for dated, expected in rows:
            with self.subTest(dated):
                self.assertEqual(time_weighted(dated, 0, 9), expected)

    @settings(deadline=None, database=None)
    @given(
        st.lists(
            st.tuples(
                st.sampled_from("FCIL"),
                weights,
                st.sampled_from([REPORTED, MISSING, NOT_APPLICABLE]),
                values,
            ),
            min_size=1,
            max_size=30,
        )
    )
    def test_parts_sum_to_the_total_and_weights_to_the_whole(self, rows):
        lines = [Line(g, w, status, v, v) for g, w, status, v in rows]
        card = score_card(lines)
        if card.total is None:
            return
        self.assertAlmostEqual(sum(card.groups.values()), card.total, delta=1e-3)
        spread = sum(line.weight for line in card.lines)
        self.assertAlmostEqual(spread, sum(line.weight for line in lines), delta=1e-6)

    @settings(deadline=None, database=None)
    @given(st.lists(st.tuples(weights, st.floats(0, 200)), min_size=1, max_size=20))
    def test_roll_up_equals_the_sum_of_its_parts(self, rows):
        members = [Member(w, total, total, 100, True) for w, total in rows]
        whole = sum(weight for weight, _total in rows)
        expected = sum(weight * total for weight, total in rows) / whole
        card = roll_up(members)
        self.assertAlmostEqual(card.total, expected, delta=1e-6)
        parts = sum(line.contribution for line in card.lines)
        self.assertAlmostEqual(parts, card.total, delta=1e-9)


class TestGuards(BaseCase):
    def _codes(self, lines, **limits):
        return [found.code for found in examine(lines, Limits(**limits))]

    def test_findings(self):
        """P4, P5, P7: too many, only financial, not 100 %, beyond capacity."""
        even = [Target("F" if n % 2 else "C", 100 / 30) for n in range(30)]
        rows = [
            (even, {}, []),
            ([*even, Target("C", 0)], {}, ["too_many"]),
            ([Target("F", 100)], {"financial": "F"}, ["only_financial"]),
            ([Target("F", 99)], {}, ["weights"]),
            ([], {}, ["empty"]),
            ([Target("C", 100, 120, 100)], {}, []),
            ([Target("C", 100, 120.01, 100)], {}, ["over_capacity"]),
            ([Target("C", 100, 79, 100, -1)], {}, ["over_capacity"]),
            ([Target("C", 100, 80, 100, -1)], {}, []),
        ]
        for lines, limits, expected in rows:
            with self.subTest(expected=expected, lines=lines[-1:]):
                self.assertEqual(self._codes(lines, **limits), expected)
