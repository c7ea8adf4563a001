from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.budget_performance.tools import control

# Fast, and the same examples on every run.
quick = settings(max_examples=100, deadline=None, derandomize=True, database=None)

LINE = {"company_id": 1, "position_ids": {5, 6}, "analytic_ids": {7, 70}}
MARCH = date(2026, 3, 1)


def cents(low=0, high=10**9):
    return st.integers(low, high).map(lambda number: Decimal(number) / 100)


bands = st.lists(
    st.builds(
        control.Band,
        st.integers(1, 200).map(lambda percent: Decimal(percent) / 100),
        st.sampled_from(control.ACTIONS),
        st.booleans(),
        tolerance=cents(high=10**6),
    ),
    max_size=5,
).map(tuple)


def rule(**values):
    blank = {
        "id": 1,
        "company_id": None,
        "position_id": None,
        "analytic_ids": None,
        "document_type": None,
        "interval": "year",
        "month_from": None,
        "month_to": None,
        "bands": (control.Band(Decimal(1), "block"),),
    }
    return control.Rule(**{**blank, **values})


@tagged("post_install", "-at_install")
class TestPureControl(BaseCase):
    """Where a band begins and which rules judge a spending (B5, B6)."""

    def _judge(self, band, planned, after):
        usage = control.Usage(1, "year", planned, Decimal(0), after, (band,))
        return control.judge(usage)

    def test_a_band_begins_at_its_share_plus_its_amount_to_the_cent(self):
        rows = (
            # rate, tolerance, inclusive, planned, after, bites
            ("1", "0", False, "1000", "1000.00", False),
            ("1", "0", False, "1000", "1000.01", True),
            ("1", "50", False, "1000", "1050.00", False),
            ("1", "50", False, "1000", "1050.01", True),
            ("1", "50", True, "1000", "1049.99", False),
            ("1", "50", True, "1000", "1050.00", True),
            ("0.8", "0.01", True, "1000", "800.00", False),
            ("0.8", "0.01", True, "1000", "800.01", True),
            ("0.8", "100", True, "0", "99.99", False),
            ("0.8", "100", True, "0", "100.00", True),
            ("1", "0", False, "0", "0.01", True),
            ("0.3333", "0", True, "100", "33.33", True),
            ("0.3333", "0", True, "100", "33.32", False),
        )
        for rate, tolerance, inclusive, planned, after, bites in rows:
            band = control.Band(
                Decimal(rate), "block", inclusive, tolerance=Decimal(tolerance)
            )
            with self.subTest(rate=rate, tolerance=tolerance, after=after):
                verdict = self._judge(band, Decimal(planned), Decimal(after))
                self.assertEqual(verdict.action, "block" if bites else "ok")
                if bites:
                    self.assertEqual(
                        verdict.limit,
                        Decimal(planned) * Decimal(rate) + Decimal(tolerance),
                    )

    def test_of_two_bands_of_one_action_the_lower_limit_is_named(self):
        low = control.Band(Decimal("0.9"), "block", rule_id=1)
        high = control.Band(Decimal("0.8"), "block", tolerance=Decimal(200), rule_id=2)
        usage = control.Usage(
            1, "year", Decimal(1000), Decimal(0), Decimal(1000), (high, low)
        )
        self.assertEqual(control.judge(usage).band.rule_id, 1)

    def test_a_rule_judges_what_it_is_for(self):
        rows = (
            ({}, True),
            ({"company_id": 1}, True),
            ({"company_id": 2}, False),
            ({"position_id": 6}, True),
            ({"position_id": 8}, False),
            ({"analytic_ids": frozenset({7, 8})}, True),
            ({"analytic_ids": frozenset({8})}, False),
            ({"document_type": "expense"}, True),
            ({"document_type": "bill"}, False),
            ({"month_from": date(2026, 3, 1)}, True),
            ({"month_from": date(2026, 4, 1)}, False),
            ({"month_to": date(2026, 3, 1)}, True),
            ({"month_to": date(2026, 2, 1)}, False),
            ({"month_from": date(2026, 1, 1), "month_to": date(2026, 12, 1)}, True),
        )
        for values, applies in rows:
            with self.subTest(**values):
                self.assertIs(rule(**values).applies(LINE, "expense", MARCH), applies)

    def test_bands_of_several_rules_stand_together_by_interval(self):
        month = control.Band(Decimal(1), "hold")
        year = control.Band(Decimal(1), "block")
        found = control.bands_by_interval(
            [
                rule(interval="month", bands=(month,)),
                rule(bands=(year,)),
                rule(bands=(month,)),
                rule(company_id=9),
            ],
            LINE,
            "expense",
            MARCH,
        )
        self.assertEqual(found, {"month": (month,), "year": (year, month)})

    def test_without_a_rule_the_whole_budget_is_looked_at(self):
        found = control.bands_by_interval([], LINE, "expense", MARCH)
        self.assertEqual(found, {"budget": ()})

    @quick
    @given(cents(), cents(), cents(), bands)
    def test_the_verdict_is_the_worst_of_what_was_considered(
        self, planned, used, requested, steps
    ):
        usage = control.Usage(1, "year", planned, used, requested, steps)
        decision = control.decide([usage])
        biting = [band.action for _usage, band, bites in decision.judgements() if bites]
        worst = max(biting, key=control.ACTIONS.index, default="ok")
        self.assertEqual(decision.action, worst)
        self.assertEqual(len(list(decision.judgements())), len(steps))

    @quick
    @given(cents(), cents(), cents(), bands, cents(high=10**5))
    def test_a_larger_tolerance_never_makes_a_verdict_stricter(
        self, planned, used, requested, steps, more
    ):
        wider = tuple(
            control.Band(
                band.rate, band.action, band.inclusive, 0, band.tolerance + more
            )
            for band in steps
        )
        strict, mild = (
            control.decide(
                [control.Usage(1, "year", planned, used, requested, each)]
            ).action
            for each in (steps, wider)
        )
        self.assertLessEqual(control.ACTIONS.index(mild), control.ACTIONS.index(strict))
