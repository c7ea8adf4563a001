import doctest
import itertools
import math
from decimal import Decimal

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from odoo.addons.bsc_appraisal.tools import ahp, ahp_group, ahp_repair
from odoo.addons.bsc_appraisal.tools.ahp import (
    EIGENVECTOR,
    GEOMETRIC_MEAN,
    JudgementError,
    analyse,
    build,
    components,
    read,
)
from odoo.addons.bsc_appraisal.tools.ahp_group import aggregate, consensus
from odoo.addons.bsc_appraisal.tools.ahp_repair import find_repair
from odoo.addons.bsc_appraisal.tools.weights import largest_remainder

# The text of the published case (REQUIREMENTS S3): F, C, I, L.
CASE = {(0, 1): 2, (0, 2): 3, (0, 3): 3, (1, 2): 2, (1, 3): 4, (2, 3): 1 / 2}
# T. L. Saaty, "How to make a decision: the analytic hierarchy process", European
# Journal of Operational Research 48 (1990): buying a house, eight criteria; taken up
# in "Decision-making with the AHP: why is the principal eigenvector necessary",
# EJOR 145 (2003), where the judgement of neighbourhood against condition is repaired.
HOUSE = [
    [1, 5, 3, 7, 6, 6, 1 / 3, 1 / 4],
    [1 / 5, 1, 1 / 3, 5, 3, 3, 1 / 5, 1 / 7],
    [1 / 3, 3, 1, 6, 3, 4, 6, 1 / 5],
    [1 / 7, 1 / 5, 1 / 6, 1, 1 / 3, 1 / 4, 1 / 7, 1 / 8],
    [1 / 6, 1 / 3, 1 / 3, 3, 1, 1 / 2, 1 / 5, 1 / 6],
    [1 / 6, 1 / 3, 1 / 4, 4, 2, 1, 1 / 5, 1 / 6],
    [3, 5, 1 / 6, 7, 5, 5, 1, 1 / 2],
    [4, 7, 5, 8, 6, 6, 2, 1],
]
# T. L. Saaty, "Decision making with the analytic hierarchy process", International
# Journal of Services Sciences 1 (2008): consumption of drinks in the United States.
DRINKS = [
    [1, 9, 5, 2, 1, 1, 1 / 2],
    [1 / 9, 1, 1 / 3, 1 / 9, 1 / 9, 1 / 9, 1 / 9],
    [1 / 5, 3, 1, 1 / 3, 1 / 4, 1 / 3, 1 / 9],
    [1 / 2, 9, 3, 1, 1 / 2, 1, 1 / 3],
    [1, 9, 4, 2, 1, 2, 1 / 2],
    [1, 9, 3, 1, 1 / 2, 1, 1 / 3],
    [2, 9, 9, 3, 2, 3, 1],
]


def pairs(size):
    return list(itertools.combinations(range(size), 2))


@st.composite
def judged(draw, scale=9, largest=8, complete=True):
    """A matrix of random answers; incomplete ones stay connected by a chain."""
    size = draw(st.integers(1, largest))
    values = [1 / value for value in range(scale, 1, -1)] + list(range(1, scale + 1))
    ratios = {}
    for first, second in pairs(size):
        if complete or second == first + 1 or draw(st.booleans()):
            ratios[first, second] = draw(st.sampled_from(values))
    return build(size, ratios, scale)


class TestOneExpert(BaseCase):
    def test_doctests_hold(self):
        for module in (ahp, ahp_group, ahp_repair):
            outcome = doctest.testmod(module)
            self.assertGreater(outcome.attempted, 3)
            self.assertEqual(outcome.failed, 0)

    def test_text_of_the_published_case(self):
        """P5: 43.19 / 31.27 / 11.50 / 14.04, λ 4.2216, CI .0739, CR .0821."""
        found = analyse(build(4, CASE, 5), 5)
        shown = [round(100 * weight, 2) for weight in found.weights]
        self.assertEqual(shown, [43.19, 31.27, 11.5, 14.04])
        figures = (found.lambda_max, found.ci, found.cr)
        self.assertEqual([round(x, 4) for x in figures], [4.2216, 0.0739, 0.0821])
        # Measured by the random index of its own scale it would not pass.
        self.assertGreater(found.cr_scale, 0.1)

    def test_published_examples(self):
        rows = [
            ("house", HOUSE, [0.173, 0.054, 0.188, 0.018, 0.031, 0.036, 0.167, 0.333]),
            ("drinks", DRINKS, [0.177, 0.019, 0.042, 0.116, 0.190, 0.129, 0.327]),
        ]
        for name, table, expected in rows:
            with self.subTest(name):
                found = analyse(read(table, 9), 9)
                self.assertEqual([round(w, 3) for w in found.weights], expected)
        house = analyse(read(HOUSE, 9), 9)
        self.assertAlmostEqual(house.lambda_max, 9.669, places=3)
        self.assertAlmostEqual(house.ci, 0.238, places=3)
        self.assertAlmostEqual(house.cr, 0.169, places=3)

    def test_judgement_that_saaty_repairs_is_found(self):
        """Neighbourhood against condition: 6 where the others say 1/2."""
        found = find_repair(read(HOUSE, 9), 9)
        self.assertEqual((found.first, found.second, found.ratio), (2, 6, 6.0))
        self.assertEqual(found.proposed, 0.5)
        self.assertAlmostEqual(found.cr, 0.083, delta=0.001)

    def test_one_and_two_items_are_always_consistent(self):
        rows = [({}, 1, [1.0]), ({(0, 1): 4}, 2, [0.8, 0.2])]
        for ratios, size, expected in rows:
            found = analyse(build(size, ratios, 9), 9)
            self.assertEqual([round(w, 9) for w in found.weights], expected)
            self.assertEqual((found.ci, found.cr, found.cr_scale), (0, 0, 0))
            self.assertIsNone(find_repair(build(size, ratios, 9), 9))

    def test_circle_gives_equal_weights_and_a_ratio_that_tells(self):
        """METHODS: 3, 1/3, 3 looks like a third each; CR 1.15 says what it is."""
        circle = build(3, {(0, 1): 3, (0, 2): 1 / 3, (1, 2): 3}, 9)
        for method in (EIGENVECTOR, GEOMETRIC_MEAN):
            found = analyse(circle, 9, method)
            self.assertEqual([round(w, 4) for w in found.weights], [0.3333] * 3)
            self.assertAlmostEqual(found.cr, 1.15, places=2)

    def test_most_unequal_weight_is_bounded_by_the_scale(self):
        for scale in (5, 9):
            for size in range(2, 8):
                ratios = {(0, item): scale for item in range(1, size)}
                ratios.update(dict.fromkeys(pairs(size)[size - 1 :], 1))
                found = analyse(build(size, ratios, scale), scale)
                self.assertAlmostEqual(found.weights[0], scale / (scale + size - 1))

    def test_incomplete_judgements_agree_with_what_they_imply(self):
        full = {(0, 1): 2, (1, 2): 2, (0, 2): 4, (2, 3): 1, (0, 3): 4, (1, 3): 2}
        chain = {pair: full[pair] for pair in [(0, 1), (1, 2), (2, 3)]}
        expected = analyse(build(4, full, 9), 9)
        found = analyse(build(4, chain, 9), 9)
        np.testing.assert_allclose(found.weights, expected.weights)
        self.assertEqual(found.missing, 3)
        self.assertEqual((found.cr, found.gci), (0.0, 0.0))

    def test_missing_judgements_do_not_hide_a_contradiction(self):
        """The random index shrinks with what is missing, or nothing would fail."""
        circle = {(0, 1): 3, (1, 2): 3, (0, 2): 1 / 3}
        found = analyse(build(4, {**circle, (2, 3): 1}, 9), 9)
        self.assertGreater(found.cr, 0.5)
        repair = find_repair(build(4, {**circle, (2, 3): 1}, 9), 9)
        self.assertLess(repair.cr, 0.1)
        self.assertNotIn(3, (repair.first, repair.second))

    def test_what_gives_no_weights_is_a_named_error(self):
        nan = float("nan")
        rows = [
            (lambda: build(0, {}, 9), "size"),
            (lambda: build(16, {}, 9), "size"),
            (lambda: read([[1, 2]], 9), "size"),
            (lambda: build(2, {(0, 1): 2}, 7), "unknown_scale"),
            (lambda: build(2, {(0, 2): 2}, 9), "unknown_item"),
            (lambda: build(2, {(1, 1): 2}, 9), "unknown_item"),
            (lambda: read([[2, 1], [1, 1]], 9), "diagonal"),
            (lambda: build(2, {(0, 1): 0}, 9), "not_positive"),
            (lambda: build(2, {(0, 1): -3}, 9), "not_positive"),
            (lambda: build(2, {(0, 1): nan}, 9), "not_positive"),
            (lambda: build(2, {(0, 1): math.inf}, 9), "not_positive"),
            (lambda: build(2, {(0, 1): 6}, 5), "out_of_scale"),
            (lambda: build(2, {(0, 1): 1 / 6}, 5), "out_of_scale"),
            (lambda: read([[1, 3], [1 / 2, 1]], 9), "not_reciprocal"),
            (lambda: analyse(build(3, {(0, 2): 2}, 9), 9), "unconnected"),
            (lambda: aggregate([], []), "no_answer"),
            (lambda: aggregate([build(1, {}, 9)], [0]), "no_answer"),
            (lambda: aggregate([build(1, {}, 9)] * 2, [1, -1]), "no_answer"),
        ]
        for attempt, code in rows:
            with self.subTest(code), self.assertRaises(JudgementError) as caught:
                attempt()
            self.assertEqual(caught.exception.code, code)

    def test_unconnected_items_are_named(self):
        with self.assertRaises(JudgementError) as caught:
            analyse(build(4, {(0, 3): 2, (1, 2): 1}, 9), 9)
        self.assertEqual(caught.exception.detail, [[0, 3], [1, 2]])

    def test_fractions_of_an_import_are_reciprocal_enough(self):
        self.assertAlmostEqual(read([[1, 3], [0.3333333, 1]], 9)[0, 1], 3, places=5)

    @settings(deadline=None, database=None)
    @given(judged(complete=False), st.sampled_from([EIGENVECTOR, GEOMETRIC_MEAN]))
    def test_weights_are_shares_of_a_whole(self, matrix, method):
        """P5: positive, 1 in all, 100.00 % when shown."""
        found = analyse(matrix, 9, method)
        self.assertTrue(all(weight > 0 for weight in found.weights))
        self.assertAlmostEqual(sum(found.weights), 1.0)
        self.assertGreaterEqual(found.cr, 0.0)
        percents = [100 * weight for weight in found.weights]
        shown = largest_remainder(percents, whole=Decimal(100))
        self.assertEqual(sum(shown), Decimal("100.00"))

    @settings(deadline=None, database=None)
    @given(judged(complete=False), st.randoms())
    def test_order_of_the_items_does_not_matter(self, matrix, random):
        order = random.sample(range(len(matrix)), len(matrix))
        shuffled = analyse(matrix[np.ix_(order, order)], 9)
        found = analyse(matrix, 9)
        expected = [found.weights[item] for item in order]
        np.testing.assert_allclose(shuffled.weights, expected, rtol=1e-6)
        self.assertAlmostEqual(shuffled.cr, found.cr, places=6)

    @settings(deadline=None, database=None)
    @given(st.lists(st.integers(1, 9), min_size=2, max_size=8))
    def test_judgements_of_one_mind_give_back_the_weights(self, importance):
        scale = 9
        ratios = {
            (i, j): importance[i] / importance[j] for i, j in pairs(len(importance))
        }
        for method in (EIGENVECTOR, GEOMETRIC_MEAN):
            found = analyse(build(len(importance), ratios, scale), scale, method)
            expected = np.array(importance) / sum(importance)
            np.testing.assert_allclose(found.weights, expected, rtol=1e-6)
            self.assertAlmostEqual(found.cr, 0.0, places=6)

    @settings(deadline=None, database=None)
    @given(judged(complete=False, largest=6))
    def test_proposed_repair_is_on_the_scale_and_helps(self, matrix):
        found = find_repair(matrix, 9)
        if found is None:
            return
        self.assertAlmostEqual(found.ratio, matrix[found.first, found.second])
        size = max(found.proposed, 1 / found.proposed)
        self.assertAlmostEqual(size, round(size))
        self.assertLessEqual(size, 9)
        self.assertLess(found.cr, analyse(matrix, 9).cr)


class TestGroup(BaseCase):
    def test_experts_of_one_mind_are_one_expert(self):
        """P5: ten experts, the published result."""
        case = build(4, CASE, 5)
        group = ahp_group.analyse_group([case] * 10, [1] * 10, 5)
        self.assertEqual(round(100 * group.weights[0], 2), 43.19)
        self.assertEqual(round(group.cr, 4), 0.0821)
        self.assertEqual(consensus([analyse(case, 5).weights] * 10, 5), 1.0)

    def test_weight_of_an_expert_counts(self):
        one, other = build(2, {(0, 1): 9}, 9), build(2, {(0, 1): 1 / 9}, 9)
        rows = [([1, 1], 1), ([2, 1], 9 ** (1 / 3)), ([1, 0], 9)]
        for weights, expected in rows:
            with self.subTest(weights):
                group = aggregate([one, other], weights)
                self.assertAlmostEqual(group[0, 1], expected)

    def test_pair_that_only_one_expert_judged_counts_with_him(self):
        one = build(3, {(0, 1): 4, (1, 2): 2}, 9)
        other = build(3, {(0, 1): 1}, 9)
        group = aggregate([one, other], [1, 1])
        self.assertAlmostEqual(group[0, 1], 2)
        self.assertAlmostEqual(group[1, 2], 2)
        self.assertTrue(np.isnan(group[0, 2]))

    def test_total_disagreement_is_no_consensus_on_its_own_scale(self):
        """METHODS: with 9 for a 1–5 scale the same four would read 36 %."""
        most = [tuple(5 / 8 if i == j else 1 / 8 for j in range(4)) for i in range(4)]
        self.assertAlmostEqual(consensus(most, 5), 0.0)
        self.assertAlmostEqual(consensus(most, 9), 0.36, places=2)

    @settings(deadline=None, database=None)
    @given(st.data())
    def test_group_is_reciprocal_and_averages_weights(self, data):
        """P5: with row geometric means, averaging judgements or weights is the same."""
        size = data.draw(st.integers(2, 6))
        values = st.sampled_from([1 / 5, 1 / 3, 1 / 2, 1, 2, 4, 5])
        experts = [
            build(size, {pair: data.draw(values) for pair in pairs(size)}, 5)
            for _number in range(data.draw(st.integers(1, 5)))
        ]
        shares = [data.draw(st.integers(1, 4)) for _expert in experts]
        group = aggregate(experts, shares)
        np.testing.assert_allclose(group * group.T, np.ones((size, size)))
        found = analyse(group, 5, GEOMETRIC_MEAN).weights
        logs = [np.log(analyse(one, 5, GEOMETRIC_MEAN).weights) for one in experts]
        mean = np.exp(np.average(logs, axis=0, weights=shares))
        np.testing.assert_allclose(found, mean / mean.sum(), rtol=1e-6)

    @settings(deadline=None, database=None)
    @given(st.lists(st.integers(0, 3), min_size=1, max_size=6))
    def test_consensus_is_a_share(self, favourites):
        priorities = [
            [0.7 if item == favourite else 0.1 for item in range(4)]
            for favourite in favourites
        ]
        agreement = consensus(priorities, 9)
        self.assertTrue(0 <= agreement <= 1)
        if len(set(favourites)) == 1:
            self.assertEqual(agreement, 1.0)

    def test_connection_survives_what_single_experts_left_out(self):
        one = build(3, {(0, 1): 2}, 9)
        other = build(3, {(1, 2): 2}, 9)
        self.assertEqual(components(aggregate([one, other], [1, 1])), [[0, 1, 2]])
