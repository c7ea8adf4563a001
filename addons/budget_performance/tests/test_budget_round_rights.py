from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .round_common import RoundCommon

MODELS = ("round", "round.frame", "proposal", "proposal.line", "proposal.month")
QUIET = ("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")


@tagged("post_install", "-at_install")
class TestBudgetRoundRights(RoundCommon):
    """Heads plan for their tree, finance assesses, nobody writes a state."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.frame_sales = cls._frame(6000, cls.sales)
        cls.frame_making = cls._frame(5000, cls.making)
        cls._propose(cls.proposal_making, "hotel", 4000, user=cls.user_officer)
        cls._propose(cls.proposal_sales, "hotel", 5000, user=cls.user_officer)
        cls._flush()

    def _seen(self, user, model):
        found = self.env[f"performance.budget.{model}"].with_user(user).search([])
        return found.sudo().filtered(lambda x: x.company_id == self.company)

    def test_heads_see_their_tree_once_the_round_is_open(self):
        for model in MODELS:
            self.assertFalse(self._seen(self.user_owner, model), model)
        self.round.action_open()
        self.assertEqual(self._seen(self.user_owner, "round"), self.round)
        self.assertEqual(self._seen(self.user_owner, "round.frame"), self.frame_sales)
        self.assertEqual(self._seen(self.user_owner, "proposal"), self.proposal_sales)
        self.assertEqual(
            self._seen(self.user_owner, "proposal.line").department_id, self.sales
        )
        self.assertEqual(len(self._seen(self.user_owner, "proposal.month")), 12)

    def test_who_leads_a_department_plans_for_those_below(self):
        self.round.action_open()
        self.making.parent_id = self.sales
        self.assertEqual(
            self._seen(self.user_owner, "proposal").department_id,
            self.sales | self.making,
        )
        self._propose(self.proposal_making, "flight", 10)
        self.sales.manager_id = self.emp_manager
        self.assertFalse(self._seen(self.user_owner, "proposal"))

    @mute_logger(*QUIET)
    def test_heads_touch_no_other_department(self):
        self.round.action_open()
        line = self.proposal_making.line_ids.with_user(self.user_owner)
        for attempt in (
            lambda: line.read(["amount"]),
            lambda: line.write({"amount": 1}),
            line.unlink,
            lambda: self._propose(self.proposal_making, "flight", 1),
            line.proposal_id.action_submit,
            lambda: self.proposal_sales.line_ids.with_user(self.user_owner).write(
                {"proposal_id": self.proposal_making.id}
            ),
            lambda: line.month_ids[0].write({"amount": 1}),
        ):
            with self.assertRaises(UserError):  # an AccessError is one
                attempt()
        self.assertEqual(line.sudo().amount, 4000)

    def test_other_departments_do_not_show_through_domains_or_sums(self):
        self.round.action_open()
        Line = self.env["performance.budget.proposal.line"].with_user(self.user_owner)
        self.assertFalse(Line.search([("amount", "=", 4000)]))
        self.assertEqual(
            Line._read_group([("is_current", "=", True)], [], ["amount:sum"]),
            [(5000,)],
        )
        board = self.env["performance.budget.round.board"].with_user(self.user_owner)
        rows = board.search([("round_id", "=", self.round.id)])
        self.assertEqual(rows.department_id, self.sales | self.head)
        self.assertEqual(set(rows.mapped("amount_proposed")), {5000})
        self.assertEqual(self.round.with_user(self.user_owner).amount_proposed, 5000)
        self.env.invalidate_all()
        self.assertEqual(
            self.round.with_user(self.user_owner).frame_ids, self.frame_sales
        )

    @mute_logger(*QUIET)
    def test_employees_see_and_do_nothing(self):
        self.round.action_open()
        for model in (*MODELS, "round.board", "round.decision", "round.level"):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[f"performance.budget.{model}"].with_user(
                    self.user_employee
                ).search([])
        with self.assertRaises(AccessError):
            self.round.with_user(self.user_employee).action_cancel()

    @mute_logger(*QUIET)
    def test_auditor_reads_all_and_writes_nothing(self):
        for model in (*MODELS, "round.board"):
            with self.subTest(model=model):
                seen = self._seen(self.user_auditor, model)
                self.assertTrue(seen)
                for operation in ("write", "create", "unlink"):
                    self.assertFalse(
                        seen[:1].with_user(self.user_auditor).has_access(operation)
                    )
        for action in ("open", "cancel", "approve", "request", "ask_frames"):
            with self.subTest(action=action), self.assertRaises(UserError):
                getattr(self.round.with_user(self.user_auditor), f"action_{action}")()

    def test_another_company_sees_nothing(self):
        self.user_stranger.group_ids |= self.env.ref(
            "budget_performance.group_budget_manager"
        )
        for model in (*MODELS, "round.board"):
            self.assertFalse(self._seen(self.user_stranger, model), model)

    @mute_logger(*QUIET)
    def test_frames_are_set_by_management_only(self):
        self.round.action_open()
        for user in (self.user_owner, self.user_officer):
            frame = self.frame_sales.with_user(user)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                frame.amount = 1e6
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                frame.create({"round_id": self.round.id, "amount": 1})
        self.frame_sales.with_user(self.user_manager).amount = 6500

    @mute_logger(*QUIET, "odoo.orm.models")
    def test_heads_do_not_do_what_finance_does(self):
        self.round.action_open()
        proposal = self.proposal_sales.with_user(self.user_owner)
        proposal.action_submit()
        for attempt in (
            proposal.action_accept,
            proposal.action_return,
            lambda: proposal._return("No", proposal.line_ids),
            lambda: proposal.line_ids.write({"finance_note": "Fine"}),
            proposal.round_id.action_consolidate,
            lambda: proposal.round_id.write({"name": "Mine"}),
            proposal.unlink,
        ):
            with self.assertRaises(UserError):
                attempt()
        proposal.action_take_back()
        with self.assertRaises(UserError):
            proposal.user_id = self.user_owner
        proposal.line_ids.amount = 4500

    @mute_logger(*QUIET, "odoo.orm.models", "odoo.models")
    def test_nobody_writes_a_state_or_a_figure(self):
        """Not by write, create, default or import; not even as finance manager."""
        self.round.action_open()
        user = self.user_manager
        budget_round = self.round.with_user(user)
        proposal = self.proposal_sales.with_user(user)
        line = proposal.line_ids
        values = {"name": "Forged", "department_ids": [Command.clear()]}
        attempts = {
            "round": lambda: budget_round.write({"state": "agreed"}),
            "web_save": lambda: budget_round.web_save({"state": "agreed"}, {}),
            "create": lambda: budget_round.create({**values, "state": "agreed"}),
            "default": lambda: budget_round.with_context(default_state="agreed").create(
                values
            ),
            "requester": lambda: budget_round.write({"requester_id": user.id}),
            "revision": lambda: budget_round.write({"revision": 7}),
            "budget": lambda: budget_round.write({"budget_id": self.budget.id}),
            "proposal": lambda: proposal.write({"state": "accepted"}),
            "current": lambda: proposal.create(
                {
                    "round_id": self.round.id,
                    "department_id": self.head.id,
                    "state": "accepted",
                }
            ),
            "moved": lambda: proposal.write({"department_id": self.head.id}),
            "iteration": lambda: proposal.write({"iteration": 9}),
            "risk": lambda: line.write({"risk": "none"}),
            "expected": lambda: line.write({"last_expected": 1e6}),
            "pool": lambda: line.write({"pool_line_id": line.id}),
            "origin": lambda: self.budget.with_user(user).write(
                {"round_id": self.round.id}
            ),
            "decision": lambda: (
                self.env["performance.budget.round.decision"]
                .with_user(user)
                .create({"round_id": self.round.id})
            ),
        }
        for name, attempt in attempts.items():
            with self.subTest(attempt=name), self.assertRaises(UserError):
                attempt()
        self.assertEqual(self.round.state, "proposing")
        loaded = budget_round.load(["name", "state"], [["Forged", "Agreed"]])
        self.assertFalse(loaded["ids"])

    def test_decisions_are_never_changed(self):
        self.round.proposal_ids.line_ids.with_user(self.user_officer).unlink()
        self._accept_all()
        self.round.action_request()
        self.round.with_user(self.user_second).action_approve()
        decision = self.round.decision_ids
        with self.assertRaises(UserError):
            decision.sudo().write({"comment": "Other"})
        with self.assertRaises(UserError):
            decision.sudo().unlink()

    @mute_logger(*QUIET)
    def test_copying_for_another_department_is_refused(self):
        self.round.action_open()
        Copy = self.env["performance.budget.proposal.copy"].with_user(self.user_owner)
        wizard = Copy.create(
            {
                "round_id": self.round.id,
                "budget_id": self.budget.id,
                "line_ids": [Command.create({"proposal_id": self.proposal_making.id})],
            }
        )
        with self.assertRaises(AccessError):
            wizard.action_copy()
