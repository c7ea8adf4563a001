from odoo import Command
from odoo.tests import HttpCase, tagged

from .round_common import RoundCommon

PATHS = {
    "performance.budget.round": "budget-rounds",
    "performance.budget.proposal": "budget-proposals",
}


@tagged("post_install", "-at_install")
class TestBudgetRoundUi(RoundCommon, HttpCase):
    """A budget is planned by four people in their browsers, until it is in force."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.position_hotel.name = "Round Travel"
        cls.proposal_making.with_user(cls.user_officer).unlink()
        cls.round.department_ids = [Command.unlink(cls.making.id)]
        cls._frame(10000, cls.sales)

    def _play(self, tour, record, user):
        self.start_tour(
            f"/odoo/{PATHS[record._name]}/{record.id}",
            f"budget_performance_round_{tour}",
            login=user.login,
        )
        self.env.invalidate_all()

    def test_a_round_from_the_frames_to_the_budget(self):
        self._play("open", self.round, self.user_officer)
        self._play("propose", self.proposal_sales, self.user_owner)
        self._play("send_back", self.proposal_sales, self.user_officer)
        following = self._proposal(self.sales)
        self.assertEqual(following.iteration, 2)
        self._play("resubmit", following, self.user_owner)
        self._play("accept", following, self.user_officer)
        self._play("request", self.round, self.user_officer)
        self._play("approve", self.round, self.user_second)
        self._play("agreed", self.round, self.user_manager)
        budget = self.round.budget_id
        self.assertEqual(budget.state, "approved")
        self.assertEqual(budget.line_ids.position_id, self.position_hotel)
        self.assertEqual(budget.amount_planned, 10000)
        self.assertEqual(self.proposal_sales.line_ids.amount, 13000)
