from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.bsc_appraisal.tests.common import MANAGER, OFFICER
from odoo.addons.bsc_appraisal.tests.test_bsc_weighting import CASE, WeightingCommon


@tagged("post_install", "-at_install")
class TestWeightingAccess(WeightingCommon):
    """P5: an expert judges for himself, unseen; nobody writes results."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.study.action_open()
        cls.admin = cls.env.ref("base.user_admin")
        cls.admin.company_ids |= cls.company

    def setUp(self):
        super().setUp()
        self.part = self._judge(self.experts[0], CASE)
        self.judgements = self.part.judgement_ids

    def test_nobody_sees_judgements_of_others_while_open(self):
        others = (
            *(self.experts[1], self.employee, self.officer),
            *(self.manager, self.auditor, self.admin),
        )
        for user in others:
            with self.subTest(user.login):
                Judgement = self.env["bsc.weighting.judgement"].with_user(user)
                domain = [("id", "in", self.judgements.ids)]
                self.assertFalse(Judgement.search(domain))
                self.assertFalse(
                    Judgement.formatted_read_group(
                        domain, ["strength"], ["__count", "strength:sum"]
                    )
                )
                with self.assertRaises(AccessError):
                    self.judgements.with_user(user).read(["strength"])
                Expert = self.env["bsc.weighting.expert"].with_user(user)
                self.assertFalse(
                    Expert.search(
                        [
                            ("id", "=", self.part.id),
                            ("judgement_ids.strength", ">=", 1),
                        ]
                    )
                )
                Study = self.env["bsc.weighting"].with_user(user)
                domain = [
                    ("id", "=", self.study.id),
                    ("expert_ids.judgement_ids.strength", "=", 4),
                ]
                if user in (self.experts[1], self.employee):
                    with self.assertRaises(AccessError):
                        Study.search(domain)
                else:
                    self.assertFalse(Study.search(domain))

    def test_owner_sees_who_answered_and_not_what(self):
        self.part.action_submit()
        self.env.invalidate_all()
        seen = self.part.with_user(self.officer)
        self.assertEqual(seen.state, "submitted")
        self.assertEqual(seen.judged, "6/6")
        self.assertAlmostEqual(seen.consistency_ratio, 0.0821)
        self.assertFalse(seen.judgement_ids)

    def test_form_of_the_owner_brings_no_judgement(self):
        """One request reads everything: what was counted must not lie in the cache."""
        spec = {
            "judged": {},
            "returned_note": {},
            "judgement_ids": {"fields": {"strength": {}, "favours": {}}},
        }
        for user in (self.officer, self.manager):
            self.env.invalidate_all()
            [seen] = self.part.with_user(user).web_read(spec)
            self.assertEqual(seen["judged"], "6/6")
            self.assertFalse(seen["judgement_ids"])
        study = self.study.with_user(self.experts[1])
        self.assertEqual(study.web_read({"expert_count": {}})[0]["expert_count"], 3)
        for attempt in (
            lambda: study.web_read({"expert_ids": {"fields": {"user_id": {}}}}),
            lambda: study.search([("expert_ids.user_id", "=", self.officer.id)]),
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_why_answers_came_back_is_for_the_expert_alone(self):
        """The note quotes a judgement."""
        self._judge(self.experts[0], [5, -5, 1, 5, 1, 1]).action_submit()
        self.assertIn("you say", self.part.returned_note)
        for user in (self.officer, self.manager, self.auditor):
            self.assertFalse(self.part.with_user(user).returned_note)

    def test_expert_sees_himself_only(self):
        Expert = self.env["bsc.weighting.expert"].with_user(self.experts[1])
        self.assertEqual(Expert.search([]).user_id, self.experts[1])
        study = self.study.with_user(self.experts[1])
        self.assertEqual(study.answer_count, 0)
        self.assertEqual(len(study.criterion_ids), 4)
        with self.assertRaises(AccessError):
            self.study.with_user(self.employee).read(["name"])

    def test_expert_writes_his_open_judgements_and_nothing_else(self):
        other = self._get_part(self.experts[1]).sudo(False).with_user(self.experts[0])
        judgement = self.judgements[0]
        rows = [
            lambda: other.sudo().judgement_ids.sudo(False).write({"strength": 2}),
            lambda: other.write({"comment": "Mine"}),
            lambda: judgement.write({"first_id": judgement.second_id.id}),
            lambda: judgement.write({"expert_id": other.id}),
            lambda: judgement.create({"expert_id": self.part.id, "strength": 1}),
            judgement.unlink,
            lambda: self.part.write({"weight": 50.0}),
            lambda: self.part.write({"user_id": self.employee.id}),
            lambda: self.part.write({"state": "submitted"}),
            lambda: self.part.write({"consistency_ratio": 0.0}),
            lambda: self.part.write({"judgement_ids": [Command.clear()]}),
            self.part.unlink,
            lambda: self.part.create(
                {"weighting_id": self.study.id, "user_id": self.employee.id}
            ),
            lambda: self.study.with_user(self.experts[0]).write({"name": "Mine"}),
            lambda: self.study.with_user(self.experts[0]).action_close(),
        ]
        for number, attempt in enumerate(rows):
            with (
                self.subTest(number),
                self.assertRaises(AccessError),
                self.env.cr.savepoint(),
            ):
                attempt()
        self.part.comment = "The market is small."

    def test_answers_handed_in_are_closed_until_taken_back(self):
        self.part.action_submit()
        with self.assertRaisesRegex(UserError, "takes no judgement now"):
            self.judgements[0].strength = 1
        self.part.action_revise()
        self.judgements[0].strength = 1

    def test_nobody_hands_in_for_another(self):
        for user in (self.officer, self.manager, self.experts[1]):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.part.with_user(user).action_submit()

    def test_closed_study_takes_no_judgement(self):
        for expert in self.experts:
            self._judge(expert, CASE).action_submit()
        self.study.action_close()
        with self.assertRaisesRegex(UserError, "takes no judgement now"):
            self.judgements[0].strength = 1
        with self.assertRaisesRegex(UserError, "“Closed”"):
            self.part.action_revise()
        for user in (self.officer, self.auditor):
            self.assertEqual(self.judgements.with_user(user)[0].strength, 2)
        with self.assertRaises(AccessError):
            self.judgements.with_user(self.experts[1]).read(["strength"])
        with self.assertRaises(UserError):
            self.study.expert_ids = [Command.create({"user_id": self.employee.id})]

    def test_results_and_state_are_closed_to_clients(self):
        for user in (self.officer, self.manager, self.admin):
            study = self.study.with_user(user)
            for vals in (
                {"state": "closed"},
                {"consistency_ratio": 0.01},
                {"consensus": 1.0},
                {"lambda_max": 4.0},
                {"criterion_ids": [Command.clear()]},
                {"version_ids": [Command.clear()]},
            ):
                with (
                    self.subTest(user=user.login, vals=vals),
                    self.assertRaises(AccessError),
                    self.env.cr.savepoint(),
                ):
                    study.write(vals)
            with self.assertRaises(AccessError):
                study.criterion_ids[0].write({"priority": 99.0})
            with self.assertRaises(AccessError):
                study.with_context(default_state="closed").create({"name": "X"})

    def test_officer_runs_his_own_study_managers_all(self):
        colleague = self._create_user("colleague", OFFICER)
        self.assertTrue(self.study.with_user(colleague).name)
        for attempt in (
            lambda one: one.write({"name": "Mine"}),
            lambda one: one.action_close(),
            lambda one: one.expert_ids[0].write({"weight": 2.0}),
            lambda one: one.expert_ids[0].unlink(),
        ):
            with self.assertRaises(AccessError):
                attempt(self.study.with_user(colleague))
        self.study.with_user(self.manager).expert_ids[0].weight = 2.0

    def test_experts_who_handed_in_are_not_thrown_out(self):
        self.part.action_submit()
        with self.assertRaisesRegex(UserError, "not thrown away"):
            self.study.expert_ids[0].unlink()

    def test_other_company_and_portal_see_nothing(self):
        foreign = self.env["res.company"].create({"name": "Hill Farms"})
        stranger = self._create_user("stranger", MANAGER, foreign)
        for model in (
            *("bsc.weighting", "bsc.weighting.expert", "bsc.weighting.criterion"),
            *("bsc.weighting.judgement", "bsc.weighting.version"),
        ):
            with self.subTest(model):
                self.assertFalse(
                    self.env[model]
                    .with_user(stranger)
                    .search([("company_id", "=", self.company.id)])
                )
                with self.assertRaises(AccessError):
                    self.env[model].with_user(self.portal).search([])

    def test_public_methods_are_the_known_ones(self):
        """A new public method is one more door for RPC: name it here on purpose."""
        expected = {
            "bsc.weighting": {
                *("action_open", "action_close", "action_cancel", "action_remind"),
                "action_load_criteria",
            },
            "bsc.weighting.expert": {"action_submit", "action_revise"},
            "bsc.weighting.judgement": set(),
            "bsc.weighting.version": {
                *("action_adjust", "action_apply", "action_confirm", "action_rescale"),
            },
        }
        registry = self.env.registry
        base = dir(registry["mail.thread"]) + dir(registry["mail.activity.mixin"])
        for model, names in expected.items():
            public = {
                name
                for name in set(dir(registry[model])) - set(base)
                if not name.startswith("_") and name not in registry[model]._fields
            }
            with self.subTest(model):
                self.assertEqual(public, names)
