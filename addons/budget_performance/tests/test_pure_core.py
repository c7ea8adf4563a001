import doctest
from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.budget_performance.tools import (
    adjustment,
    approval,
    control,
    distribution,
    ledger,
    money,
    periods,
)

MODULES = (adjustment, approval, control, distribution, ledger, money, periods)
CENT = Decimal("0.01")
UNITS = st.sampled_from([Decimal("0.001"), CENT, Decimal(1)])

# Fast, and the same examples on every run.
quick = settings(max_examples=100, deadline=None, derandomize=True, database=None)


def amounts(low=-(10**9), high=10**9):
    return st.integers(low, high).map(lambda cents: Decimal(cents) / 100)


@st.composite
def percentages(draw, max_size=12):
    """Percentages that make up 100, in hundredths."""
    cuts = draw(st.lists(st.integers(0, 10000), max_size=max_size - 1))
    marks = [0, *sorted(cuts), 10000]
    return [Decimal(after - before) / 100 for before, after in pairwise(marks)]


@tagged("post_install", "-at_install")
class TestPureCore(BaseCase):
    """What holds for any figures: B4, B8, B9, B19."""

    def test_the_examples_in_the_docstrings_are_true(self):
        for module in MODULES:
            with self.subTest(module=module.__name__):
                result = doctest.testmod(module)
                self.assertGreater(result.attempted, 0)
                self.assertEqual(result.failed, 0)

    # distribution

    @quick
    @given(amounts(), percentages(), UNITS)
    def test_the_parts_of_a_whole_make_up_the_amount(self, amount, shares, unit):
        amount = amount.quantize(unit)
        parts = distribution.split(amount, shares, unit)
        self.assertEqual(sum(parts), amount)
        for part, share in zip(parts, shares, strict=True):
            self.assertLessEqual(abs(part - amount * share / 100), unit)
            self.assertGreaterEqual(part * amount, 0, "no part turns the other way")

    @quick
    @given(amounts(), st.lists(st.integers(0, 30000), max_size=6))
    def test_a_part_of_an_incomplete_whole_is_its_own_percentage(self, amount, shares):
        shares = [Decimal(share) / 100 for share in shares]
        if sum(shares) == 100:
            return
        for part, share in zip(
            distribution.split(amount, shares, CENT), shares, strict=True
        ):
            self.assertLessEqual(abs(part - amount * share / 100), CENT / 2)

    @quick
    @given(amounts(), percentages(), st.permutations(range(1, 13)))
    def test_lines_of_one_plan_partition_the_amount(self, amount, shares, accounts):
        keys = {
            frozenset({account}): share
            for account, share in zip(accounts, shares, strict=False)
        }
        plan_of = dict.fromkeys(accounts, 1)
        lines = [*keys, frozenset()]
        result = distribution.line_shares(amount, keys, plan_of, lines, CENT)
        self.assertEqual(result.pop(frozenset()), amount)
        self.assertEqual(sum(result.values()), amount)

    @quick
    @given(amounts(), percentages(max_size=5), percentages(max_size=5))
    def test_a_second_plan_takes_nothing_from_the_first(self, amount, first, second):
        keys = {frozenset({n}): share for n, share in enumerate(first, 1)}
        keys |= {frozenset({100 + n}): share for n, share in enumerate(second, 1)}
        plan_of = {acc: acc // 100 for key in keys for acc in key}
        result = distribution.line_shares(amount, keys, plan_of, list(keys), CENT)
        for plan in (0, 1):
            of_plan = [v for key, v in result.items() if plan_of[min(key)] == plan]
            self.assertEqual(sum(of_plan), amount)

    @quick
    @given(amounts(), percentages(max_size=6), st.randoms(use_true_random=False))
    def test_the_order_of_the_keys_does_not_matter(self, amount, shares, random):
        texts = {str(n * 7): float(share) for n, share in enumerate(shares, 1)}
        mixed = list(texts.items())
        random.shuffle(mixed)
        plan_of = {int(text): 1 for text in texts}
        results = [
            distribution.line_shares(
                amount, keys, plan_of, [frozenset({acc}) for acc in plan_of], CENT
            )
            for keys in (distribution.parse(texts), distribution.parse(dict(mixed)))
        ]
        self.assertEqual(*results)

    def test_percentages_that_a_browser_added_up_make_a_hundred(self):
        keys = distribution.parse({"1": 33.33, "2": 33.33, "3": 100 - 33.33 - 33.33})
        totals = distribution.plan_totals(keys, {1: 1, 2: 1, 3: 1})
        self.assertEqual(totals, {1: distribution.WHOLE})

    def test_what_is_no_percentage_is_refused(self):
        for share in (float("nan"), float("inf"), 1e300):
            with self.subTest(share=share), self.assertRaises(ValueError):
                distribution.parse({"1": share})

    @quick
    @given(amounts(low=0), st.integers(1, 120), UNITS)
    def test_an_even_spread_adds_up_and_is_even(self, amount, count, unit):
        amount = amount.quantize(unit)
        parts = distribution.spread_even(amount, count, unit)
        self.assertEqual((len(parts), sum(parts)), (count, amount))
        self.assertLessEqual(max(parts) - min(parts), unit)

    # control

    bands = st.lists(
        st.builds(
            control.Band,
            st.integers(1, 200).map(lambda percent: Decimal(percent) / 100),
            st.sampled_from(control.ACTIONS),
            st.booleans(),
        ),
        max_size=5,
    ).map(tuple)

    def _decide(self, planned, used, requested, bands, closed=False):
        usage = control.Usage(1, "year", planned, used, requested, bands, closed)
        return control.ACTIONS.index(control.decide([usage]).action)

    @quick
    @given(amounts(0), amounts(), amounts(), amounts(0), bands, st.booleans())
    def test_a_larger_request_never_gets_a_milder_verdict(
        self, planned, used, requested, more, bands, closed
    ):
        self.assertLessEqual(
            self._decide(planned, used, requested, bands, closed),
            self._decide(planned, used, requested + more, bands, closed),
        )

    @quick
    @given(amounts(0), amounts(), amounts(high=0), bands, st.booleans())
    def test_who_asks_for_nothing_is_never_refused(
        self, planned, used, requested, bands, closed
    ):
        """I7: giving back is always possible."""
        self.assertEqual(self._decide(planned, used, requested, bands, closed), 0)

    @quick
    @given(st.lists(st.tuples(amounts(0), amounts(0), amounts()), max_size=6), bands)
    def test_a_document_gets_the_worst_verdict_of_its_lines(self, figures, bands):
        usages = [
            control.Usage(line, "year", *figure, bands)
            for line, figure in enumerate(figures)
        ]
        alone = [control.ACTIONS.index(control.judge(u).action) for u in usages]
        together = control.decide(usages)
        self.assertEqual(control.ACTIONS.index(together.action), max(alone, default=0))
        self.assertEqual(len(together.verdicts), len(usages))

    # ledger

    positions = st.tuples(
        st.integers(1, 3),
        st.integers(1, 3),
        st.sampled_from([date(2026, 1, 1), date(2026, 2, 1)]),
        st.sampled_from(["reserved", "committed", "actual"]),
    )

    @quick
    @given(
        st.dictionaries(positions, amounts()),
        st.dictionaries(positions, st.tuples(amounts(), st.integers(1, 99))),
    )
    def test_the_differences_turn_what_is_held_into_what_is_wanted(self, desired, held):
        result = {position: amount for position, (amount, _last) in held.items()}
        for row in ledger.differences(desired, held):
            self.assertTrue(row.amount)
            result[row[:4]] = result.get(row[:4], Decimal(0)) + row.amount
        wanted = {position: amount for position, amount in desired.items() if amount}
        self.assertEqual({p: a for p, a in result.items() if a}, wanted)
        settled = {position: (amount, 1) for position, amount in wanted.items()}
        self.assertEqual(ledger.differences(desired, settled), [])

    # money and periods

    @quick
    @given(st.integers(-(10**14), 10**14), UNITS)
    def test_amounts_survive_the_way_through_a_float(self, units, unit):
        amount = units * unit
        if abs(amount) > money.MAX_AMOUNT:
            amount = money.MAX_AMOUNT
        self.assertEqual(money.exact(float(amount), unit), amount)

    def test_what_is_no_amount_is_refused(self):
        for amount in (float("nan"), float("inf"), -1e300, 10.0**12 + 1):
            with self.subTest(amount=amount), self.assertRaises(ValueError):
                money.exact(amount, CENT)

    @quick
    @given(
        st.dates(date(2000, 1, 1), date(2060, 1, 1)),
        st.integers(0, 1200),
        st.sampled_from(periods.INTERVALS),
        st.randoms(use_true_random=False),
    )
    def test_intervals_partition_the_months_of_a_budget(
        self, first, days, interval, random
    ):
        last = first + timedelta(days=days)
        months = periods.months_between(first, last)
        self.assertEqual(len(months), len(set(months)))
        self.assertEqual(
            len(months),
            (last.year - first.year) * 12 + last.month - first.month + 1,
        )
        month = random.choice(months)
        span = periods.interval_months(interval, month, first, last)
        self.assertIn(month, span)
        self.assertEqual(span, [m for m in months if span[0] <= m <= span[-1]])
        if interval != "year_to_date":
            for other in span:
                self.assertEqual(
                    periods.interval_months(interval, other, first, last), span
                )

    @quick
    @given(st.dates(date(1900, 1, 1), date(2999, 12, 1)))
    def test_a_month_ends_on_its_last_day(self, day):
        end = periods.month_end(day)
        self.assertEqual(end.day, monthrange(day.year, day.month)[1])
        self.assertEqual(periods.month_start(end), periods.month_start(day))
