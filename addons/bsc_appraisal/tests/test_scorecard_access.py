from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.bsc_appraisal.tests.scorecard_common import ScorecardCommon


@tagged("post_install", "-at_install")
class TestScorecardAccess(ScorecardCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cards = {
            name: cls._create_card([(cls.income, 100, 100)], employee=name)
            for name in ("anna", "bert", "lead", "chief")
        }
        cls.cards["company"] = cls._create_card([(cls.income, 100, 100)])
        cls.cards["spinning"] = cls._create_card(
            [(cls.income, 100, 100)],
            subject_kind="department",
            department_id=cls.spinning.id,
        )
        cls.cards["post"] = cls._create_card(
            [(cls.income, 100, 100)], subject_kind="job", job_id=cls.job.id
        )
        for card in cls.cards.values():
            cls._measure(card, cls.income, 70) if card.subject_kind != "job" else None
        cls.all_cards = cls.env["bsc.scorecard"].concat(*cls.cards.values())

    def _seen(self, user, model="bsc.scorecard"):
        Model = self.env[model].with_user(user)
        key = {"bsc.scorecard": "id"}.get(model, "scorecard_id")
        found = Model.search([(key, "in", self.all_cards.ids)])
        cards = found if model == "bsc.scorecard" else found.sudo().scorecard_id
        return {name for name, card in self.cards.items() if card.id in cards.ids}

    def test_each_role_reads_what_it_should(self):
        """Issue 5: own scorecard, people down the tree, HR and auditors all."""
        everything = set(self.cards)
        rows = [
            (self.users["anna"], {"anna"}),
            (self.users["bert"], {"bert"}),
            (self.users["lead"], {"lead", "anna", "bert", "spinning"}),
            (self.users["chief"], {"chief", "lead", "anna", "bert", "spinning"}),
            (self.users["stranger"], set()),
            (self.collector, set()),
            (self.officer, everything),
            (self.manager, everything),
            (self.auditor, everything),
        ]
        for user, names in rows:
            for model in ("bsc.scorecard", "bsc.scorecard.line"):
                with self.subTest(user=user.login, model=model):
                    self.assertEqual(self._seen(user, model), names)
        for model in ("bsc.scorecard", "bsc.measurement", "bsc.target", "bsc.cycle"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.portal).search([])

    def test_figures_follow_their_subject(self):
        rows = [
            ("anna", {"Anna"}),
            ("lead", {"Lead", "Anna", "Bert", "Spinning"}),
            ("stranger", set()),
        ]
        for name, expected in rows:
            figures = (
                self.env["bsc.measurement"]
                .with_user(self.users[name])
                .search([("company_id", "=", self.company.id)])
            )
            with self.subTest(name):
                self.assertEqual(set(figures.mapped("name")), expected)
        self.assertEqual(
            self.env["bsc.measurement"]
            .with_user(self.collector)
            .search_count([("company_id", "=", self.company.id)]),
            6,
        )

    def test_a_foreign_card_gives_nothing_away(self):
        """Read, group, aggregate, export, dotted search: nothing of bert's to anna."""
        self.cards["bert"].sudo().write({"score": 33.0, "is_scored": True})
        anna = self.users["anna"]
        anna.group_ids |= self.env.ref("base.group_allow_export")
        Card = self.env["bsc.scorecard"].with_user(anna)
        bert = Card.browse(self.cards["bert"].id)
        for attempt in (
            lambda: bert.read(["score"]),
            lambda: bert.export_data(["score"]),
            lambda: bert.line_ids.read(["target"]),
            lambda: bert.web_read({"score": {}}),
            bert.action_score,
        ):
            with self.assertRaises(AccessError):
                attempt()
        self.assertFalse(Card.search([("score", "=", 33.0)]))
        groups = Card.formatted_read_group([], ["employee_id"], ["score:max"])
        self.assertNotIn(33.0, [group["score:max"] for group in groups])
        Line = self.env["bsc.scorecard.line"].with_user(anna)
        self.assertFalse(Line.search([("scorecard_id.score", "=", 33.0)]))
        hidden = self.cards["anna"].with_user(anna)
        self.assertFalse(hidden.search([("parent_id.child_ids.score", "=", 33.0)]))

    def test_nobody_but_the_scoring_writes_results_or_states(self):
        values = [
            {"state": "agreed"},
            {"score": 120.0},
            {"grade_id": False},
            {"coverage": 100},
            {"is_complete": True},
            {"responsible_id": self.users["anna"].id},
            {"appraiser_id": self.users["anna"].id},
            {"employee_id": self.employees["bert"].id},
            {"cycle_id": self.cycle.id},
            {"perspective_scores": {}},
        ]
        admin = self.env.ref("base.user_admin")
        admin.company_ids |= self.company
        for user in (self.users["anna"], self.users["lead"], self.officer, admin):
            card = self.cards["anna"].with_user(user).with_company(self.company)
            for vals in values:
                with (
                    self.subTest(user=user.login, vals=vals),
                    self.assertRaises(AccessError),
                    self.env.cr.savepoint(),
                ):
                    card.write(vals)
            for vals in ({"points": 100}, {"actual": 1}, {"target_status": "agreed"}):
                with (
                    self.subTest(user=user.login, vals=vals),
                    self.assertRaises(AccessError),
                    self.env.cr.savepoint(),
                ):
                    card.write({"line_ids": [(1, card.line_ids.id, vals)]})

    def test_nobody_creates_a_card_with_results_or_for_himself(self):
        vals = {"cycle_id": self.cycle.id, "subject_kind": "company"}
        Card = self.env["bsc.scorecard"]
        with self.assertRaises(AccessError):
            Card.with_user(self.users["anna"]).create(vals)
        with self.assertRaises(AccessError):
            Card.with_user(self.officer).create({**vals, "score": 150})
        with self.assertRaises(AccessError):
            Card.with_user(self.officer).with_context(default_state="final").create(
                vals
            )
        with self.assertRaises(UserError):
            self.cards["anna"].with_user(self.officer).copy()

    def test_an_employee_changes_nothing_on_his_own_card(self):
        anna = self.cards["anna"].with_user(self.users["anna"])
        for attempt in (
            lambda: anna.write({"note": "Mine"}),
            lambda: anna.line_ids.write({"weight": 1}),
            anna.line_ids.unlink,
            anna.unlink,
            anna.action_agree,
        ):
            with self.assertRaises(AccessError):
                attempt()
        self.assertFalse(anna.can_agree)

    def test_an_officer_does_not_prepare_his_own_card(self):
        officer = self.env["hr.employee"].create(
            {
                "name": "Officer",
                "user_id": self.officer.id,
                "company_id": self.company.id,
            }
        )
        card = self._create_card(
            [(self.income, 100, 100)], subject_kind="employee", employee_id=officer.id
        ).with_user(self.officer)
        self.assertTrue(card.name)
        for attempt in (
            lambda: card.write({"note": "Mine"}),
            lambda: card.line_ids.write({"weight": 1}),
            card.action_agree,
        ):
            with self.assertRaises(UserError):
                attempt()

    def test_an_appraiser_prepares_drafts_of_his_people(self):
        card = self.cards["anna"].with_user(self.users["lead"])
        card.note = "Watch the new machine."
        card.line_ids.weight = 100
        card.action_agree()
        with self.assertRaises(UserError):
            card.note = "Later"
        with self.assertRaises(AccessError):
            self.cards["anna"].with_user(self.users["chief"]).note = "From above"

    def test_other_companies_are_out_of_reach(self):
        elsewhere = self.env["res.company"].create({"name": "Hill Farms"})
        foreigner = self._create_user(
            "hill", "bsc_appraisal.group_appraisal_manager", elsewhere
        )
        for model in ("bsc.scorecard", "bsc.scorecard.line", "bsc.cycle"):
            found = (
                self.env[model]
                .with_user(foreigner)
                .search([("company_id", "=", self.company.id)])
            )
            self.assertFalse(found)
        with self.assertRaises(AccessError):
            self.cards["anna"].with_user(foreigner).action_score()
        with self.assertRaises(UserError):
            self.env["bsc.scorecard"].create(
                {
                    "cycle_id": self.env["bsc.cycle"]
                    .create(
                        {
                            "name": "Hill",
                            "company_id": elsewhere.id,
                            "date_from": "2026-01-01",
                            "date_to": "2026-12-31",
                            "responsible_id": foreigner.id,
                        }
                    )
                    .id,
                    "subject_kind": "employee",
                    "employee_id": self.employees["anna"].id,
                }
            )

    def test_a_leaver_keeps_his_place_in_the_tree(self):
        self.employees["anna"].active = False
        self.assertIn("anna", self._seen(self.users["lead"]))
        self.employees["lead"].active = False
        self.assertIn("bert", self._seen(self.users["chief"]))

    def test_nobody_else_follows_a_card(self):
        """SECURITY: a follower would get by mail what is written about somebody."""
        card = self.cards["anna"]
        card.with_user(self.users["lead"]).message_subscribe(
            (self.portal | self.users["stranger"] | self.users["anna"]).partner_id.ids
        )
        self.assertEqual(card.message_partner_ids, self.users["anna"].partner_id)

    def test_public_methods_are_the_known_ones(self):
        """A new public method is one more door for RPC: name it here on purpose."""
        expected = {
            "bsc.scorecard": {
                "action_accept_targets",
                "action_agree",
                "action_appeal",
                "action_assess",
                "action_decide_no_outcome",
                "action_export_excel",
                "action_launch_feedback",
                "action_interview",
                "action_open_development_plans",
                "action_open_notes",
                "action_open_feedback",
                "action_open_outcomes",
                "action_plan_development",
                "action_reopen",
                "action_score",
            },
            "bsc.scorecard.line": {
                "action_accept_target",
                "action_open_consultation",
                "action_open_measurements",
                "action_request_change",
            },
            "bsc.cycle": {
                "action_advance",
                "action_generate",
                "action_launch_feedback",
                "action_open_scorecards",
                "action_publish",
                "action_step_back",
            },
            "bsc.measurement": {
                "action_deliver",
                "action_open_sources",
                "action_return",
                "action_verify",
            },
            "bsc.target": set(),
            "bsc.target.proposal": set(),
            "bsc.target.change": {"action_approve", "action_cancel", "action_refuse"},
        }
        base = dir(self.env.registry["mail.thread"]) + dir(
            self.env.registry["mail.activity.mixin"]
        )
        for model, names in expected.items():
            public = {
                name
                for name in set(dir(self.env.registry[model])) - set(base)
                if not name.startswith("_") and name not in self.env[model]._fields
            }
            with self.subTest(model):
                self.assertEqual(public, names)
