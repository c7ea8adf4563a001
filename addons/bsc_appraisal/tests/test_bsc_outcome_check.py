from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.bsc_appraisal.tests.consequence_common import ConsequenceCommon


@tagged("post_install", "-at_install")
class TestBscOutcomeCheck(ConsequenceCommon):
    def _decide(self, card, reason, user):
        action = card.with_user(user).action_decide_no_outcome()
        wizard = (
            self.env["bsc.outcome.none"]
            .with_user(user)
            .with_context(**action["context"])
            .create({"reason": reason})
        )
        wizard.action_confirm()

    def test_a_word_why_ends_the_search_and_can_be_taken_back(self):
        card = self.cards["bert"]
        self._decide(card, "Was promoted in March.", self.officer)
        self.assertEqual(card.outcome_state, "done")
        outcome = card.outcome_ids
        self.assertRecordValues(
            outcome,
            [
                {
                    "kind": "none",
                    "state": "applied",
                    "reason": "Was promoted in March.",
                    "user_id": self.officer.id,
                }
            ],
        )
        with self.assertRaisesRegex(UserError, "already"):
            self._decide(card, "Again", self.officer)
        outcome.with_user(self.officer).action_reconsider()
        self.assertEqual(card.outcome_state, "missing")

    def test_only_officers_and_not_on_their_own(self):
        card = self.cards["bert"]
        for user in (self.users["lead"], self.users["bert"], self.auditor):
            with self.assertRaises(UserError):
                card.with_user(user).action_decide_no_outcome()
        with self.assertRaisesRegex(UserError, "Say why"):
            self._decide(card, "  ", self.officer)
        self.users["bert"].group_ids |= self.env.ref(
            "bsc_appraisal.group_appraisal_officer"
        )
        with self.assertRaisesRegex(UserError, "nobody on his own"):
            card.with_user(self.users["bert"]).action_decide_no_outcome()
        with self.assertRaises(AccessError):
            self.env["bsc.outcome"].with_user(self.officer).create(
                {"scorecard_id": card.id, "kind": "none", "state": "applied"}
            )

    def test_open_consequences_show_their_age(self):
        plan = self._create_plan()
        outcome = plan.scorecard_id.outcome_ids
        outcome.flush_recordset()
        self.cr.execute(
            "UPDATE bsc_outcome SET create_date = '2026-07-10' WHERE id = %s",
            [outcome.id],
        )
        outcome.invalidate_recordset()
        self.assertEqual(outcome.days_open, 10)
        outcome.sudo().state = "applied"
        self.assertEqual(outcome.days_open, 0)
        with self.assertRaisesRegex(UserError, "other consequences"):
            outcome.with_user(self.officer).action_reconsider()

    def test_public_methods_are_the_known_ones(self):
        self._check_public(
            {
                "bsc.outcome": {"action_open_document", "action_reconsider"},
                "bsc.nomination": {"action_approve", "action_done", "action_drop"},
            }
        )


@tagged("post_install", "-at_install")
class TestBscNomination(ConsequenceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employees["lead"].department_id = cls.mill
        cls.more = cls._publish_next({"anna": 95, "bert": 95, "lead": 105})
        cls.next_cycle = cls.more["anna"].cycle_id

    def _make(self, user=None, **values):
        wizard = (
            self.env["bsc.nomination.make"]
            .with_user(user or self.officer)
            .create({"cycle_id": self.next_cycle.id, **values})
        )
        action = wizard.action_make()
        return self.env["bsc.nomination"].search(action["domain"])

    def test_equal_results_are_not_torn_apart(self):
        found = self._make(scope="department", places=1)
        self.assertEqual(
            {one.employee_id.name: one.rank for one in found},
            {"Anna": 1, "Bert": 1, "Lead": 1},
        )
        best = self._make(scope="company", places=2, kind="training")
        self.assertEqual(
            {one.employee_id.name: one.rank for one in best},
            {"Lead": 1, "Anna": 2, "Bert": 2},
        )
        with self.assertRaisesRegex(UserError, "Nobody new"):
            self._make(scope="company", places=2, kind="training")
        only = self._make(scope="company", grade_id=self.grades["A"].id)
        self.assertEqual(only.employee_id, self.employees["lead"])

    def test_the_outcome_follows(self):
        lead = self._make(scope="company")
        outcome = self.more["lead"].outcome_ids
        self.assertEqual((outcome.kind, outcome.state), ("recognition", "proposed"))
        with self.assertRaisesRegex(UserError, "manager approves"):
            lead.with_user(self.officer).action_approve()
        lead.with_user(self.manager).action_approve()
        self.assertEqual(outcome.state, "approved")
        lead.with_user(self.officer).action_done()
        self.assertEqual(outcome.state, "applied")
        with self.assertRaises(UserError):
            lead.with_user(self.officer).action_drop()

    def test_the_letter_tells_no_figures(self):
        lead = self._make(scope="company")
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "bsc_appraisal.bsc_nomination_letter", lead.ids
        )
        text = html.decode()
        self.assertIn("Lead", text)
        self.assertIn("Best of the company", text)
        self.assertNotIn("105.0", text)
        self.assertNotIn("Grade A", text)

    def test_who_sees_it_when(self):
        lead = self._make(scope="company")
        people = (
            *(self.users[name] for name in ("lead", "chief", "anna", "stranger")),
            *(self.officer, self.auditor),
        )

        def seers():
            return {
                user.login
                for user in people
                if lead.with_user(user).search([("id", "=", lead.id)])
            }

        before = {"bsc_chief", "bsc_officer", "bsc_auditor"}
        self.assertEqual(seers(), before)
        lead.with_user(self.manager).action_approve()
        self.assertEqual(seers(), before | {"bsc_lead"})
        elsewhere = self.env["res.company"].create({"name": "Hill Farms"})
        foreigner = self._create_user(
            "hill", "bsc_appraisal.group_appraisal_manager", elsewhere
        )
        self.assertFalse(lead.with_user(foreigner).search([("id", "=", lead.id)]))

    def test_clients_neither_create_nor_change_them(self):
        lead = self._make(scope="company")
        for vals in ({"state": "done"}, {"rank": 9}, {"scorecard_id": 1}):
            with self.assertRaises(AccessError), self.cr.savepoint():
                lead.with_user(self.manager).write(vals)
        with self.assertRaises(AccessError):
            lead.with_user(self.manager).create(
                {
                    "name": "Mine",
                    "kind": "award",
                    "scope": "company",
                    "scorecard_id": self.more["anna"].id,
                }
            )
        with self.assertRaises(UserError):
            self._make(user=self.users["lead"])
