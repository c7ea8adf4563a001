from datetime import date, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.bsc_appraisal.tests.scorecard_common import ScorecardCommon


class TargetCommon(ScorecardCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna, cls.lead = cls.users["anna"], cls.users["lead"]
        cls.card = cls._create_card([(cls.income, 100, None)], employee="anna")
        cls.line = cls.card.line_ids

    def _propose(self, user, value, **values):
        return (
            self.env["bsc.target.proposal"]
            .with_user(user)
            .create({"line_id": self.line.id, "value": value, **values})
        )


@tagged("post_install", "-at_install")
class TestConsultation(TargetCommon):
    def test_rounds_go_on_until_both_accept(self):
        """P6: value, reason and resources of every round are kept."""
        first = self._propose(self.lead, 120, reason="Last year was 110.")
        self.assertEqual(self.line.target_status, "superior")
        second = self._propose(
            self.anna,
            105,
            reason="One machine stands still.",
            resource_note="Repair",
            resource_amount=5000,
        )
        self.assertEqual(self.line.target_status, "subordinate")
        third = self._propose(self.lead, 110, reason="Repair is granted.")
        self.assertFalse(self.line.with_user(self.lead).can_accept)
        self.line.with_user(self.anna).action_accept_target()
        self.assertRecordValues(
            first | second | third,
            [
                {"round": 1, "side": "superior", "answer": "countered"},
                {"round": 2, "side": "subordinate", "answer": "countered"},
                {"round": 3, "side": "superior", "answer": "accepted"},
            ],
        )
        self.assertRecordValues(
            self.line, [{"target": 110.0, "target_status": "agreed"}]
        )
        self.assertRecordValues(
            self.line.target_ids,
            [
                {
                    "value": 110.0,
                    "origin": "agreed",
                    "date_effective": date(2026, 1, 1),
                    "user_id": self.lead.id,
                    "proposal_id": third.id,
                }
            ],
        )
        self.card.with_user(self.lead).action_agree()
        self.assertEqual(self.card.state, "agreed")

    def test_typing_a_target_is_a_proposal(self):
        self.line.with_user(self.lead).target = 130
        self.assertEqual(self.line.target_status, "superior")
        self.assertEqual(self.line.proposal_ids.user_id, self.lead)
        self.assertFalse(self.line.target_ids)
        with self.assertRaisesRegex(UserError, "Targets not agreed yet"):
            self.card.with_user(self.lead).action_agree()
        self.card.with_user(self.anna).action_accept_targets()
        self.assertEqual(self.line.target_status, "agreed")

    def test_nobody_accepts_his_own_proposal_or_anothers_target(self):
        self._propose(self.lead, 120)
        for user in (self.lead, self.officer):
            with self.assertRaisesRegex(UserError, "the other side's"):
                self.line.with_user(user).action_accept_target()
        with self.assertRaises(AccessError):
            self.line.with_user(self.users["bert"]).action_accept_target()
        self.assertEqual(self.line.target_status, "superior")

    def test_strangers_and_those_above_have_no_say(self):
        for name in ("chief", "bert", "stranger"):
            with self.subTest(name), self.assertRaises(AccessError):
                self._propose(self.users[name], 1)
        with self.assertRaises(AccessError):
            self._propose(self.auditor, 1)

    def test_side_author_and_answer_cannot_be_forged(self):
        for values in (
            {"side": "superior"},
            {"user_id": self.lead.id},
            {"answer": "accepted"},
            {"date": "2020-01-01"},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                self._propose(self.anna, 1, **values)
        proposal = self._propose(self.anna, 1)
        with self.assertRaises(UserError):
            proposal.write({"value": 2})
        with self.assertRaises(AccessError):
            proposal.unlink()

    def test_decision_comes_after_the_deadline_with_a_reason_and_is_recorded(self):
        """P6: nobody's final word is imposed unrecorded."""
        self._propose(self.lead, 120)
        self.cycle.date_plan_end = fields.Date.today()
        with self.assertRaisesRegex(ValidationError, "to agree"):
            self._propose(self.manager, 115, is_decision=True, reason="Enough.")
        self.cycle.date_plan_end = fields.Date.today() - timedelta(days=1)
        with self.assertRaisesRegex(ValidationError, "Say why"):
            self._propose(self.manager, 115, is_decision=True)
        for user in (self.lead, self.anna, self.officer):
            with self.assertRaises(AccessError):
                self._propose(user, 115, is_decision=True, reason="I say so.")
        decision = self._propose(self.manager, 115, is_decision=True, reason="Enough.")
        self.assertRecordValues(decision, [{"side": "decision", "answer": "final"}])
        self.assertRecordValues(
            self.line, [{"target": 115.0, "target_status": "decided"}]
        )
        self.assertEqual(self.line.target_ids.reason, "Enough.")

    def test_whose_turn_it_is_has_a_task_with_the_deadline(self):
        self._propose(self.lead, 120)
        self.assertRecordValues(
            self.card.activity_ids,
            [{"user_id": self.anna.id, "date_deadline": self.cycle.date_plan_end}],
        )
        self._propose(self.anna, 100)
        self.assertEqual(self.card.activity_ids.user_id, self.lead)

    def test_whose_turn_it_is_is_reminded_before_the_deadline(self):
        self._propose(self.lead, 120)
        self.card.activity_ids.unlink()
        self.cycle.date_plan_end = fields.Date.today() + timedelta(days=3)
        Cron = type(self.env["ir.cron"])
        for _night in range(2):
            with patch.object(Cron, "_commit_progress", lambda *a, **k: 1000.0):
                self.env["bsc.scorecard"]._cron_escalate()
        self.assertRecordValues(self.card.activity_ids, [{"user_id": self.anna.id}])

    def test_no_agreement_in_time_is_escalated_once(self):
        self._propose(self.lead, 120)
        self.cycle.date_plan_end = fields.Date.today() - timedelta(days=1)
        Cron = type(self.env["ir.cron"])
        for _night in range(2):
            with patch.object(Cron, "_commit_progress", lambda *a, **k: 1000.0):
                self.env["bsc.scorecard"]._cron_escalate()
        escalated = self.card.activity_ids.filtered(
            lambda task: task.user_id == self.manager
        )
        self.assertEqual(len(escalated), 1)

    def test_where_nobody_answers_the_superior_word_counts(self):
        company = self._create_card([(self.income, 100, None)])
        company.line_ids.with_user(self.officer).target = 500
        self.assertEqual(company.line_ids.target_status, "agreed")
        self.assertEqual(company.line_ids.proposal_ids.answer, "accepted")

    def test_what_is_no_number_is_refused(self):
        for value in (float("nan"), float("inf"), 1e300, "abc"):
            with self.subTest(value), self.assertRaisesRegex(UserError, "reasonable"):
                self._propose(self.lead, value)
                self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.line.target_status, "open")


@tagged("post_install", "-at_install")
class TestTargetChange(TargetCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line._set_target(100, "agreed")
        cls._run(cls.card)

    def _request(self, user, value=80, **values):
        defaults = {
            "line_id": self.line.id,
            "value": value,
            "date_effective": date(2026, 4, 1),
            "reason": "The mill was flooded.",
        }
        return (
            self.env["bsc.target.change"].with_user(user).create({**defaults, **values})
        )

    def test_an_agreed_target_changes_only_by_an_approved_request(self):
        """P6: dated, with reason; the old target stays in the history."""
        with self.assertRaises(UserError):
            self.line.with_user(self.lead).target = 80
        with self.assertRaisesRegex(ValidationError, "request a change"):
            self.env["bsc.target.proposal"].with_user(self.lead).create(
                {"line_id": self.line.id, "value": 80}
            )
        change = self._request(self.anna)
        self.assertEqual(change.activity_ids.user_id, self.lead)
        self.assertEqual(self.line.target, 100.0)
        change.with_user(self.lead).action_approve()
        self.assertRecordValues(
            change,
            [{"state": "approved", "old_value": 100.0, "requester_id": self.anna.id}],
        )
        self.assertEqual(self.line.target, 80.0)
        self.assertRecordValues(
            self.line.target_ids,
            [
                {"value": 100.0, "date_effective": date(2026, 1, 1)},
                {"value": 80.0, "date_effective": date(2026, 4, 1)},
            ],
        )
        notified = self.env["mail.message"].search(
            [("model", "=", change._name), ("res_id", "=", change.id)]
        )
        self.assertIn(self.anna.partner_id, notified.notified_partner_ids)

    def test_who_asks_and_the_subject_do_not_decide(self):
        rows = [
            (self.lead, self.lead, "his own request"),
            (self.officer, self.anna, "his own target"),
            (self.anna, self.officer, "appraiser or an appraisal manager"),
        ]
        for requester, decider, reason in rows:
            change = self._request(requester)
            with self.subTest(reason):
                self.assertFalse(change.with_user(decider).can_decide)
                for action in ("action_approve", "action_refuse"):
                    with self.assertRaisesRegex(UserError, reason):
                        getattr(change.with_user(decider), action)()
            change.with_user(requester).action_cancel()
        self.assertEqual(self.line.target, 100.0)

    def test_a_request_is_applied_once(self):
        change = self._request(self.anna)
        change.with_user(self.manager).action_approve()
        with self.assertRaisesRegex(UserError, "decided already"):
            change.with_user(self.manager).action_approve()
        with self.assertRaisesRegex(UserError, "decided already"):
            change.sudo()._apply()

    def test_strangers_ask_for_nothing_and_nobody_forges(self):
        for name in ("bert", "stranger", "chief"):
            with self.subTest(name), self.assertRaises(AccessError):
                self._request(self.users[name])
        for values in ({"state": "approved"}, {"requester_id": self.lead.id}):
            with self.subTest(values), self.assertRaises(AccessError):
                self._request(self.anna, **values)
        change = self._request(self.anna)
        for values in ({"state": "approved"}, {"value": 1.0}):
            for user in (self.anna, self.lead, self.manager):
                with self.assertRaises(UserError):
                    change.with_user(user).write(values)

    def test_the_day_lies_in_the_cycle_and_a_reason_is_given(self):
        for values in ({"date_effective": date(2026, 7, 1)}, {"reason": " "}):
            with self.subTest(values), self.assertRaises(ValidationError):
                self._request(self.anna, **values)

    def test_history_is_only_added_to(self):
        for user in (self.manager, self.env.ref("base.user_admin")):
            for attempt in (
                lambda target: target.write({"value": 1}),
                lambda target: target.unlink(),
            ):
                with self.assertRaises(UserError):
                    attempt(self.line.target_ids.with_user(user))
        with self.assertRaises(UserError):
            self.line.target_ids.sudo().unlink()
