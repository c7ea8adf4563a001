"""The arithmetic of raises: the worked example, and what holds for any input."""

import doctest
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from odoo.addons.bsc_appraisal.tools import merit
from odoo.addons.bsc_appraisal.tools.merit import (
    Band,
    MeritError,
    Person,
    Range,
    Wish,
    compa_ratio,
    exceeds,
    find_band,
    fund,
    grid_cost,
    penetration,
    round_to,
    split,
    wish_of,
)

D = Decimal
GRID = {
    5: ("7", "5", "3.5"),
    4: ("5", "3.5", "2.5"),
    3: ("3.5", "2.5", "1.5"),
    2: ("0.5", "0", "0"),
    1: ("0", "0", "0"),
}


def bands(rating, low="0"):
    return tuple(
        Band(D(bound), D(low), D(percent), D("20"))
        for bound, percent in zip(("0", "0.9", "1.1"), GRID[rating], strict=True)
    )


# salary, midpoint, maximum, rating, proration; then what METHODS says comes out.
CASE = {
    "A": (80000, 100000, 120000, 5, "1", "5600", "5152.99", "5152.99", "0"),
    "B": (100000, 100000, 120000, 3, "1", "2500", "2300.44", "2300.44", "0"),
    "C": (118000, 100000, 120000, 5, "1", "4130", "3800.33", "2000.00", "1800.33"),
    "D": (60000, 64000, 76800, 4, "0.5", "1050", "966.19", "966.19", "0"),
    "E": (50000, 60000, 72000, 2, "1", "250", "230.05", "230.05", "0"),
    "F": (90000, 80000, 96000, 1, "1", "0", "0", "0", "0"),
}


def person_of(number, row, **values):
    salary, mid, high, rating, part = row[:5]
    pay = Range(D(mid) * D("0.8"), D(mid), D(high))
    return Person(number, D(salary), bands(rating), pay, proration=D(part))._replace(
        **values
    )


class TestMerit(BaseCase):
    def test_examples_in_the_docstrings(self):
        self.assertEqual(doctest.testmod(merit).failed, 0)

    def test_the_worked_example_to_the_cent(self):
        """O1: k = .92017738, the table, and the pool of 12,450.00 exactly."""
        people = [person_of(n, row) for n, row in enumerate(CASE.values())]
        wishes = [wish_of(person) for person in people]
        funding = fund(wishes, D(12450))
        self.assertEqual(funding.raw, D(13530))
        self.assertEqual(funding.factor.quantize(D("1e-8")), D("0.92017738"))
        for person, wish, row in zip(people, wishes, CASE.values(), strict=True):
            award = funding.amounts[person.key]
            base, lump = split(person.salary, award, person.range.high)
            self.assertEqual(
                (wish.raw, award, base, lump), tuple(D(value) for value in row[5:])
            )
        self.assertEqual(sum(funding.amounts.values()), D("12450.00"))

    def test_published_checks(self):
        self.assertEqual(split(D(50000), D(2000), D(51000)), (D(1000), D(1000)))
        self.assertTrue(exceeds(D("2.06"), D("39.25"), D(4)))
        self.assertFalse(exceeds(D("1.57"), D("39.25"), D(4)))
        shares = [D(x) for x in (".05", ".2", ".55", ".15", ".05")]
        cost = grid_cost(shares, [D(".3"), D(".5"), D(".2")], list(GRID.values()))
        self.assertEqual(cost, D("2.4675"))
        self.assertEqual((3 / cost).quantize(D("1e-4")), D("1.2158"))
        within = fund([Wish(1, D(30700))], D(33000))
        self.assertEqual((within.amounts[1], within.factor), (D(30700), 1))

    def test_place_in_the_range(self):
        self.assertEqual(compa_ratio(D(60000), D(64000)), D("0.9375"))
        self.assertEqual(compa_ratio(D(30000), D(64000), D("0.5")), D("0.9375"))
        pay = Range(D(80), D(100), D(120))
        self.assertEqual(penetration(D(130), pay), D("1.25"))
        self.assertEqual(penetration(D(70), pay), D("-0.25"))
        point = Range(D(100), D(100), D(100))
        self.assertEqual(penetration(D(100), point), 1)
        for ratio, percent in (("0.8999", "7"), ("0.9", "5"), ("1.1", "3.5")):
            self.assertEqual(find_band(bands(5), D(ratio)).default, D(percent))
        with self.assertRaisesRegex(MeritError, "bands"):
            find_band(bands(5)[1:], D("0.5"))

    def test_reasons_are_values(self):
        row = CASE["A"]
        for values, reasons in (
            ({}, ()),
            ({"bands": ()}, ("unrated",)),
            ({"obstacles": ("new",)}, ("new",)),
            ({"range": None}, ("no_range",)),
            ({"percent": D(10)}, ("by_hand",)),
            ({"percent": D(21)}, ("by_hand", "outside")),
            ({"proration": D("0.5")}, ("prorated",)),
        ):
            wish = wish_of(person_of(1, row, **values))
            self.assertEqual(wish.reasons, reasons)
        self.assertEqual(wish_of(person_of(1, CASE["F"])).reasons, ("cell_zero",))
        self.assertEqual(wish_of(person_of(1, row, bands=())).raw, 0)

    def test_minimums_are_filled_first(self):
        wishes = [Wish(1, D(1000), D(900)), Wish(2, D(1000)), Wish(3, D(500))]
        funding = fund(wishes, D(1500), keep_minimums=True)
        self.assertEqual(funding.amounts, {1: 900, 2: 400, 3: 200})
        self.assertEqual((funding.at_minimum, funding.factor), ({1}, D("0.4")))
        with self.assertRaises(MeritError) as caught:
            fund(wishes, D("899.99"), keep_minimums=True)
        self.assertEqual(
            (caught.exception.code, caught.exception.needed), ("minimums", 900)
        )
        with self.assertRaisesRegex(MeritError, "pool"):
            fund(wishes, D(-1))

    def test_currencies_without_cents(self):
        funding = fund([Wish(n, D(100)) for n in range(3)], D("100.9"), unit=D(1))
        self.assertEqual(list(funding.amounts.values()), [34, 33, 33])


MONEY = st.decimals(0, 10**6, places=2)
PEOPLE = st.lists(
    st.tuples(
        st.decimals("0.01", 10**6, places=2),
        st.sampled_from(sorted(GRID)),
        st.decimals("0.3", 2, places=3),
        st.decimals(0, 1, places=3),
        st.sampled_from(["0", "0.5"]),
    ),
    max_size=12,
)


def wishes_of(people):
    return [
        wish_of(
            Person(
                number,
                salary,
                bands(rating, low if GRID[rating][2] >= low else "0"),
                Range(salary / ratio / 2, salary / ratio, salary / ratio * 2),
                proration=part,
            )
        )
        for number, (salary, rating, ratio, part, low) in enumerate(people)
    ]


class TestMeritProperties(BaseCase):
    @settings(max_examples=300, deadline=None)
    @given(PEOPLE, MONEY, st.booleans())
    def test_the_pool_is_hit_to_the_cent(self, people, pool, keep):
        wishes = wishes_of(people)
        try:
            funding = fund(wishes, pool, keep)
        except MeritError as error:
            self.assertGreater(error.needed, pool)
            return
        raw = sum((wish.raw for wish in wishes), D(0))
        total = sum(funding.amounts.values(), D(0))
        self.assertLessEqual(total, pool)
        if keep:  # minimums are whole cents, wishes need not be
            self.assertLessEqual(
                abs(total - min(pool, raw)), D("0.01") * (len(wishes) + 1)
            )
        else:
            self.assertLessEqual(abs(total - min(pool, raw)), D("0.005"))
        for wish in wishes:
            amount = funding.amounts[wish.key]
            self.assertGreaterEqual(amount, 0)
            self.assertLess(amount - wish.raw, D("0.011"))
            if keep:
                self.assertGreater(amount - wish.minimum, D("-0.0051"))

    @settings(max_examples=200, deadline=None)
    @given(PEOPLE, MONEY, st.booleans())
    def test_a_better_rating_is_never_worse(self, people, pool, keep):
        twins = [
            row[:1] + (rating,) + row[2:4] + ("0",)
            for row in people
            for rating in (3, 5)
        ]
        funding = fund(wishes_of(twins), pool, keep)
        for number in range(0, len(twins), 2):
            self.assertLessEqual(funding.amounts[number], funding.amounts[number + 1])

    @settings(max_examples=200, deadline=None)
    @given(PEOPLE, MONEY, st.booleans())
    def test_who_is_not_eligible_changes_nothing(self, people, pool, keep):
        wishes = wishes_of(people)
        outsider = Person(99, D(5000), bands(5, "0.5"), obstacles=("new",))
        try:
            before = fund(wishes, pool, keep)
        except MeritError:
            return
        after = fund([*wishes, wish_of(outsider)], pool, keep)
        self.assertEqual(after.amounts.pop(99), 0)
        self.assertEqual(after.amounts, before.amounts)
        self.assertEqual(after.factor, before.factor)

    @settings(max_examples=200, deadline=None)
    @given(MONEY, MONEY, st.one_of(st.none(), MONEY))
    def test_nothing_is_lost_at_the_maximum(self, salary, amount, maximum):
        base, lump = split(salary, amount, maximum)
        self.assertEqual(base + lump, amount)
        self.assertGreaterEqual(min(base, lump), 0)
        if maximum is not None and base:
            self.assertLessEqual(salary + base, maximum)

    @settings(max_examples=200, deadline=None)
    @given(st.lists(st.decimals(0, 10**6, places=6), max_size=20))
    def test_rounding_is_within_a_cent(self, values):
        exact = dict(enumerate(values))
        target = sum(values, D(0)).quantize(D("0.01"))
        amounts = round_to(exact, target)
        self.assertEqual(sum(amounts.values(), D(0)), target)
        for key, amount in amounts.items():
            self.assertLess(abs(amount - exact[key]), D("0.01"))
