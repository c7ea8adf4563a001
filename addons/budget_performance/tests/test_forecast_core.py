import random
from math import sqrt

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import forecast as core
from ..tools import forecast_methods as methods

HORIZON = 12
AMOUNTS = st.one_of(
    st.just(0.0),
    st.floats(0.01, 1e12, allow_nan=False),
    st.floats(-1e6, 1e6, allow_nan=False),
)


def squared(expected, came):
    return sqrt(sum((a - b) ** 2 for a, b in zip(expected, came, strict=True)))


@tagged("post_install", "-at_install")
class TestForecastCore(BaseCase):
    """Methods, their choice by back-test, and bands, without Odoo (B13)."""

    def _series(self, months, lines=60, **shape):
        """Return series from a fixed seed: level × trend × season × noise."""
        dice = random.Random(1)
        level, slope = shape.get("level", 1000), shape.get("slope", 0.0)
        season, used = shape.get("season", [1.0] * 12), shape.get("used", 1.0)
        return [
            [
                level
                * (1 + slope * month)
                * season[month % 12]
                * max(0.0, dice.gauss(1, shape.get("noise", 0.1)))
                * (dice.random() < used)
                for month in range(months)
            ]
            for _line in range(lines)
        ]

    def test_no_method_is_taken_that_did_worse_than_last_years_month(self):
        shapes = {
            "level": {},
            "trend": {"slope": 0.02},
            "season": {"season": [1, 1, 3, 1, 1, 1, 1, 0, 2, 2, 1, 1]},
            "sparse": {"used": 0.15},
            "nothing": {"level": 0},
        }
        for name, shape in shapes.items():
            for months in (4, 7, 13, 18, 25, 36, 48):
                with self.subTest(shape=name, months=months):
                    for found in core.forecast(self._series(months, **shape), 18):
                        self.assertIsNotNone(found.method)
                        self.assertLessEqual(found.error, found.naive_error + 1e-9)
                        self.assertEqual(len(found.values), 18)

    @settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        lines=st.integers(4, 40).flatmap(
            lambda months: st.lists(
                st.lists(AMOUNTS, min_size=months, max_size=months),
                min_size=1,
                max_size=3,
            )
        )
    )
    def test_whatever_the_amounts_the_method_is_as_good_as_last_years_month(
        self, lines
    ):
        for line, one in zip(lines, core.forecast(lines, 18), strict=True):
            self.assertLessEqual(one.error, one.naive_error, line)
            (alone,) = core.forecast([line], 18)
            self.assertEqual(one.method, alone.method)  # whoever else is forecast
            for low, value, high in zip(one.low, one.values, one.high, strict=True):
                self.assertTrue(0 <= low <= value <= high < float("inf"), line)

    def test_the_error_is_that_of_the_method_on_its_own_past(self):
        for months in (9, 18, 26):
            (line,) = self._series(months, 1, slope=0.05)
            (one,) = core.forecast([line], 6)
            predict = {m.name: m.predict for m in methods.METHODS}[one.method]
            missed = []
            for origin in range(core.first_origin(months), months):
                known = methods.np.array([line[:origin]])
                values = predict(known, min(6, months - origin))[0]
                missed += [
                    came - max(value, 0.0)
                    for came, value in zip(line[origin:], values, strict=False)
                ]
            expected = sqrt(sum(miss**2 for miss in missed) / len(missed))
            with self.subTest(months=months):
                self.assertAlmostEqual(one.error, expected, places=6)

    def test_a_premium_paid_once_a_year_is_expected_again(self):
        for known in (12, 18):
            series = self._series(known, 40, noise=0.2)
            for line in series:
                line[known - 9] = 6000.0
            found = core.forecast(series, 12)
            with self.subTest(known=known):
                taken = {one.method for one in found}
                self.assertTrue(taken & {"mean", "sparse", "run_rate"}, taken)
                for one in found:
                    self.assertGreater(one.values[3], 3000)
                    self.assertLess(max(one.values[:3] + one.values[4:]), 2500)

    def test_seasons_known_for_a_year_or_more_are_not_worse_on_unseen_months(self):
        season = [1, 1.3, 1.5, 1.6, 1.5, 1.3, 1, 0.7, 0.5, 0.4, 0.5, 0.7]
        for months in (12, 18, 24, 36):
            series = self._series(months + HORIZON, 200, season=season)
            found = core.forecast([line[:months] for line in series], HORIZON)
            ours = naive = 0.0
            for line, one in zip(series, found, strict=True):
                came = line[months:]
                ours += squared(one.values, came)
                naive += squared(line[months - 12 : months], came)
            with self.subTest(months=months):
                self.assertLess(ours, 1.05 * naive)

    def test_forecast_of_level_and_trend_beats_last_years_month_on_unseen_months(self):
        for name, shape in {"level": {}, "trend": {"slope": 0.03}}.items():
            series = self._series(18 + HORIZON, **shape)
            found = core.forecast([line[:18] for line in series], HORIZON)
            ours = naive = 0.0
            for line, one in zip(series, found, strict=True):
                came = line[18:]
                ours += squared(one.values, came)
                naive += squared([*line[6:18]], came)
            with self.subTest(shape=name):
                self.assertLess(ours, 0.9 * naive)

    def test_a_clear_season_is_repeated(self):
        season = [1, 1, 4, 1, 1, 1, 1, 0, 4, 3, 1, 1]
        (found,) = core.forecast(self._series(36, 1, season=season, noise=0.0), 12)
        for expected, factor in zip(found.values, season, strict=True):
            self.assertAlmostEqual(expected, 1000 * factor, delta=1)

    def test_holt_winters_follows_season_and_trend_together(self):
        months = range(48)
        line = [100 + 5 * month + 50 * (month % 12 == 3) for month in months]
        (found,) = core.forecast([line], 6)
        self.assertEqual(found.method, "holt_winters")
        self.assertGreater(found.values[3], found.values[2] + 30)

    def test_a_falling_line_never_goes_below_nothing(self):
        (found,) = core.forecast([[100.0 - 10 * month for month in range(10)]], 18)
        self.assertTrue(all(value >= 0 for value in found.values))
        self.assertTrue(all(low >= 0 for low in found.low))

    def test_rare_amounts_come_to_their_mean_over_time(self):
        series = self._series(36, 200, used=0.2, noise=0.0)
        found = core.forecast(series, HORIZON)
        expected = sum(sum(one.values) for one in found) / len(found)
        self.assertAlmostEqual(expected / (1000 * 0.2 * HORIZON), 1.0, delta=0.25)

    def test_band_holds_about_four_of_five_months(self):
        for months in (18, 36):
            series = self._series(months + HORIZON, 300)
            found = core.forecast([line[:months] for line in series], HORIZON)
            held = [
                low <= came <= high
                for line, one in zip(series, found, strict=True)
                for came, low, high in zip(
                    line[months:], one.low, one.high, strict=True
                )
            ]
            with self.subTest(months=months):
                self.assertAlmostEqual(sum(held) / len(held), 0.8, delta=0.1)

    def test_band_surrounds_the_value_and_never_narrows(self):
        for one in core.forecast(self._series(30, 50, used=0.5), 18):
            widths = []
            for value, low, high in zip(one.values, one.low, one.high, strict=True):
                self.assertTrue(low <= value <= high)
                widths.append(high - value)
            steady = one.method in ("run_rate", "mean", "sparse")
            if steady:
                self.assertEqual(widths, sorted(widths))

    def test_lines_of_all_lengths_come_back_in_their_places(self):
        lines = [[float(n)] * n for n in (20, 0, 5, 3, 20, 40)]
        found = core.forecast(lines, 3)
        for line, one in zip(lines, found, strict=True):
            with self.subTest(months=len(line)):
                expected = tuple(line[:1] * 3) if len(line) >= core.MIN_HISTORY else ()
                self.assertEqual(
                    tuple(round(value, 6) for value in one.values), expected
                )

    def test_what_is_no_number_is_refused(self):
        for bad in (float("nan"), float("inf")):
            with self.subTest(bad=bad), self.assertRaises(ValueError):
                core.forecast([[1.0, 2.0, 3.0, bad]], 3)
        with self.assertRaises(ValueError):
            core.forecast([[1.0] * 5], 0)

    def test_every_method_takes_the_shortest_history_it_asks_for(self):
        for method in methods.METHODS:
            needs = max(method.needs, core.MIN_TRAINING)
            history = methods.np.arange(2.0 * needs).reshape(2, needs)
            with self.subTest(method=method.name):
                values = method.predict(history, 18)
                self.assertEqual(values.shape, (2, 18))
                self.assertTrue(methods.np.isfinite(values).all())
