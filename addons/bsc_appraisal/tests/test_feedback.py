import doctest
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from odoo.addons.bsc_appraisal.tools import feedback, feedback_bias
from odoo.addons.bsc_appraisal.tools.feedback import (
    ANONYMOUS,
    GROUPS,
    HIDDEN,
    Policy,
    Sheet,
    score,
)
from odoo.addons.bsc_appraisal.tools.feedback_bias import find_signs

WEIGHTS = {1: 0.40, 2: 0.35, 3: 0.25}
BY_GROUP = {"self": 0, "manager": 40, "peers": 30, "reports": 20, "customers": 10}
POLICY = Policy(BY_GROUP)


def sheet(group, *marks):
    return Sheet(group, {key: mark for key, mark in enumerate(marks, 1) if mark})


EXAMPLE = [
    sheet("self", 5, 4, 5),
    sheet("manager", 4, 3, 5),
    *(sheet("peers", *row) for row in ((4, 4, 3), (3, 4, 4), (5, 4, 4), (4, 0, 4))),
    *(sheet("reports", *row) for row in ((5, 3, 4), (4, 4, 4), (3, 2, 4))),
    *(sheet("customers", *row) for row in ((2, 3, 3), (3, 3, 2))),
]

sheets_of = st.lists(
    st.builds(
        Sheet,
        st.sampled_from(GROUPS),
        st.dictionaries(st.sampled_from(list(WEIGHTS)), st.integers(1, 5), max_size=3),
    ),
    max_size=16,
)
policies = st.builds(
    Policy,
    st.fixed_dictionaries({group: st.integers(0, 100) for group in GROUPS}),
    st.integers(3, 5),
    st.booleans(),
)


class TestFeedback(BaseCase):
    def assert_rounded(self, found, expected):
        self.assertEqual({key: round(one, 4) for key, one in found.items()}, expected)

    def test_the_documented_examples(self):
        for module in (feedback, feedback_bias):
            self.assertEqual(doctest.testmod(module).failed, 0)

    def test_the_published_example_with_customers_hidden(self):
        """METHODS 5.1, to the last digit."""
        result = score(EXAMPLE, WEIGHTS, POLICY)
        self.assertEqual(result.groups["customers"], HIDDEN)
        self.assert_rounded(result.competencies, {1: 4.0, 2: 3.3333, 3: 4.3611})
        self.assertEqual(round(result.overall, 4), 3.8569)
        gaps = {key: result.gaps[key] for key in WEIGHTS}
        self.assertEqual(
            {key: round(gap, 2) for key, gap in gaps.items()},
            {1: 1.0, 2: 0.67, 3: 0.64},
        )
        self.assertNotIn(("customers", 1), result.cells)
        self.assertNotIn("customers", result.means)

    def test_the_published_example_with_customers_merged(self):
        result = score(EXAMPLE, WEIGHTS, replace(POLICY, merges=True))
        self.assertEqual(result.groups["customers"], "peers")
        self.assert_rounded(result.competencies, {1: 3.8, 2: 3.24, 3: 4.1333})
        self.assertEqual(round(result.overall, 4), 3.6873)

    def test_the_published_agreement(self):
        signs = find_signs(EXAMPLE, score(EXAMPLE, WEIGHTS, POLICY), list(WEIGHTS))
        found = {
            (sign.group, sign.competency): round(sign.value, 3)
            for sign in signs
            if sign.kind == "agreement"
        }
        self.assertEqual(found["peers", 1], 0.667)
        self.assertNotIn("customers", {sign.group for sign in signs})

    def test_nobody_answered(self):
        result = score([], WEIGHTS, POLICY)
        self.assertIsNone(result.overall)
        self.assertFalse(result.cells)

    def test_own_marks_count_only_in_the_gap(self):
        only_self = score([sheet("self", 5, 5, 5)], WEIGHTS, POLICY)
        self.assertIsNone(only_self.overall)
        weighted = replace(POLICY, weights={**BY_GROUP, "self": 40})
        result = score(EXAMPLE, WEIGHTS, weighted)
        self.assertGreater(result.overall, score(EXAMPLE, WEIGHTS, POLICY).overall)
        self.assertEqual(result.gaps, score(EXAMPLE, WEIGHTS, POLICY).gaps)

    def test_small_groups_together_may_be_enough(self):
        sheets = [sheet("reports", 1, 1, 1), *[sheet("customers", 5, 5, 5)] * 2]
        result = score(sheets, WEIGHTS, replace(POLICY, merges=True))
        self.assertEqual(result.groups["customers"], "reports")
        self.assertAlmostEqual(result.cells["reports", 1], 11 / 3)

    def test_a_cell_with_few_answers_is_hidden_in_a_group_that_is_shown(self):
        sheets = [*[sheet("peers", 4, 4, 4)] * 2, sheet("peers", 1, 0, 1)]
        result = score(sheets, WEIGHTS, POLICY)
        self.assertIn(("peers", 1), result.cells)
        self.assertNotIn(("peers", 2), result.cells)
        self.assertNotIn(2, result.competencies)

    def test_straight_lines_halo_and_narrow_ranges(self):
        items = dict.fromkeys(range(1, 7), 1)
        sheets = [Sheet("peers", dict.fromkeys(items, 4))] * 3
        signs = find_signs(sheets, score(sheets, items, POLICY), list(items))
        self.assertEqual(
            {(sign.kind, sign.value) for sign in signs}, {("straight", 3), ("range", 0)}
        )

    @settings(max_examples=200, deadline=None)
    @given(sheets_of, policies, st.data())
    def test_what_is_hidden_changes_nothing_that_is_shown(self, sheets, policy, data):
        """The subtraction attack: hidden answers stand in no figure at all."""
        result = score(sheets, WEIGHTS, policy)
        changed = []
        for one in sheets:
            is_hidden = result.groups.get(one.group) == HIDDEN
            host = result.groups.get(one.group)
            host = one.group if host == feedback.SHOWN else host
            marks = {
                key: data.draw(st.integers(1, 5))
                if is_hidden or (host, key) not in result.cells
                else mark
                for key, mark in one.marks.items()
            }
            changed.append(replace(one, marks=marks))
        self.assertEqual(score(changed, WEIGHTS, policy), result)

    @settings(max_examples=200, deadline=None)
    @given(sheets_of, policies)
    def test_every_figure_stands_for_enough_people(self, sheets, policy):
        result = score(sheets, WEIGHTS, policy)
        for group, competency in result.cells:
            if group in ANONYMOUS:
                count = sum(
                    competency in one.marks
                    and group in (one.group, result.groups[one.group])
                    for one in sheets
                )
                self.assertGreaterEqual(count, policy.minimum)
        for mean in (*result.cells.values(), *result.competencies.values()):
            self.assertTrue(1 <= round(mean, 9) <= 5)

    @settings(max_examples=100, deadline=None)
    @given(sheets_of, policies, st.randoms())
    def test_the_order_of_answers_says_nothing(self, sheets, policy, random):
        shuffled = sheets[:]
        random.shuffle(shuffled)
        first, second = (score(one, WEIGHTS, policy) for one in (sheets, shuffled))
        self.assertEqual(first.groups, second.groups)
        for key, mean in first.cells.items():
            self.assertAlmostEqual(mean, second.cells[key])
        if first.overall is not None:
            self.assertAlmostEqual(first.overall, second.overall)

    @settings(max_examples=200, deadline=None)
    @given(sheets_of, policies)
    def test_signs_never_speak_of_hidden_groups(self, sheets, policy):
        result = score(sheets, WEIGHTS, policy)
        for sign in find_signs(sheets, result, list(WEIGHTS)):
            self.assertEqual(result.groups[sign.group], feedback.SHOWN)
