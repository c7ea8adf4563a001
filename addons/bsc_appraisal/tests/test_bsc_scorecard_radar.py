from datetime import date

from odoo.tests import tagged

from .scorecard_common import ScorecardCommon


@tagged("post_install", "-at_install")
class TestScorecardRadar(ScorecardCommon):
    """What the radar and the small curves of a scorecard draw (P9)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.learning = cls._create_perspective(code="TL", name="Learning", sequence=90)
        cls.days = cls._create_measured(
            code="DAY",
            name="Training",
            perspective_id=cls.learning.id,
            frequency="quarter",
            aggregation="sum",
        )
        cls.lines = [(cls.income, 50, 100), (cls.waste, 30, 10), (cls.days, 20, 8)]

    def _create_measured_card(self, values=(90, 10, 4), **names):
        card = self._create_card(self.lines, **names)
        self._run(card)
        for (indicator, *_rest), value in zip(self.lines, values, strict=True):
            if value is not None:
                self._measure(card, indicator, value)
        card.action_score()
        return card

    def _get_rates(self, card, name="rate"):
        axes = card.perspective_radar["perspectives"]
        return {axis["name"]: axis[name] for axis in axes}

    def test_rates_are_shares_of_what_was_measured(self):
        card = self._create_measured_card()
        self.assertEqual(
            self._get_rates(card),
            {self.perspective.name: 90.0, "Customer": 100.0, "Learning": 50.0},
        )
        self.assertEqual(card.perspective_radar["cycle"], "First half 2026")
        self.assertFalse(card.perspective_radar["previous"])

    def test_what_nobody_measured_has_no_rate(self):
        card = self._create_measured_card((90, 10, None))
        self.assertIsNone(self._get_rates(card)["Learning"])
        self.assertEqual(self._get_rates(card)[self.perspective.name], 90.0)

    def test_no_shape_without_three_axes_or_any_rate(self):
        unmeasured = self._create_measured_card((None, None, None))
        self.assertIs(unmeasured.perspective_radar, False)
        narrow = self._create_card([(self.income, 100, 100)], employee="anna")
        self._run(narrow)
        self._measure(narrow, self.income, 90)
        narrow.action_score()
        self.assertEqual(narrow.score, 90)
        self.assertIs(narrow.perspective_radar, False)

    def _create_two_years(self):
        old_cycle = self._create_cycle(
            name="Second half 2025",
            date_from=date(2025, 7, 1),
            date_to=date(2025, 12, 31),
        )
        self.cycle.previous_id = old_cycle
        old = self._create_card(self.lines, employee="anna", cycle_id=old_cycle.id)
        old.action_agree()
        old_cycle.sudo().state = "coach"
        for indicator, value in ((self.income, 80), (self.waste, 10)):
            self._measure(old, indicator, value)
        old.action_score()
        return old, self._create_measured_card(employee="anna")

    def test_the_previous_cycle_is_the_second_series(self):
        _old, card = self._create_two_years()
        self.assertEqual(card.perspective_radar["previous"], "Second half 2025")
        self.assertEqual(
            self._get_rates(card, "previous"),
            {self.perspective.name: 80.0, "Customer": 100.0, "Learning": None},
        )

    def test_who_may_not_read_the_previous_card_does_not_see_its_rates(self):
        old, card = self._create_two_years()
        lead = self.users["lead"]
        self.assertTrue(card.with_user(lead).perspective_radar["previous"])
        # Anna worked elsewhere then: her superior of today did not appraise her.
        self.env.cr.execute(
            "UPDATE bsc_scorecard SET employee_id = NULL, appraiser_id = NULL,"
            " responsible_id = NULL WHERE id = %s",
            [old.id],
        )
        self.env.invalidate_all()
        self.assertFalse(old.with_user(lead).has_access("read"))
        self.assertFalse(card.with_user(lead).perspective_radar["previous"])
        self.assertEqual(
            set(self._get_rates(card.with_user(lead), "previous").values()), {None}
        )

    def _measure_quarters(self, card, indicator, first, second):
        self._measure(card, indicator, first, date_to=date(2026, 3, 31))
        return self._measure(card, indicator, second, date_from=date(2026, 4, 1))

    def test_what_is_summed_up_mounts_up_to_the_target(self):
        card = self._create_card(self.lines, employee="anna")
        self._run(card)
        second = self._measure_quarters(card, self.days, 3, 4)
        line = card.line_ids.filtered(lambda one: one.indicator_id == self.days)
        values = [value for _day, value in line.trend["points"]]
        self.assertEqual(values, [3, 7])
        self.assertEqual(line.trend["target"], 8)
        second.sudo().state = "entered"
        line.invalidate_recordset()
        self.assertEqual(len(line.trend["points"]), 1)

    def test_other_figures_stand_as_they_are(self):
        card = self._create_card(self.lines, employee="anna")
        self._run(card)
        self._measure_quarters(card, self.income, 80, 70)
        line = card.line_ids.filtered(lambda one: one.indicator_id == self.income)
        for name in ("anna", "lead", "chief"):
            points = line.with_user(self.users[name]).trend["points"]
            self.assertEqual([value for _day, value in points], [80, 70], name)
        unmeasured = card.line_ids - line
        self.assertEqual(unmeasured.mapped("trend"), [False, False])

    def test_courses_of_many_lines_take_no_more_queries_than_one(self):
        cards = self._create_card(self.lines, employee="anna")
        cards |= self._create_card(self.lines, employee="bert")
        self._run(*cards)
        for card in cards:
            self._measure_quarters(card, self.income, 80, 70)
        self.env.flush_all()
        few, many = cards[:1].line_ids.ids, cards.line_ids.ids
        counts = []
        for ids in (few, few, many):  # the first fills caches
            self.env.invalidate_all()
            lines = cards.line_ids.browse(ids).with_user(self.users["lead"])
            before = self.env.cr.sql_log_count
            self.assertTrue(any(lines.mapped("trend")))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
