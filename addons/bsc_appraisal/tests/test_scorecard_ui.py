from odoo.tests import HttpCase, tagged

from odoo.addons.bsc_appraisal.tests.scorecard_common import ScorecardCommon


class DrawnCase(ScorecardCommon, HttpCase):
    """A scorecard with three perspectives and two periods."""

    def _create_drawn(self):
        learning = self._create_perspective(code="TL", name="Learning")
        days = self._create_measured(
            code="DAY", name="Training", perspective_id=learning.id
        )
        card = self._create_card(
            [(self.income, 50, 100), (self.waste, 30, 10), (days, 20, 8)],
            employee="anna",
        )
        self._run(card)
        self._measure(card, self.income, 80, date_to="2026-03-31")
        self._measure(card, self.income, 90, date_from="2026-04-01")
        self._measure(card, self.waste, 10)
        self._measure(card, days, 4)
        card.action_score()
        return card


@tagged("post_install", "-at_install")
class TestDrawnScorecard(DrawnCase):
    def test_employee_reads_the_radar(self):
        """P9: where she stands at a glance, and on paper."""
        self._create_drawn()
        self.start_tour("/odoo", "bsc_employee_reads_radar", login="bsc_anna")


@tagged("post_install", "-at_install")
class TestDrawnScorecardOnPhone(DrawnCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_employee_reads_the_radar_on_a_phone(self):
        self._create_drawn()
        self.start_tour("/odoo", "bsc_employee_reads_radar_on_phone", login="bsc_anna")
