from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.bsc_appraisal.tests.consequence_common import ConsequenceCommon


class RecommendationCommon(ConsequenceCommon):
    """The spinning department: result and two budget lines of this year."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.finance = cls._create_user(
            "finance", "budget_performance.group_budget_officer"
        )
        cls.spinning._ensure_cost_centre()
        cls.env["bsc.budget.rule"].search([("company_id", "=", False)]).active = False
        cause = cls.env.ref("budget_performance.performance_budget_cause_equipment")
        skill = cls.env.ref("budget_performance.performance_budget_cause_skill")
        cls.equipment, cls.skill = cause, skill
        cls.positions = cls.env["performance.budget.position"].create(
            [
                {"name": name, "code": code, "company_id": cls.company.id}
                for name, code in (("Machines", "XM"), ("Courses", "XC"))
            ]
        )
        for number, position in enumerate(cls.positions):
            position.account_ids = cls.env["account.account"].create(
                {
                    "name": position.name,
                    "code": f"69{number}",
                    "account_type": "expense",
                    "company_ids": [Command.set(cls.company.ids)],
                }
            )
        cls.rules = cls.env["bsc.budget.rule"].create(
            [
                {
                    "name": name,
                    "sequence": sequence,
                    "company_id": cls.company.id,
                    "score_from": low,
                    "score_to": high,
                    "cause_id": cause_id,
                    "effect": effect,
                    "percent": percent,
                    "position_ids": [Command.set(positions.ids)],
                }
                for name, sequence, low, high, cause_id, effect, percent, positions in (
                    ("Met", 10, 100, 0, False, "increase", 5, cls.positions[:0]),
                    (
                        *("Old", 20, 0, 100, cause.id, "upgrade", 12.5),
                        cls.positions[0],
                    ),
                    (
                        *("Skill", 30, 0, 100, skill.id, "training", 10),
                        cls.positions[1],
                    ),
                    ("Market", 40, 0, 100, False, "retarget", 0, cls.positions[:0]),
                )
            ]
        )
        cls.budget = cls.env["performance.budget"].create(
            {
                "name": "Year 2026",
                "company_id": cls.company.id,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                "line_ids": [
                    Command.create(
                        {
                            "position_id": position.id,
                            "analytic_account_ids": [
                                Command.set(cls.spinning.cost_centre_id.ids)
                            ],
                            "amount_planned": planned,
                        }
                    )
                    for position, planned in zip(
                        cls.positions, (12000.0, 2400.0), strict=True
                    )
                ],
            }
        )
        cls.budget.sudo().state = "approved"
        cls.lines = cls.budget.line_ids.sorted("id")

    def _recommend(self, points, cause=None):
        if cause:
            self.lines[0].sudo().budget_cause_id = cause
        cycle = self._create_cycle(
            name="Departments", date_from="2025-01-01", date_to="2025-12-31"
        )
        card = self._create_card(
            [(self.income, 60.0, 100.0), (self.waste, 40.0, 10.0)],
            subject_kind="department",
            department_id=self.spinning.id,
            cycle_id=cycle.id,
        )
        card.action_agree()
        cycle.sudo().state = "coach"
        self._measure(card, self.income, points)
        self._measure(card, self.waste, 10.0)
        card.action_score()
        cycle.sudo().state = "assess"
        cycle.with_user(self.manager).action_advance()
        cycle.with_user(self.manager).action_publish()
        self._run_recommendations()
        return card.budget_recommendation_ids

    def _run_recommendations(self):
        with self.enter_registry_test_mode():
            self.env.ref("bsc_appraisal.ir_cron_bsc_recommend").method_direct_trigger()
        self.env.invalidate_all()

    def _create_round_of_budget(self):
        return self.env["performance.budget.round"].create(
            {
                "name": "Budget 2027",
                "company_id": self.company.id,
                "date_from": "2027-01-01",
                "date_to": "2027-12-31",
                "department_ids": [Command.set(self.spinning.ids)],
                "state": "proposing",
            }
        )


@tagged("post_install", "-at_install")
class TestBscBudgetRecommendation(RecommendationCommon):
    def test_met_targets_propose_more_on_every_line(self):
        found = self._recommend(110)
        self.assertEqual((found.rule_id.name, found.effect), ("Met", "increase"))
        self.assertEqual(
            {line.line_id: line.amount for line in found.line_ids},
            {self.lines[0]: 600.0, self.lines[1]: 120.0},
        )
        self.assertEqual(found.amount, 720.0)
        self.assertIn("Spinning scored 106.00", found.justification)
        self.assertIn("110.0 % of the target", found.justification)
        outcome = found.scorecard_id.outcome_ids
        self.assertEqual((outcome.kind, outcome.state), ("budget", "proposed"))
        self.assertFalse(
            self.env["bsc.budget.recommendation"]._recommend(found.scorecard_id)
        )

    def test_the_cause_decides_what_helps(self):
        found = self._recommend(50, self.equipment)
        self.assertEqual((found.effect, found.amount), ("upgrade", 1500.0))
        found.with_user(self.officer).cause_id = self.skill
        found.with_user(self.officer).action_compute()
        self.assertEqual((found.effect, found.amount), ("training", 240.0))
        self.assertEqual(found.line_ids.line_id, self.lines[1])
        found.with_user(self.finance).cause_id = False
        found.with_user(self.finance).action_compute()
        self.assertEqual((found.effect, found.amount), ("retarget", 0.0))
        with self.assertRaisesRegex(UserError, "No line is proposed"):
            found.with_user(self.finance).action_create_adjustment()
        found.with_user(self.officer).action_done()
        self.assertEqual(found.scorecard_id.outcome_ids.state, "applied")

    def test_it_becomes_a_draft_that_people_decide_on(self):
        found = self._recommend(110)
        planned = sum(self.lines.mapped("amount_planned"))
        with self.assertRaisesRegex(UserError, "Finance"):
            found.with_user(self.officer).action_create_adjustment()
        action = found.with_user(self.finance).action_create_adjustment()
        adjustment = self.env["performance.budget.adjustment"].browse(action["res_id"])
        self.assertEqual((adjustment.state, adjustment.kind), ("draft", "supplement"))
        self.assertEqual(sum(adjustment.line_ids.mapped("amount")), 720.0)
        self.assertIn("scored 106.00", adjustment.reason)
        self.assertEqual(sum(self.lines.mapped("amount_planned")), planned)
        again = found.with_user(self.finance).action_create_adjustment()
        self.assertEqual(again["res_id"], adjustment.id)
        self.assertEqual(found.scorecard_id.outcome_ids.state, "approved")
        adjustment.sudo()._apply_effects()
        self.assertEqual(found.state, "applied")
        self.assertEqual(found.scorecard_id.outcome_ids.state, "applied")

    def test_an_adjustment_that_fails_lets_people_decide_again(self):
        """Given up, refused, deleted or reversed: it is proposed as before."""
        found = self._recommend(110)
        drafts = self.env["performance.budget.adjustment"]

        def give_up(adjustment):
            adjustment.with_user(self.finance).action_cancel()

        def refuse(adjustment):
            adjustment.sudo()._on_refused()

        def delete(adjustment):
            adjustment.with_user(self.finance).unlink()

        def reverse(adjustment):
            adjustment.sudo()._apply_effects()
            self.assertEqual(found.scorecard_id.outcome_ids.state, "applied")
            back = adjustment.sudo().copy()
            back.reversed_id = adjustment
            back._apply_effects()

        for step in (give_up, refuse, delete, reverse):
            with self.subTest(step.__name__):
                action = found.with_user(self.finance).action_create_adjustment()
                adjustment = drafts.browse(action["res_id"])
                self.assertEqual(found.state, "adjusting")
                self.assertEqual(adjustment.state, "draft")
                step(adjustment)
                self.assertEqual(found.state, "proposed")
                self.assertEqual(found.scorecard_id.outcome_ids.state, "proposed")

    def test_an_agreed_round_applies_it(self):
        found = self._recommend(110)
        round_ = self._create_round_of_budget()
        found.with_user(self.finance).action_add_to_round()
        round_.sudo()._on_granted()
        planned = {
            line.position_id: line.amount_planned for line in round_.budget_id.line_ids
        }
        self.assertEqual(
            planned, {self.positions[0]: 12600.0, self.positions[1]: 2520.0}
        )
        self.assertEqual(found.state, "applied")
        self.assertEqual(found.scorecard_id.outcome_ids.state, "applied")

    def test_a_round_that_agrees_without_it_drops_it(self):
        found = self._recommend(110)
        round_ = self._create_round_of_budget()
        found.with_user(self.finance).action_add_to_round()
        round_.proposal_ids.line_ids.unlink()
        round_.sudo()._on_granted()
        self.assertEqual(found.state, "dropped")
        self.assertIn("agreed without it", found.note)
        self.assertEqual(found.scorecard_id.outcome_ids.state, "dropped")

    def test_a_round_given_up_lets_people_decide_again(self):
        found = self._recommend(110).with_user(self.finance)
        round_ = self._create_round_of_budget()
        found.action_add_to_round()
        round_.with_user(self.finance).action_cancel()
        self.assertEqual(
            (found.state, found.sudo().proposal_id.id), ("proposed", False)
        )
        again = self._create_round_of_budget()
        found.action_add_to_round()
        self.assertEqual(found.state, "planned")
        again.sudo().state = "draft"
        again.with_user(self.finance).unlink()
        self.assertEqual(found.state, "proposed")
        self.assertEqual(found.sudo().scorecard_id.outcome_ids.state, "proposed")

    def test_it_goes_into_the_next_budget_round(self):
        found = self._recommend(110).with_user(self.finance)
        with self.assertRaisesRegex(UserError, "No budget round"):
            found.action_add_to_round()
        round_ = self._create_round_of_budget()
        proposal = round_.proposal_ids.filtered(
            lambda one: one.department_id == self.spinning
        )
        proposal.line_ids = [
            Command.create(
                {
                    "position_id": self.positions[0].id,
                    "quantity": 4,
                    "unit_price": 2500.0,
                }
            )
        ]
        action = found.action_add_to_round()
        self.assertEqual(action["res_id"], proposal.id)
        self.assertEqual(
            {line.position_id: line.amount for line in proposal.line_ids},
            {self.positions[0]: 10600.0, self.positions[1]: 2520.0},
        )
        for line in proposal.line_ids:
            self.assertIn("scored 106.00", line.justification)
        asked = proposal.line_ids.filtered(
            lambda line: line.position_id == self.positions[0]
        )
        self.assertFalse(asked.quantity, "an amount as a whole, not of pieces")
        self.assertIn("as 4.00 × ", asked.justification)
        self.assertEqual(found.state, "planned")
        found.action_add_to_round()
        self.assertEqual(sum(proposal.line_ids.mapped("amount")), 13120.0)

    def test_dropping_says_why(self):
        found = self._recommend(110).with_user(self.officer)
        with self.assertRaisesRegex(UserError, "say in the decision"):
            found.action_drop()
        found.note = "The department is merged."
        found.action_drop()
        self.assertEqual(found.state, "dropped")
        with self.assertRaisesRegex(UserError, "decided already"):
            found.note = "Other"

    def test_each_role_sees_what_it_should(self):
        found = self._recommend(110)
        for user, reads, money in (
            (self.officer, True, False),
            (self.finance, True, True),
            (self.auditor, True, True),
            (self.users["lead"], True, False),
            (self.users["chief"], False, False),
            (self.users["anna"], False, False),
        ):
            Model = self.env["bsc.budget.recommendation"].with_user(user)
            with self.subTest(user.login):
                self.assertEqual(bool(Model.search([("id", "=", found.id)])), reads)
                for attempt in (
                    lambda Model=Model: Model.browse(found.id).read(["amount"]),
                    lambda Model=Model: Model.search([("amount", ">", 1)]),
                    lambda Model=Model: Model.search([], order="amount"),
                    lambda Model=Model: Model._read_group([], [], ["amount:sum"]),
                    lambda Model=Model: Model.env[
                        "bsc.budget.recommendation.line"
                    ].search([]),
                ):
                    if money:
                        attempt()
                    else:
                        with self.assertRaises(AccessError):
                            attempt()
        elsewhere = self.env["res.company"].create({"name": "Hill Farms"})
        foreigner = self._create_user(
            "hill", "budget_performance.group_budget_manager", elsewhere
        )
        self.assertFalse(found.with_user(foreigner).search([("id", "=", found.id)]))
        self.assertFalse(
            self.rules.with_user(foreigner).search([("id", "in", self.rules.ids)])
        )

    def test_no_client_writes_what_was_computed(self):
        found = self._recommend(110)
        for user in (self.officer, self.finance, self.manager):
            for vals in (
                {"state": "applied"},
                {"score": 200},
                {"rule_id": self.rules[0].id},
                {"facts": []},
                {"adjustment_id": 1},
                {"line_ids": [(5,)]},
                {"scorecard_id": self.cards["anna"].id},
            ):
                with (
                    self.subTest(user=user.login, vals=vals),
                    self.assertRaises(AccessError),
                    self.cr.savepoint(),
                ):
                    found.with_user(user).write(vals)
            with self.assertRaises(AccessError):
                found.with_user(user).create(
                    {"scorecard_id": self.cards["anna"].id, "state": "applied"}
                )
        for action in ("action_compute", "action_drop", "action_done"):
            with self.assertRaises(AccessError):
                getattr(found.with_user(self.users["lead"]), action)()

    def test_public_methods_are_the_known_ones(self):
        self._check_public(
            {
                "bsc.budget.recommendation": {
                    "action_add_to_round",
                    "action_compute",
                    "action_create_adjustment",
                    "action_done",
                    "action_drop",
                },
                "bsc.budget.recommendation.line": set(),
                "bsc.budget.rule": set(),
            }
        )
