from odoo.tests import HttpCase, tagged

from odoo.addons.bsc_appraisal.tests.scorecard_common import ScorecardCommon


@tagged("post_install", "-at_install")
class TestScorecardUi(ScorecardCommon, HttpCase):
    def test_a_target_is_agreed_measured_and_scored(self):
        """P6, P8, P9: employee, manager, collector and verifier, each in a browser."""
        card = self._create_card([(self.income, 100, None)], employee="anna")
        card.line_ids.with_user(self.users["lead"]).target = 100
        self.start_tour("/odoo", "bsc_employee_accepts_targets", login="bsc_anna")
        self.start_tour("/odoo", "bsc_manager_puts_in_force", login="bsc_lead")
        self.assertEqual(card.state, "agreed")
        self.cycle.sudo().state = "coach"
        self.env["bsc.measurement"].create(
            self.env["bsc.measurement"]._find_unplanned(self.cycle, 10)
        ).date_lock = False
        self.start_tour("/odoo", "bsc_collector_delivers", login="bsc_collector")
        self.start_tour("/odoo", "bsc_verifier_verifies", login="bsc_officer")
        self.start_tour("/odoo", "bsc_employee_sees_score", login="bsc_anna")
        self.assertRecordValues(card, [{"score": 90.0, "is_complete": True}])
