from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.bsc_appraisal.tests.common import MANAGER, AppraisalCommon


class ObjectiveCommon(AppraisalCommon):
    @classmethod
    def _create_objective(cls, name, **values):
        defaults = {"perspective_id": cls.perspective.id, "company_id": cls.company.id}
        return cls.env["bsc.objective"].create({"name": name, **defaults, **values})


@tagged("post_install", "-at_install")
class TestBscObjective(ObjectiveCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.skills = cls._create_objective("Skills")
        cls.delivery = cls._create_objective(
            "Delivery", cause_ids=[Command.set(cls.skills.ids)]
        )
        cls.profit = cls._create_objective(
            "Profit", cause_ids=[Command.set(cls.delivery.ids)]
        )
        cls.objectives = cls.skills | cls.delivery | cls.profit

    def test_cause_and_effect_are_one_relation(self):
        """P1: what A leads to is driven by A."""
        self.assertEqual(self.skills.effect_ids, self.delivery)
        self.skills.effect_ids = [Command.link(self.profit.id)]
        self.assertEqual(self.profit.cause_ids, self.delivery | self.skills)

    def test_circles_are_refused_from_both_ends(self):
        """P1: a map that leads back to itself explains nothing; RPC is refused too."""
        rows = [
            (self.skills, {"cause_ids": [Command.link(self.profit.id)]}),
            (self.profit, {"effect_ids": [Command.link(self.skills.id)]}),
            (self.profit, {"effect_ids": [Command.set(self.profit.ids)]}),
            (self.skills, {"cause_ids": [Command.link(self.skills.id)]}),
        ]
        for objective, vals in rows:
            with (
                self.subTest(vals),
                self.assertRaisesRegex(ValidationError, "lead back to itself"),
                self.env.cr.savepoint(),
            ):
                objective.with_user(self.manager).write(vals)
        with self.assertRaisesRegex(ValidationError, "lead back to itself"):
            self.env["bsc.objective"].with_user(self.manager).create(
                {
                    "name": "Both",
                    "perspective_id": self.perspective.id,
                    "cause_ids": [Command.link(self.profit.id)],
                    "effect_ids": [Command.link(self.skills.id)],
                }
            )

    def test_employees_read_what_is_published(self):
        """P1, P14: an employee sees the published map only."""
        as_employee = self.env["bsc.objective"].with_user(self.employee)
        domain = [("id", "in", self.objectives.ids)]
        self.assertFalse(as_employee.search(domain))
        with self.assertRaises(AccessError):
            as_employee.browse(self.skills.id).read(["name"])
        (self.skills | self.profit).with_user(self.manager).action_publish()
        self.assertEqual(as_employee.search(domain), self.skills | self.profit)
        # Neither does a link tell of the draft between them.
        self.assertFalse(as_employee.browse(self.profit.id).cause_ids)
        shown = as_employee.get_strategy_map()
        self.assertNotIn([self.skills.id, self.delivery.id], shown["links"])
        self.delivery.with_user(self.manager).action_publish()
        shown = as_employee.get_strategy_map()
        self.assertIn([self.skills.id, self.delivery.id], shown["links"])

    def test_score_is_that_of_its_indicators_on_the_company_card(self):
        """P1: the colour of an objective is how its indicators stand."""
        rows = [(90.0, 30.0), (120.0, 10.0)]
        cycle = self.env["bsc.cycle"].create(
            {
                "name": "Year",
                "company_id": self.company.id,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
            }
        )
        card = self.env["bsc.scorecard"].create(
            {"cycle_id": cycle.id, "subject_kind": "company"}
        )
        for number, (points, weight) in enumerate(rows):
            indicator = self._create_active(
                code=f"S{number}", name=f"Thing {number}", objective_id=self.skills.id
            )
            line = self.env["bsc.scorecard.line"].create(
                {"scorecard_id": card.id, "indicator_id": indicator.id}
            )
            line.sudo().write(
                {
                    "status": "reported",
                    "points": points,
                    "effective_weight": weight,
                }
            )
        self.assertEqual(self.objectives._get_scores(), {self.skills.id: 97.5})
        self.skills.action_publish()
        shown = self.env["bsc.objective"].with_user(self.employee).get_strategy_map()
        scores = [
            node["score"]
            for perspective in shown["perspectives"]
            for node in perspective["objectives"]
        ]
        self.assertEqual(scores, [97.5])

    def test_who_edits_what(self):
        self.skills.with_user(self.manager).action_publish()
        self.delivery.with_user(self.officer).name = "Delivery on time"
        with self.assertRaises(AccessError):
            self.skills.with_user(self.officer).name = "Other"
        with self.assertRaisesRegex(UserError, "Only an appraisal manager"):
            self.delivery.with_user(self.officer).action_publish()
        for user in (self.employee, self.auditor):
            with self.subTest(user.login):
                for attempt in (
                    lambda one: one.write({"name": "Mine"}),
                    lambda one: one.action_publish(),
                    lambda one: one.action_withdraw(),
                    lambda one: one.unlink(),
                ):
                    with self.assertRaises(AccessError):
                        attempt(self.skills.with_user(user))
        with self.assertRaises(AccessError):
            self.env["bsc.objective"].with_user(self.portal).get_strategy_map()

    def test_nobody_writes_the_state(self):
        vals = {"name": "N", "perspective_id": self.perspective.id}
        for user in (self.officer, self.manager):
            draft = self.delivery.with_user(user)
            for attempt in (
                lambda one: one.write({"state": "published"}),
                lambda one: one.create({**vals, "state": "published"}),
                lambda one: one.with_context(default_state="published").create(vals),
                lambda one: one.copy({"state": "published"}),
                lambda one: one.web_save({"state": "published"}, {"state": {}}),
            ):
                with self.assertRaises(AccessError), self.env.cr.savepoint():
                    attempt(draft)

    def test_published_one_is_withdrawn_before_it_is_deleted(self):
        skills = self.skills.with_user(self.manager)
        skills.action_publish()
        with self.assertRaisesRegex(UserError, "Withdraw it"):
            skills.unlink()
        skills.action_withdraw()
        skills.unlink()
        self.assertFalse(self.delivery.cause_ids)

    def test_indicator_and_objective_share_the_perspective(self):
        indicator = self._create_draft(objective_id=self.skills.id)
        other = self._create_perspective(code="TO")
        for record in (indicator, self.skills):
            with (
                self.subTest(record._name),
                self.assertRaisesRegex(ValidationError, "another perspective"),
                self.env.cr.savepoint(),
            ):
                record.perspective_id = other

    def test_map_of_another_company_is_closed(self):
        self.objectives.with_user(self.manager).action_publish()
        foreign = self.env["res.company"].create({"name": "Hill Farms"})
        stranger = self._create_user("stranger", MANAGER, foreign)
        shown = self.env["bsc.objective"].with_user(stranger).get_strategy_map()
        self.assertFalse(shown["links"])
        self.assertFalse([p for p in shown["perspectives"] if p["objectives"]])
        elsewhere = self._create_objective("Elsewhere", company_id=foreign.id)
        with self.assertRaises(UserError):
            self.skills.cause_ids = elsewhere

    def test_public_methods_are_the_known_ones(self):
        """A new public method is one more door for RPC: name it here on purpose."""
        registry = self.env.registry
        fields = registry["bsc.objective"]._fields
        base = dir(registry["mail.thread"]) + dir(registry["mail.activity.mixin"])
        public = {
            name
            for name in set(dir(registry["bsc.objective"])) - set(base)
            if not name.startswith("_") and name not in fields
        }
        self.assertEqual(
            public, {"action_publish", "action_withdraw", "get_strategy_map"}
        )


@tagged("post_install", "-at_install")
class TestObjectiveBudget(ObjectiveCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = cls._create_user("owner", "budget_performance.group_budget_owner")
        cls.finance = cls._create_user(
            "finance", "budget_performance.group_budget_manager"
        )
        cls.objective = cls._create_objective("Skills")
        cls.objective.action_publish()
        budget = cls.env["performance.budget"].create(
            {"name": "Year", "company_id": cls.company.id}
        )
        position = cls.env["performance.budget.position"].create(
            {"name": "Training", "company_id": cls.company.id}
        )
        cls.lines = cls.env["performance.budget.line"].create(
            [
                {
                    "budget_id": budget.id,
                    "position_id": position.id,
                    "owner_id": owner.id,
                    "amount_planned": amount,
                    "analytic_account_ids": [Command.set(account.ids)],
                    "objective_ids": [Command.set(cls.objective.ids)],
                }
                for owner, amount, account in zip(
                    (cls.owner, cls.finance),
                    (1200, 2400),
                    cls._create_cost_centres(),
                    strict=True,
                )
            ]
        )
        budget.sudo().state = "approved"

    @classmethod
    def _create_cost_centres(cls):
        plan = cls.env["account.analytic.plan"].create({"name": "Places"})
        return cls.env["account.analytic.account"].create(
            [{"name": name, "plan_id": plan.id} for name in ("North", "South")]
        )

    def _get_node(self, user):
        shown = self.env["bsc.objective"].with_user(user).get_strategy_map()
        return next(
            node
            for perspective in shown["perspectives"]
            for node in perspective["objectives"]
            if node["id"] == self.objective.id
        )

    def test_money_is_shown_to_those_who_may_read_it(self):
        """P1: objectives justify budget lines; the map shows money to its readers."""
        rows = [
            (self.finance, 3600.0),
            (self.auditor, 3600.0),
            (self.owner, 1200.0),
            (self.employee, None),
            (self.manager, None),
        ]
        for user, planned in rows:
            with self.subTest(user.login):
                money = self._get_node(user)["money"]
                self.assertEqual(money and money["planned"], planned)

    def test_money_cannot_be_read_or_searched_by_employees(self):
        exporter = self._create_user(
            "exporter", "base.group_user,base.group_allow_export"
        )
        as_employee = self.objective.with_user(exporter)
        for attempt in (
            lambda: as_employee.read(["amount_planned"]),
            lambda: as_employee.read(["budget_line_ids"]),
            lambda: as_employee.search([("budget_line_ids.amount_planned", ">", 0)]),
            lambda: as_employee.search([("budget_line_ids", "!=", False)]),
            lambda: as_employee.formatted_read_group([], ["budget_line_ids"]),
            lambda: as_employee.export_data(["amount_planned"]),
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_finance_links_from_the_line(self):
        self.lines[0].with_user(self.finance).objective_ids = [Command.clear()]
        self.assertEqual(self.objective.budget_line_ids, self.lines[1])
