from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .round_common import RoundCommon

OWNER = "budget_performance.group_budget_owner"


@tagged("post_install", "-at_install")
class TestBudgetRoundHeads(RoundCommon):
    """Heads of departments can propose as soon as they are asked, and not before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_head = cls._create_user("head", "base.group_user", cls.company)
        employee = cls.env["hr.employee"].create(
            {"name": "Head", "user_id": cls.user_head.id, "company_id": cls.company.id}
        )
        cls.making.manager_id = employee
        cls._flush()

    def _log(self):
        return self.round.sudo().message_ids.mapped("body")

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_a_head_without_any_right_proposes_once_he_is_asked(self):
        proposal = self.proposal_making.with_user(self.user_head)
        with self.assertRaises(AccessError):
            proposal.read(["state"])
        self.round.action_open()
        self.env.invalidate_all()
        self.assertTrue(self.user_head.has_group(OWNER))
        self.assertFalse(
            self.user_head.has_group("budget_performance.group_budget_officer")
        )
        self.assertIn(self.user_head.name, self._log()[0])
        self._propose(self.proposal_making, "hotel", 4000, user=self.user_head)
        proposal.action_submit()
        self.assertEqual(self.proposal_making.state, "submitted")
        self.assertEqual(self.proposal_making.submitted_by_id, self.user_head)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_he_sees_his_department_and_no_other(self):
        self.round.action_open()
        self.env.invalidate_all()
        Proposal = self.env["performance.budget.proposal"].with_user(self.user_head)
        self.assertEqual(Proposal.search([]).department_id, self.making)
        with self.assertRaises(AccessError):
            self.proposal_sales.with_user(self.user_head).read(["state"])
        with self.assertRaises(AccessError):
            self._propose(self.proposal_sales, "hotel", 1, user=self.user_head)
        lines = self.env["performance.budget.line"].with_user(self.user_head).search([])
        self.assertEqual(lines.department_id, self.making)

    def test_the_one_whom_finance_names_instead_gets_nothing(self):
        self.proposal_making.user_id = self.user_employee
        self.round.action_open()
        self.assertFalse(self.user_employee.has_group(OWNER))

    def test_switched_off_finance_is_told_who_cannot_propose(self):
        self.company.budget_grant_heads = False
        self.round.action_open()
        self.assertFalse(self.user_head.has_group(OWNER))
        self.assertIn("cannot propose", self._log()[0])
        self.assertIn(self.user_head.name, self._log()[0])

    def test_nobody_is_let_in_twice_and_nobody_who_has_the_right(self):
        self.round.action_open()
        count = len(self._log())
        self.proposal_making._ask_head()
        self.assertEqual(len(self._log()), count)
        self.assertNotIn(self.user_owner.name, "".join(self._log()))

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_a_head_opens_no_round_to_let_himself_in(self):
        with self.assertRaises(AccessError):
            self.round.with_user(self.user_head).action_open()
        self.assertFalse(self.user_head.has_group(OWNER))

    def test_a_new_head_is_asked_and_can_propose(self):
        self.round.action_open()
        follower = self._create_user("follower", "base.group_user", self.company)
        self.making.manager_id = self._create_employee(follower, self.making)
        self.env.invalidate_all()
        asked = self.proposal_making.activity_ids.user_id
        self.assertEqual((self.proposal_making.user_id, asked), (follower, follower))
        self._propose(self.proposal_making, "hotel", 4000, user=follower)
        self.proposal_making.with_user(follower).action_submit()
        self.making.manager_id = self.emp_officer  # submitted: nobody is asked again
        self.assertEqual(self.proposal_making.user_id, follower)
