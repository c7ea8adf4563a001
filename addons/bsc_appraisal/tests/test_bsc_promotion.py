from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.bsc_appraisal.tests.consequence_common import ConsequenceCommon


class PromotionCommon(ConsequenceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreman = cls.env["hr.job"].create(
            {
                "name": "Foreman",
                "company_id": cls.company.id,
                "department_id": cls.mill.id,
            }
        )
        cls.rule = cls.env["bsc.promotion.rule"].create(
            {
                "name": "Foremen",
                "company_id": cls.company.id,
                "job_id": cls.foreman.id,
                "months_in_post": 6,
            }
        )
        for name in ("anna", "bert", "lead"):
            cls.employees[name].version_ids.date_version = date(2025, 1, 1)
        cls.listing = cls.env["bsc.promotion.list"].create(
            {
                "company_id": cls.company.id,
                "job_id": cls.foreman.id,
                "scope_id": cls.mill.id,
                "date_effective": date(2026, 9, 1),
            }
        )

    def _compute(self):
        self.listing.with_user(self.officer).action_compute()
        return {
            candidate.employee_id: candidate
            for candidate in self.listing.candidate_ids.with_user(self.officer)
        }

    def _propose(self, name="bert"):
        action = self._compute()[self.employees[name]].action_propose()
        return self.env["bsc.promotion"].browse(action["res_id"])

    def _approve(self, promotion):
        promotion.with_user(self.officer).action_submit()
        promotion.with_user(self.manager).action_approve()
        promotion.with_user(self.cfo).action_approve()
        return promotion


@tagged("post_install", "-at_install")
class TestBscPromotion(PromotionCommon):
    def test_the_list_says_who_and_why_not(self):
        found = self._compute()
        bert, anna = (found[self.employees[name]] for name in ("bert", "anna"))
        self.assertTrue(bert.is_eligible)
        self.assertFalse(anna.is_eligible)
        codes = {code for code, met, _values in anna.conditions if not met}
        self.assertEqual(codes, {"rating", "plan", "reassessed"})
        self.assertIn("✗ Not yet re-assessed", anna.explanation)
        self.assertIn("✓ 20 months in the present post", bert.explanation)
        self.assertEqual(self.listing.eligible_count, 1)
        with self.assertRaisesRegex(UserError, "cannot be promoted yet"):
            anna.action_propose()

    def test_the_number_of_queries_does_not_grow_with_the_people(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            people = self.env["hr.employee"].search(
                [("company_id", "=", self.company.id)]
            )
            self.rule._judge(people, self.foreman, date(2026, 9, 1))
            return self.cr.sql_log_count - before

        few = count()
        self.env["hr.employee"].create(
            [
                {"name": f"New {n}", "company_id": self.company.id, "job_id": 0}
                for n in range(30)
            ]
        )
        self.assertLessEqual(count(), few + 2)

    def test_a_better_grade_and_skills_can_be_asked_for(self):
        self.rule.grade_id = self.grades["A"]
        self.assertFalse(self._compute()[self.employees["bert"]].is_eligible)
        self.rule.grade_id = self.grades["B"]
        self.assertTrue(self._compute()[self.employees["bert"]].is_eligible)
        kind = self.env["hr.skill.type"].create(
            {
                "name": "Machines",
                "skill_ids": [Command.create({"name": "Loom"})],
                "skill_level_ids": [
                    Command.create({"name": "Knows", "level_progress": 50})
                ],
            }
        )
        self.foreman.job_skill_ids = [
            Command.create(
                {
                    "skill_type_id": kind.id,
                    "skill_id": kind.skill_ids.id,
                    "skill_level_id": kind.skill_level_ids.id,
                }
            )
        ]
        self.rule.with_skills = True
        bert = self._compute()[self.employees["bert"]]
        self.assertFalse(bert.is_eligible)
        self.assertIn("Loom", bert.explanation)

    def test_after_a_poor_result_only_plan_and_reassessment_open_the_way(self):
        plan = self._create_plan()
        self._publish_next({"anna": 90}, year=2026 + 1)
        self.listing.date_effective = date(2027, 9, 1)
        anna = self._compute()[self.employees["anna"]]
        self.assertEqual(
            {code: met for code, met, _values in anna.conditions},
            {"rating": True, "months": True, "plan": False, "reassessed": True},
        )
        self._finish_plan(plan)
        self.assertTrue(self._compute()[self.employees["anna"]].is_eligible)

    def test_it_is_decided_by_two_levels_and_applied_as_a_new_version(self):
        promotion = self._propose()
        card = self.cards["bert"]
        self.assertEqual(card.outcome_ids.mapped("state"), ["proposed"])
        promotion.with_user(self.officer).action_submit()
        promotion.with_user(self.manager).action_approve()
        self.assertEqual(promotion.state, "submitted")
        with self.assertRaisesRegex(UserError, "turn|another level|decided"):
            promotion.with_user(self.manager).action_approve()
        promotion.with_user(self.cfo).action_approve()
        self.assertEqual(promotion.state, "approved")
        self.assertEqual(card.outcome_ids.state, "approved")
        before = self.employees["bert"].version_ids
        promotion.with_user(self.manager).action_apply()
        version = self.employees["bert"].version_ids - before
        self.assertRecordValues(
            version,
            [
                {
                    "date_version": date(2026, 9, 1),
                    "job_id": self.foreman.id,
                    "department_id": self.mill.id,
                }
            ],
        )
        self.assertEqual(before.job_id, self.job)
        self.assertEqual(promotion.sudo().version_id, version)
        self.assertEqual(card.outcome_ids.state, "applied")
        with self.assertRaisesRegex(UserError, "Applied"):
            promotion.with_user(self.manager).action_apply()
        self.assertEqual(len(self.employees["bert"].version_ids), len(before) + 1)

    def test_a_version_on_the_same_day_stops_it(self):
        promotion = self._approve(self._propose())
        self.employees["bert"].create_version({"date_version": date(2026, 9, 1)})
        with self.assertRaisesRegex(UserError, "another day|second change"):
            promotion.with_user(self.manager).action_apply()
        self.env.invalidate_all()

    def test_it_is_judged_again_when_applied(self):
        promotion = self._approve(self._propose())
        self.rule.grade_id = self.grades["A"]
        with (
            self.assertRaisesRegex(UserError, "cannot be promoted yet"),
            self.cr.savepoint(),
        ):
            promotion.with_user(self.manager).action_apply()
        promotion.invalidate_recordset()
        self.assertEqual(promotion.state, "approved")

    def test_a_poor_result_after_the_approval_closes_the_way(self):
        """O3: the gate is asked again when it is applied, not only when proposed."""
        promotion = self._approve(self._propose())
        self._publish_next({"bert": 40})
        with (
            self.assertRaisesRegex(UserError, "✗ Not yet re-assessed"),
            self.cr.savepoint(),
        ):
            promotion.with_user(self.manager).action_apply()
        promotion.invalidate_recordset()
        self.assertEqual(promotion.state, "approved")
        self.assertEqual(len(self.employees["bert"].version_ids), 1)

    def test_changed_values_have_to_be_asked_again(self):
        promotion = self._approve(self._propose())
        promotion.sudo().department_id = self.spinning
        with self.assertRaisesRegex(UserError, "changed after"), self.cr.savepoint():
            promotion.with_user(self.manager).action_apply()

    def test_a_refusal_says_why_and_ends_it(self):
        promotion = self._propose()
        promotion.with_user(self.officer).action_submit()
        action = promotion.with_user(self.manager).action_refuse()
        wizard = (
            self.env["bsc.promotion.refuse"]
            .with_user(self.manager)
            .with_context(**action["context"])
            .create({"comment": "Too early"})
        )
        wizard.action_refuse()
        self.assertEqual(promotion.state, "refused")
        self.assertEqual(self.cards["bert"].outcome_ids.state, "dropped")
        with self.assertRaises(UserError):
            promotion.decision_ids.sudo().comment = "Other"
        self._propose()

    def test_nobody_decides_his_own(self):
        promotion = self._propose()
        promotion.with_user(self.officer).action_submit()
        self.assertNotIn(self.officer, promotion.decider_ids)
        bert = self.users["bert"]
        bert.group_ids |= self.env.ref("bsc_appraisal.group_appraisal_manager")
        for action in ("action_approve", "action_apply", "action_cancel"):
            with self.assertRaises(UserError):
                getattr(promotion.with_user(bert), action)()
        promotion.with_user(self.officer).action_cancel()
        with self.assertRaises(UserError), self.cr.savepoint():
            self.env["bsc.promotion"].with_user(bert).create(
                {
                    "company_id": self.company.id,
                    "employee_id": self.employees["bert"].id,
                    "job_id": self.foreman.id,
                    "date_effective": date(2026, 9, 1),
                }
            )

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_the_wage_is_for_hr_managers(self):
        pay = new_test_user(
            self.env,
            login="bsc_pay",
            groups="hr.group_hr_manager,bsc_appraisal.group_appraisal_manager",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        promotion = self._propose()
        promotion.with_user(pay).wage = 5000.0
        for user in (self.officer, self.manager, self.auditor, self.cfo):
            record = promotion.with_user(user)
            for attempt in (
                lambda record=record: record.read(["wage"]),
                lambda record=record: record.search([("wage", ">", 1)]),
                lambda record=record: record.search([], order="wage"),
                lambda record=record: record._read_group([], [], ["wage:sum"]),
                lambda record=record: record.write({"wage": 1.0}),
                lambda record=record: record.decision_ids.search(
                    [("fingerprint", "!=", False)]
                ),
            ):
                with self.assertRaises(AccessError):
                    attempt()
        self._approve(promotion)
        with self.assertRaisesRegex(UserError, "HR manager"):
            promotion.with_user(self.manager).action_apply()
        promotion.with_user(pay).action_apply()
        self.assertEqual(promotion.sudo().version_id.wage, 5000.0)


@tagged("post_install", "-at_install")
class TestPromotionAccess(PromotionCommon):
    def test_each_role_reads_what_it_should(self):
        promotion = self._propose()
        promotion.with_user(self.officer).action_submit()

        def seers():
            return {
                user.login
                for user in (
                    *self.users.values(),
                    *(self.officer, self.manager, self.auditor, self.cfo),
                )
                if self.env["bsc.promotion"].with_user(user).search([])
            }

        before = {
            *("bsc_lead", "bsc_chief", "bsc_officer", "bsc_manager"),
            *("bsc_auditor", "bsc_cfo"),
        }
        self.assertEqual(seers(), before)
        promotion.with_user(self.manager).action_approve()
        promotion.with_user(self.cfo).action_approve()
        self.assertEqual(seers(), before | {"bsc_bert"})
        self.assertFalse(
            self.env["bsc.promotion.decision"].with_user(self.users["bert"]).search([])
        )
        self.env.invalidate_all()
        bert = promotion.with_user(self.users["bert"])
        self.assertEqual(bert.job_id, self.foreman)
        self.assertFalse(bert.decision_ids)
        stranger = promotion.with_user(self.users["anna"])
        with self.assertRaises(AccessError):
            stranger.read(["job_id"])
        self.assertFalse(stranger.search([("employee_id.name", "=", "Bert")]))
        self.assertFalse(stranger.formatted_read_group([], ["state"], ["__count"]))

    def test_lists_are_for_officers_and_auditors(self):
        self._compute()
        for model in (
            "bsc.promotion.list",
            "bsc.promotion.candidate",
            "bsc.promotion.rule",
        ):
            for user in (self.users["lead"], self.users["anna"], self.cfo):
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])
            self.assertTrue(self.env[model].with_user(self.auditor).search([]))
        with self.assertRaises(AccessError):
            self.listing.with_user(self.auditor).action_compute()

    def test_other_companies_see_nothing(self):
        promotion = self._propose()
        elsewhere = self.env["res.company"].create({"name": "Hill Farms"})
        foreigner = self._create_user(
            "hill", "bsc_appraisal.group_appraisal_manager", elsewhere
        )
        for record in (promotion, self.listing, self.listing.candidate_ids, self.rule):
            self.assertFalse(
                record.with_user(foreigner).search([("id", "in", record.ids)])
            )
        with self.assertRaises(AccessError):
            promotion.with_user(foreigner).action_submit()

    def test_no_client_writes_states_or_results(self):
        promotion = self._propose()
        for user in (self.users["lead"], self.officer, self.manager):
            for vals in (
                {"state": "approved"},
                {"revision": 7},
                {"requester_id": self.cfo.id},
                {"conditions": []},
                {"decider_ids": [(4, user.id)]},
                {"user_id": user.id},
                {"employee_id": self.employees["anna"].id},
                {"decision_ids": [(0, 0, {"decision": "granted"})]},
            ):
                with (
                    self.subTest(user=user.login, vals=vals),
                    self.assertRaises(AccessError),
                    self.cr.savepoint(),
                ):
                    promotion.with_user(user).write(vals)
        candidate = self.listing.candidate_ids[:1].with_user(self.manager)
        with self.assertRaises(AccessError):
            candidate.write({"missing_count": 0})
        with self.assertRaises(AccessError):
            self.listing.with_user(self.manager).write(
                {"candidate_ids": [(1, candidate.id, {"missing_count": 0})]}
            )
        vals = {
            "company_id": self.company.id,
            "employee_id": self.employees["anna"].id,
            "job_id": self.foreman.id,
        }
        Promotion = self.env["bsc.promotion"].with_user(self.officer)
        with self.assertRaises(AccessError):
            Promotion.create({**vals, "state": "approved"})
        with self.assertRaises(AccessError):
            Promotion.with_context(default_state="approved").create(vals)
        anna = Promotion.create(vals)
        with self.assertRaisesRegex(UserError, "cannot be promoted yet"):
            anna.action_submit()

    def test_submitted_values_stay(self):
        promotion = self._propose()
        promotion.with_user(self.officer).action_submit()
        with self.assertRaisesRegex(UserError, "propose it anew"):
            promotion.with_user(self.officer).date_effective = date(2027, 1, 1)
        promotion.with_user(self.officer).action_cancel()
        self.assertEqual(promotion.state, "cancelled")

    def test_public_methods_are_the_known_ones(self):
        self._check_public(
            {
                "bsc.promotion": {
                    "action_apply",
                    "action_approve",
                    "action_cancel",
                    "action_open_document",
                    "action_refuse",
                    "action_submit",
                },
                "bsc.promotion.list": {"action_compute"},
                "bsc.promotion.candidate": {"action_propose"},
                "bsc.promotion.rule": set(),
                "bsc.promotion.level": set(),
                "bsc.promotion.decision": set(),
            }
        )
