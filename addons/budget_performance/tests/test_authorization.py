from datetime import date, timedelta

import psycopg2

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import BudgetCommon


@tagged("post_install", "-at_install")
class TestAuthorization(BudgetCommon):
    """A held claim asks, the levels decide, the claim goes on (B4, B6, B18)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Level = cls.env["performance.budget.authorization.level"]
        Level.search([]).active = False
        cls.level_owner, cls.level_finance, cls.level_manager = Level.create(
            [
                {
                    "name": "Owner",
                    "sequence": 10,
                    "approver": "owner",
                    "company_id": cls.company.id,
                },
                {
                    "name": "Finance",
                    "sequence": 20,
                    "group_id": cls.env.ref(
                        "budget_performance.group_budget_officer"
                    ).id,
                    "amount_from": 500,
                    "company_id": cls.company.id,
                },
                {
                    "name": "Management",
                    "sequence": 30,
                    "group_id": cls.env.ref(
                        "budget_performance.group_budget_manager"
                    ).id,
                    "amount_from": 2000,
                    "company_id": cls.company.id,
                },
            ]
        )
        # Room: the line holds from 80 % on, and takes nothing above its plan.
        cls.line = cls.line_hotel_sales
        cls.plan = cls.line.amount_planned
        cls._create_entry(cls.plan * 0.75, cls.account_hotel, "2026-03-02")
        cls._flush()

    def _held_claim(self, share=0.1, **values):
        claim = self._create_claim(
            total_amount_currency=round(self.plan * share, 2), **values
        )
        return claim.with_user(self.user_employee)

    def _ask(self, claim, reason="The fair was moved"):
        return self.env["performance.budget.authorization"].browse(
            self.env["performance.budget.authorization"]
            .with_user(claim.env.user)
            ._request(claim, reason, claim._get_authorization_needs())
            .id
        )

    def _grant(self, request, *users):
        for user in users:
            request.with_user(user).action_grant()

    def test_granted_by_all_levels_the_claim_submits_itself(self):
        claim = self._held_claim(0.15)
        self.level_finance.amount_from = self.plan * 0.1
        self.level_manager.amount_from = self.plan
        with self._refused("Hotel", "80"):
            claim.action_submit()
        request = self._ask(claim)
        self.assertEqual(request.waiting_for, self.user_owner.name)
        self._grant(request, self.user_owner)
        self.assertEqual(request.state, "requested")
        self.assertFalse(claim.approval_state)
        self._grant(request, self.user_officer)
        self.assertEqual(request.state, "granted")
        self.assertEqual(claim.approval_state, "submitted")
        self._flush()
        self.assertEqual(
            self._held(self.line, claim), {(3, "reserved"): claim.total_amount}
        )
        self.assertEqual(
            request.decision_ids.mapped("user_id"), self.user_owner | self.user_officer
        )

    def test_the_requester_is_told(self):
        claim = self._held_claim()
        self.level_finance.amount_from = self.plan
        request = self._ask(claim)
        self._grant(request, self.user_owner)
        message = request.message_ids.filtered(
            lambda m: self.user_employee.partner_id in m.partner_ids
        )
        self.assertIn("authorised", message.body)

    def test_nobody_decides_his_own_request(self):
        claim = self._held_claim()
        request = self._ask(claim)
        with self.assertRaisesRegex(UserError, "own request|rights|allowed"):
            request.with_user(self.user_employee).action_grant()
        # Asked by somebody else for him, he still does not decide.
        own = self._create_claim(
            employee_id=self.emp_owner.id,
            total_amount_currency=round(self.plan * 0.1, 2),
        )
        request = self._ask(own.with_user(self.user_manager))
        with self.assertRaisesRegex(UserError, "own request"):
            request.with_user(self.user_owner).action_grant()

    def test_an_owner_who_asks_is_replaced_by_management(self):
        claim = self._create_claim(
            employee_id=self.emp_owner.id,
            total_amount_currency=round(self.plan * 0.1, 2),
        ).with_user(self.user_owner)
        self.level_finance.amount_from = self.plan
        request = self._ask(claim)
        self.assertIn(self.user_manager.name, request.waiting_for)
        self._grant(request, self.user_manager)
        self.assertEqual(request.state, "granted")

    def test_nobody_decides_on_two_levels(self):
        self.line.owner_id = self.user_officer
        self.level_finance.amount_from = 1
        claim = self._held_claim()
        request = self._ask(claim)
        self._grant(request, self.user_officer)
        with self.assertRaisesRegex(UserError, "another level"):
            request.with_user(self.user_officer).action_grant()
        self.assertEqual(request.state, "requested")

    def test_nobody_decides_on_two_levels_at_the_same_place(self):
        self.level_finance.write({"sequence": 10, "amount_from": 1})
        self.line.owner_id = self.user_officer
        request = self._ask(self._held_claim())
        self._grant(request, self.user_officer)
        self.assertEqual(len(request.decision_ids), 1)
        self.assertEqual(request.state, "requested")
        with self.assertRaisesRegex(UserError, "another level"):
            request.with_user(self.user_officer).action_grant()
        self._grant(request, self.user_manager)  # a finance officer as well
        self.assertEqual(request.state, "granted")

    def test_levels_decide_in_their_order(self):
        self.level_finance.amount_from = 1
        request = self._ask(self._held_claim())
        with self.assertRaisesRegex(UserError, "not your turn"):
            request.with_user(self.user_officer).action_grant()

    def test_refused_the_claim_stays(self):
        claim = self._held_claim()
        request = self._ask(claim)
        own = request.with_user(self.user_owner)
        Wizard = self.env["performance.budget.authorization.refuse"]
        wizard = Wizard.with_user(self.user_owner).with_context(
            **own.action_refuse()["context"]
        )
        wizard.create({"comment": "Not this quarter"}).action_refuse()
        self.assertEqual(request.state, "refused")
        self.assertIn("Not this quarter", request.message_ids[0].body)
        self.assertFalse(claim.approval_state)
        with self._refused("80"):
            claim.action_submit()
        with self.assertRaisesRegex(UserError, "decided already"):
            request.with_user(self.user_owner).action_grant()

    def test_a_claim_that_grew_asks_again(self):
        claim = self._held_claim()
        self.level_finance.amount_from = self.plan
        request = self._ask(claim)
        claim.total_amount_currency += 1
        self._grant(request, self.user_owner)
        self.assertEqual(request.state, "granted")
        self.assertFalse(claim.approval_state, "it went on with another amount")
        with self._refused("80"):
            claim.action_submit()
        claim.total_amount_currency -= 1
        claim.action_submit()
        self._flush()
        self.assertEqual(claim.approval_state, "submitted")
        with self._refused("80"):  # the manager may edit it, not past what was granted
            claim.with_user(self.user_manager).total_amount_currency += 1

    def test_another_claim_cannot_use_it(self):
        claim = self._held_claim()
        self.level_finance.amount_from = self.plan
        self._grant(self._ask(claim), self.user_owner)
        with self._refused("80"):
            self._held_claim(0.01).action_submit()

    def test_it_expires(self):
        claim = self._held_claim()
        self.level_finance.amount_from = self.plan
        request = self._ask(claim)
        self._grant(request, self.user_owner)
        self._flush()
        claim.action_reset()
        self._flush()
        request.sudo().date_expiry = fields.Date.today() - timedelta(days=1)
        with self._refused("80"):
            claim.action_submit()

    def test_it_never_passes_a_block(self):
        claim = self._held_claim(0.2)
        self.level_finance.amount_from = self.level_manager.amount_from = self.plan
        request = self._ask(claim)
        self._create_entry(self.plan * 0.1, self.account_hotel, "2026-03-04")
        self._flush()
        self._grant(request, self.user_owner)
        self.assertFalse(claim.approval_state, "it passed the plan")
        with self._refused("100"):
            claim.action_submit()
        with self.assertRaisesRegex(UserError, "above the plan"):
            self._held_claim(0.5)._get_authorization_needs()

    def test_asking_twice_and_without_reason_is_refused(self):
        claim = self._held_claim()
        with self.assertRaisesRegex(ValidationError, "why"):
            self._ask(claim, "  ")
        self._ask(claim)
        with self.assertRaisesRegex(ValidationError, "waiting"):
            self._ask(claim)

    def test_the_dialog_asks(self):
        claim = self._held_claim().with_context(budget_performance_dialog=True)
        action = claim.action_submit()
        self.assertEqual(action["res_model"], "performance.budget.check")
        self.assertFalse(claim.approval_state)
        check = self.env["performance.budget.check"].with_user(self.user_employee)
        check = check.browse(action["res_id"])
        self.assertTrue(check.can_request)
        check.reason = "The customer moved the date"
        check.action_request()
        request = self.env["performance.budget.authorization"].search(
            [("res_id", "=", claim.id), ("res_model", "=", "hr.expense")]
        )
        self.assertEqual(request.state, "requested")
        self.assertIn("authorization", claim.budget_alerts)
        with self.assertRaises(AccessError):
            check.write({"action": "alert"})

    def test_the_employee_sees_his_own_requests_only(self):
        mine = self._ask(self._held_claim())
        other = self._create_claim(
            employee_id=self.emp_owner.id,
            total_amount_currency=round(self.plan * 0.1, 2),
        )
        others = self._ask(other.with_user(self.user_manager))
        seen = self.env["performance.budget.authorization"].with_user(
            self.user_employee
        )
        self.assertEqual(seen.search([("id", "in", (mine | others).ids)]).sudo(), mine)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_clients_write_no_state_and_no_decision(self):
        request = self._ask(self._held_claim())
        Decision = self.env["performance.budget.authorization.decision"]
        values = {
            "authorization_id": request.id,
            "company_id": self.company.id,
            "level_id": self.level_owner.id,
            "decision": "granted",
            "fingerprint": "x",
            "user_id": self.user_owner.id,
        }
        for user in (self.user_employee, self.user_owner, self.user_manager):
            own = request.with_user(user)
            for name, attempt in {
                "state": lambda own=own: own.write({"state": "granted"}),
                "expiry": lambda own=own: own.write({"date_expiry": "2030-01-01"}),
                "document": lambda own=own: own.write({"res_id": 1}),
                "create": lambda own=own: own.create(
                    {**own.copy_data()[0], "state": "granted"}
                ),
                "line": lambda own=own: own.line_ids.write({"amount": 1e6}),
                "decision": lambda user=user: Decision.with_user(user).create(values),
                "delete": lambda own=own: own.unlink(),
            }.items():
                with (
                    self.subTest(user=user.login, attempt=name),
                    self.assertRaises(UserError),
                ):
                    attempt()
        self.assertEqual(request.state, "requested")

    @mute_logger("odoo.sql_db")
    def test_decisions_are_append_only_in_the_database(self):
        claim = self._held_claim()
        request = self._ask(claim)
        self._grant(request, self.user_owner)
        decision = request.decision_ids[0]
        with self.assertRaises(UserError):
            decision.sudo().decision = "refused"
        with self.assertRaises(UserError):
            decision.sudo().unlink()
        for query in (
            "UPDATE performance_budget_authorization_decision SET comment = 'x'",
            "DELETE FROM performance_budget_authorization_decision",
        ):
            with (
                self.subTest(query=query),
                self.assertRaises(psycopg2.Error),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(query)

    def test_values_changed_after_a_decision_void_it(self):
        self.level_finance.amount_from = 1
        request = self._ask(self._held_claim())
        self._grant(request, self.user_owner)
        request.sudo().line_ids.amount += 100
        with self.assertRaisesRegex(UserError, "changed after"):
            self._grant(request, self.user_officer)
        self.assertEqual(request.state, "requested")

    def test_a_date_in_another_month_is_another_request(self):
        claim = self._held_claim()
        self.level_finance.amount_from = self.plan
        request = self._ask(claim)
        claim.date = date(2026, 4, 10)
        self._grant(request, self.user_owner)
        self.assertFalse(claim.approval_state)

    def test_two_lines_need_both_owners(self):
        self._create_entry(
            self.line_travel.amount_planned * 0.8 - self.line_travel.amount_used,
            self.account_taxi,
            "2026-03-05",
        )
        self._flush()
        self.line_travel.owner_id = self.user_auditor
        self.level_finance.amount_from = self.line_travel.amount_planned
        request = self._ask(self._held_claim())
        self.assertEqual(request.line_ids.line_id, self.line | self.line_travel)
        self._grant(request, self.user_owner)
        self.assertEqual(request.state, "requested")
        self._grant(request, self.user_auditor)
        self.assertEqual(request.state, "granted")

    def test_taken_back_it_is_closed(self):
        request = self._ask(self._held_claim())
        with self.assertRaises(UserError):
            request.with_user(self.user_owner).action_cancel()
        request.with_user(self.user_employee).action_cancel()
        self.assertEqual(request.state, "cancelled")
        with self.assertRaises(UserError):
            request.with_user(self.user_owner).action_grant()

    def test_a_level_without_group_is_refused(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.CheckViolation),
            self.env.cr.savepoint(),
        ):
            self.level_finance.write({"group_id": False})
            self._flush()
        self.assertTrue(self.level_finance.group_id.all_user_ids)
