from datetime import date

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .round_common import RoundCommon


@tagged("post_install", "-at_install")
class TestBudgetRound(RoundCommon):
    """A budget comes about: frames, proposals, iterations, levels, one budget (B2)."""

    def test_round_begins_with_a_proposal_for_each_department_and_the_company(self):
        self.assertEqual(self.round.base_budget_id, self.budget)
        self.assertEqual(
            self.round.proposal_ids.department_id, self.sales | self.making
        )
        self.assertEqual(len(self.round.proposal_ids), 3)
        self.assertEqual(self.proposal_sales.user_id, self.user_owner)
        self.assertEqual(set(self.round.proposal_ids.mapped("state")), {"draft"})

    def test_a_department_added_later_gets_its_proposal_and_is_asked(self):
        self.round.action_open()
        self.head.manager_id = self.emp_manager
        self.round.department_ids |= self.head
        proposal = self._proposal(self.head)
        self.assertEqual(proposal.user_id, self.user_manager)
        self.assertEqual(proposal.activity_ids.user_id, self.user_manager)

    def test_heads_are_asked_when_the_round_opens(self):
        self.round.date_deadline = date(2026, 7, 31)
        self.round.action_ask_frames()
        self.assertIn(self.user_manager, self.round.activity_ids.user_id)
        self.round.action_open()
        self.assertFalse(self.round.activity_ids)
        self.assertEqual(self.proposal_sales.activity_ids.user_id, self.user_owner)
        self.assertEqual(
            self.proposal_sales.activity_ids.date_deadline, date(2026, 7, 31)
        )

    def test_a_line_knows_what_it_was_before(self):
        self._create_entry(1000, day="2026-05-05")
        self._flush()
        self.round.action_open()
        line = self._propose(self.proposal_sales, "hotel", 1500)
        self.assertEqual(line.base_line_id.sudo(), self.line_hotel_sales)
        self.assertEqual(line.last_planned, 4800)
        self.assertEqual(line.last_actual, 1000)
        self.assertEqual(line.last_expected, 1000)
        self.assertEqual(line.growth_rate, 0.5)
        self.assertEqual(line.risk, "growth")
        line.amount = 1200
        self.assertEqual(line.risk, "none")
        line.amount = 1200.01
        self.assertEqual(line.risk, "growth")

    def test_more_was_spent_than_the_last_forecast_expected(self):
        self.env["performance.budget.forecast"].sudo()._refresh(self.company)
        seen = self.env["performance.budget.forecast.line"].sudo()
        seen = seen.search([("line_id", "=", self.line_hotel_sales.id)])
        self.assertTrue(seen)
        self.env.flush_all()
        self.env.cr.execute(
            """UPDATE performance_budget_forecast_line SET amount_expected = 400
                WHERE id = ANY(%s)""",
            [seen.ids],
        )
        seen.invalidate_recordset()
        self._create_entry(1000, day="2026-05-05")
        self._flush()
        self.round.action_open()
        line = self._propose(self.proposal_sales, "hotel", 1500)
        self.assertEqual(line.last_expected, 1000)

    def test_projects_belong_to_the_key_of_a_line(self):
        self.round.action_open()
        alpha = self._propose(
            self.proposal_sales,
            "training",
            2400,
            analytic_account_ids=[(6, 0, self.project_alpha.ids)],
        )
        self.assertEqual(alpha.base_line_id.sudo(), self.line_training_alpha)
        plain = self._propose(self.proposal_sales, "training", 100)
        self.assertFalse(plain.base_line_id)
        self.assertEqual(plain.risk, "new")
        self.assertEqual(alpha.pool_line_id, plain)
        self.assertEqual(self.proposal_sales.amount_proposed, 100)
        with self.assertRaises(ValidationError):
            plain.analytic_account_ids = self.centre_sales
        self.assertEqual(alpha.analytic_key, str(self.project_alpha.id))

    def test_quantity_times_price_is_the_amount(self):
        self.round.action_open()
        line = self._propose(
            self.proposal_sales, "hotel", 0, quantity=12, unit_price=33.335
        )
        self.assertEqual(line.amount, 400.02)
        line.quantity = 2
        self.assertEqual(line.amount, 66.67)
        with self.assertRaises(ValidationError):
            line.amount = 5
        line.write({"quantity": 0, "amount": 5})
        self.assertEqual(line.amount, 5)

    def test_incomplete_proposals_are_refused_with_all_reasons(self):
        self.round.action_open()
        proposal = self.proposal_sales.with_user(self.user_owner)
        with self.assertRaisesRegex(ValidationError, "no lines"):
            proposal.action_submit()
        self._propose(proposal, "hotel", 0, justification=" ")
        with self.assertRaises(ValidationError) as caught:
            proposal.action_submit()
        self.assertEqual(str(caught.exception).count("Hotel"), 2)

    def test_sent_back_the_iteration_before_stays_readable(self):
        self.round.action_open()
        line = self._propose(self.proposal_sales, "hotel", 5000, distribution="hand")
        line.month_ids[0].amount = 100
        other = self._propose(self.proposal_sales, "flight", 2400)
        amount = line.amount
        months = line.month_ids.mapped("amount")
        self.proposal_sales.with_user(self.user_owner).action_submit()
        wizard = (
            self.env["performance.budget.proposal.return"]
            .with_user(self.user_officer)
            .create(
                {
                    "round_id": self.round.id,
                    "proposal_id": self.proposal_sales.id,
                    "reason": "Too much",
                    "line_ids": [(6, 0, line.ids)],
                }
            )
        )
        wizard.action_confirm()
        following = self._proposal(self.sales)
        self.assertEqual(following.iteration, 2)
        self.assertEqual(following.state, "draft")
        self.assertEqual(self.proposal_sales.state, "returned")
        self.assertFalse(self.proposal_sales.is_current)
        self.assertEqual(following.earlier_ids, self.proposal_sales)
        self.assertEqual(following.return_reason_before, "Too much")
        copy = following.line_ids.filtered(lambda x: x.previous_line_id == line)
        self.assertEqual(copy.return_reason, "Too much")
        self.assertFalse((following.line_ids - copy).return_reason)
        self.assertEqual(copy.month_ids.mapped("amount"), months)
        # the copy changes, what was submitted does not
        copy.with_user(self.user_owner).write({"distribution": "even", "amount": 4000})
        self.assertEqual(line.amount, amount)
        self.assertEqual(line.month_ids.mapped("amount"), months)
        self.assertEqual(copy.previous_amount, amount)
        self.assertEqual(following.amount_proposed, 6400)
        for kept in (line, other):
            with self.assertRaises(UserError):
                kept.with_user(self.user_owner).amount = 1
        with self.assertRaises(UserError):
            self.proposal_sales.with_user(self.user_officer).unlink()

    def test_levels_decide_and_one_budget_is_made(self):
        self._agree()
        self.assertEqual(self.round.state, "agreed")
        budget = self.round.budget_id
        self.assertEqual(budget.round_id, self.round)
        self.assertEqual(budget.state, "approved")
        self.assertEqual(budget.amount_planned, 9000)
        line = budget.line_ids.filtered(lambda x: x.department_id == self.sales)
        self.assertEqual(line.analytic_account_ids, self.centre_sales)
        self.assertEqual(line.position_id, self.position_hotel)
        self.assertEqual(line.owner_id, self.user_owner)
        self.assertEqual(len(line.allocation_ids), 12)
        self.assertEqual(sum(line.allocation_ids.mapped("amount_planned")), 5000)
        self.assertEqual(self.proposal_sales.line_ids.budget_line_id, line)
        with self.assertRaises(UserError):
            self.round.with_user(self.user_manager).action_approve()
        self.assertEqual(
            self.env["performance.budget"].search_count(
                [("round_id", "=", self.round.id)]
            ),
            1,
        )

    def test_granting_twice_makes_one_budget(self):
        self._agree()
        budget = self.round.budget_id
        self.round.sudo()._on_granted()
        self.assertEqual(self.round.budget_id, budget)

    def test_what_cannot_be_in_force_stays_a_draft_with_the_reason(self):
        self.round.action_open()
        company = self._proposal(self.env["hr.department"])
        self._propose(company, "travel", 3000, user=self.user_officer)
        company.with_user(self.user_officer).action_submit()
        company.with_user(self.user_officer).action_accept()
        for department in (self.proposal_sales, self.proposal_making):
            department.with_user(self.user_officer).unlink()
        self.round.action_consolidate()
        self.round.action_request()
        self.round.with_user(self.user_second).action_approve()
        self.round.with_user(self.user_manager).action_approve()
        self.assertEqual(self.round.state, "agreed")
        self.assertEqual(self.round.budget_id.state, "draft")
        self.assertIn("planned for the same months", self.round.message_ids[0].body)

    def test_nobody_decides_on_his_own_request_or_twice(self):
        self._accept_all()
        self.round.action_request()
        with self.assertRaisesRegex(UserError, "own request"):
            self.round.action_approve()
        self.assertIn(self.user_second.name, self.round.waiting_for)
        self.assertNotIn(self.user_officer.name, self.round.waiting_for)
        with self.assertRaises(UserError):
            self.round.with_user(self.user_owner).action_approve()
        self.round.with_user(self.user_second).action_approve()
        self.assertNotIn(self.user_second.name, self.round.waiting_for)
        with self.assertRaises(UserError):
            self.round.with_user(self.user_second).action_approve()
        self.assertEqual(self.round.state, "approval")

    def test_incomplete_rounds_do_not_reach_the_levels(self):
        self.round.action_open()
        self._propose(self.proposal_sales, "hotel", 5000)
        self.round.action_consolidate()
        with self.assertRaisesRegex(UserError, "Sales"):
            self.round.action_request()

    def test_levels_send_back_and_earlier_decisions_count_no_more(self):
        self._accept_all()
        self.round.action_request()
        self.round.with_user(self.user_second).action_approve()
        action = self.round.with_user(self.user_manager).action_return()
        wizard = (
            self.env["performance.budget.proposal.return"]
            .with_user(self.user_manager)
            .with_context(**action["context"])
            .create({"reason": "Save ten percent"})
        )
        wizard.action_confirm()
        self.assertEqual(self.round.state, "consolidation")
        self.assertEqual(len(self.round.decision_ids), 2)
        self.round.action_request()
        self.assertIn(self.user_second.name, self.round.waiting_for)

    def test_a_change_after_a_decision_is_noticed(self):
        self._accept_all()
        self.round.action_request()
        self.round.with_user(self.user_second).action_approve()
        self.proposal_sales.line_ids.sudo().amount = 1
        with self.assertRaisesRegex(UserError, "changed after a decision"):
            self.round.with_user(self.user_manager).action_approve()

    def test_nothing_changes_while_the_levels_decide(self):
        self._accept_all()
        frame = self._frame(10000)
        self.round.action_request()
        line = self.proposal_sales.line_ids
        for change in (
            lambda: line.with_user(self.user_officer).write({"amount": 1}),
            lambda: line.with_user(self.user_officer).write({"finance_note": "?"}),
            lambda: line.with_user(self.user_owner).unlink(),
            lambda: self._propose(self.proposal_sales, "flight", 1),
            lambda: frame.write({"amount": 1}),
            lambda: self.round.write({"name": "Other"}),
            lambda: self.proposal_sales.with_user(self.user_owner).action_take_back(),
        ):
            with self.assertRaises(UserError):
                change()
        self.round.action_withdraw()
        line.with_user(self.user_officer).finance_note = "Fine"
