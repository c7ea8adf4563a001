from odoo.tests import HttpCase, tagged

from .raise_common import RaiseCommon


@tagged("post_install", "-at_install")
class TestBscRaiseUi(RaiseCommon, HttpCase):
    def test_raises_from_the_simulation_to_the_version(self):
        """O1: one HR manager prepares and applies, another approves, in a browser."""
        batch = self._create_batch(name="Tour raises")
        self.start_tour("/odoo", "bsc_raise_simulates", login="bsc_maker")
        self.start_tour("/odoo", "bsc_raise_approves", login="bsc_checker")
        self.start_tour("/odoo", "bsc_raise_applies", login="bsc_maker")
        self.env.invalidate_all()
        self.assertEqual((batch.state, batch.applied_count), ("applied", 5))
        wages = self.people["Ada"].version_ids.sorted("date_version").mapped("wage")
        self.assertEqual(wages, [80000.0, 85152.99])
