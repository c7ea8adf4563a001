from datetime import date

from odoo import Command
from odoo.tests import tagged

from odoo.addons.bsc_appraisal.tests.common import OFFICER
from odoo.addons.bsc_appraisal.tests.raise_common import PayPoolCommon
from odoo.addons.bsc_appraisal.tests.test_bsc_budget_recommendation import (
    RecommendationCommon,
)
from odoo.addons.bsc_appraisal.tests.test_bsc_promotion import PromotionCommon
from odoo.addons.bsc_appraisal.tests.test_feedback_page import FeedbackPageCase

# What Anna, Lead and Bert earned before; Anna's raise is 5 %, Lead's 8 %, both times
# the factor that makes the pool: 1,234.56 / (500 + 1,200).
WAGES = {"anna": 10000.0, "lead": 15000.0, "bert": 8000.0}
POOL = 1234.56
RAISED = {"anna": 10363.11, "lead": 15871.45, "bert": 8000.0}


class StoryCommon(
    FeedbackPageCase, RecommendationCommon, PromotionCommon, PayPoolCommon
):
    """The spinning department, before anything is agreed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.card.unlink()
        cls.card = cls._create_card([(cls.income, 100, None)], employee="anna")
        cls.card.line_ids.with_user(cls.users["lead"]).target = 100
        cls.payroll = cls._create_user("pay", "payroll.group_payroll_manager")
        cls.committee = [
            cls._create_user(name, OFFICER) for name in ("chair", "mona", "nils")
        ]
        for name, wage in WAGES.items():
            cls.employees[name].write(
                {"wage": wage, "contract_date_start": date(2025, 1, 1)}
            )
        cls.cycle.appeal_quorum = 3
        cls._create_pool()
        cls._create_policy()
        cls._create_structure()

    @classmethod
    def _publish_first(cls):
        return {}

    @classmethod
    def _create_policy(cls):
        cls.policy = cls.env["bsc.raise.policy"].create(
            {
                "name": "Story",
                "company_id": cls.company.id,
                "method": "factor",
                "months_employed": 0,
                "cell_ids": [
                    Command.create(
                        {
                            "grade_id": cls.grades[code].id,
                            "percent_default": percent,
                            "percent_max": 20 if percent else 0,
                        }
                    )
                    for code, percent in (("A", 8), ("B", 5), ("C", 2), ("E", 0))
                ],
            }
        )

    @classmethod
    def _create_structure(cls):
        category = cls.env["hr.salary.rule.category"].create(
            {"name": "Basic", "code": "BASIC", "company_id": False}
        )
        basic = cls.env["hr.salary.rule"].create(
            {
                "name": "Basic",
                "code": "BASIC",
                "sequence": 1,
                "company_id": False,
                "category_id": category.id,
                "amount_select": "code",
                "amount_python_compute": "result = contract.wage",
            }
        )
        cls.structure = cls.env["hr.payroll.structure"].create(
            {
                "name": "Monthly",
                "code": "M",
                "company_id": cls.company.id,
                "parent_id": False,
                "rule_ids": [Command.set(basic.ids)],
            }
        )

    def _play(self, tour, user, url="/odoo"):
        self.start_tour(url, tour, login=user.login)
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestStory(StoryCommon):
    def test_one_department_from_its_targets_to_the_payslip(self):
        self._agree_and_measure()
        self._ask_many()
        self._calibrate()
        self._publish_results()
        self._talk()
        self._appeal_to_committee()
        plan = self._plan_development()
        self._raise_pay()
        self._compute_payslip()
        self._promote(plan)
        self._plan_next_budget()

    def _agree_and_measure(self):
        anna, lead = self.users["anna"], self.users["lead"]
        self._play("bsc_employee_accepts_targets", anna)
        self._play("bsc_manager_puts_in_force", lead)
        self.assertEqual(self.card.state, "agreed")
        self.cards = {
            name: self._create_card([(self.income, 100, 100)], employee=name)
            for name in ("lead", "bert")
        }
        self.cards["spinning"] = self._create_card(
            [(self.income, 60, 100), (self.waste, 40, 10)],
            subject_kind="department",
            department_id=self.spinning.id,
        )
        self._run(*self.cards.values())
        for name, value in (("lead", 110), ("bert", 40), ("spinning", 110)):
            self._measure(self.cards[name], self.income, value)
        self._measure(self.cards["spinning"], self.waste, 10)
        self.env["bsc.measurement"].create(
            self.env["bsc.measurement"]._find_unplanned(self.cycle, 10)
        ).date_lock = False
        self._play("bsc_collector_delivers", self.collector)
        self._play("bsc_verifier_verifies", self.officer)
        self._play("bsc_employee_sees_score", anna)
        self.cards["anna"] = self.card
        for name, score in (("lead", 110), ("bert", 40), ("spinning", 106)):
            self.cards[name].action_score()
            self.assertEqual(round(self.cards[name].score, 2), score)
        self.assertRecordValues(self.card, [{"score": 90.0, "is_complete": True}])

    def _ask_many(self):
        """P12: the published example; one customer answers by the link in his mail."""
        feedback = self._create_round()
        self._name(feedback, "reports", "rosa", "rita", "rolf")
        self._play("bsc_feedback_employee_proposes", self.users["anna"])
        self._play("bsc_feedback_manager_approves", self.users["lead"])
        self.assertEqual(feedback.state, "collecting")
        self._play_example(feedback, without="Kim")
        for name, row in zip(
            ("rosa", "rita", "rolf"), ((5, 3, 4), (4, 4, 4), (3, 2, 4)), strict=True
        ):
            self._answer(feedback, name, *row)
        self.authenticate(None, None)
        thanks = self._post(self._get_link("kim"), **self._fill(2, 3, 3))
        self.assertIn("Thank you", thanks.text)
        self._play("bsc_feedback_officer_closes", self.officer)
        self.assertEqual(feedback.state, "closed")
        self.assertEqual(self.card._get_feedback_score(), 3.8569)

    def _calibrate(self):
        self.cycle.sudo().state = "assess"
        self.cycle.with_user(self.manager).action_advance()
        session = (
            self.env["bsc.calibration"]
            .with_user(self.officer)
            .create(
                {
                    "name": "Spinning 2026",
                    "cycle_id": self.cycle.id,
                    "department_ids": [Command.link(self.spinning.id)],
                    "facilitator_id": self.officer.id,
                    "participant_ids": [Command.link(self.users["chief"].id)],
                }
            )
        )
        session.action_open()
        self._play(
            "bsc_story_calibrates",
            self.users["chief"],
            f"/odoo/performance-calibration/{session.id}",
        )
        session.action_close()
        self.assertRecordValues(
            self.card, [{"score": 90.0, "rating_id": self.grades["C"].id}]
        )
        self.assertEqual(session.sudo().attendance_ids.user_id, self.users["chief"])

    def _publish_results(self):
        self._play(
            "bsc_story_publishes",
            self.manager,
            f"/odoo/performance-cycles/{self.cycle.id}",
        )
        self.assertTrue(all(card.published_date for card in self.cards.values()))

    def _talk(self):
        self._play("bsc_story_writes_minutes", self.users["lead"])
        interview = self.env["bsc.interview"].search(
            [("scorecard_id", "=", self.card.id)]
        )
        self._play(
            "bsc_story_confirms_minutes",
            self.users["anna"],
            f"/odoo/performance-interviews/{interview.id}",
        )
        self.assertEqual(interview.state, "confirmed")
        self.assertEqual(
            interview.confirmation_ids.user_id,
            self.users["lead"] | self.users["anna"],
        )

    def _appeal_to_committee(self):
        """P14: three people vote, the chair concludes; the score stays."""
        self._play("bsc_story_appeals", self.users["anna"])
        appeal = self.card.appeal_ids
        chair, mona, nils = self.committee
        appeal.with_user(self.manager).write(
            {
                "decider_id": chair.id,
                "member_ids": [Command.set([mona.id, nils.id])],
            }
        )
        url = f"/odoo/appeals/{appeal.id}"
        self._play("bsc_story_votes", mona, url)
        for user, outcome in ((chair, "accepted"), (nils, "refused")):
            self.env["bsc.appeal.vote"].with_user(user).create(
                {"appeal_id": appeal.id, "outcome": outcome, "reason": "As I see it."}
            )
        self._play("bsc_story_concludes", chair, url)
        self.assertEqual((appeal.state, self.card.score), ("accepted", 90.0))
        self.assertEqual(
            self.card.rating_change_ids.sorted("id").mapped(
                lambda change: (change.source, change.after_id.code)
            ),
            [("calibration", "C"), ("appeal", "B")],
        )

    def _plan_development(self):
        """O4: a poor result leads to a plan, which is carried out."""
        self._play("bsc_officer_plans_development", self.officer)
        bert = self.users["bert"]
        plan = self.cards["bert"].development_plan_ids
        plan.with_user(bert).action_agree()
        step = plan.action_ids.with_user(bert)
        step.evidence = "Certificate of June"
        step.action_complete()
        plan.with_user(self.officer).action_finish()
        return plan

    def _raise_pay(self):
        """O1: the pool is spent to the cent, and everybody's wage is a new version."""
        batch = self._create_batch(name="Tour raises", pool_amount=POOL)
        self.assertEqual(self._get_held(), (0.0, 0.0))
        self._play("bsc_raise_simulates", self.maker)
        self.assertEqual(self._get_held(), (POOL, 0.0))
        self._play("bsc_raise_approves", self.checker)
        self.assertEqual(self._get_held(), (POOL, 0.0))
        self._play("bsc_raise_applies", self.maker)
        self.assertEqual(batch.state, "applied")
        self.assertEqual(self._get_held(), (0.0, POOL))
        self.assertEqual(self.pool.amount_available, 100000.0 - POOL)
        for name, wage in RAISED.items():
            versions = self.employees[name].version_ids.sorted("date_version")
            self.assertEqual(versions[-1].wage, wage)
        anna = self.employees["anna"]
        versions = anna.version_ids.sorted("date_version")
        self.assertEqual(
            versions.mapped("date_version"), [date(2025, 1, 1), date(2026, 12, 1)]
        )
        self._play("bsc_story_sees_raise", self.maker, f"/odoo/employees/{anna.id}")

    def _compute_payslip(self):
        anna = self.employees["anna"]
        slip = (
            self.env["hr.payslip"]
            .with_user(self.payroll)
            .create(
                {
                    "name": "December of Anna",
                    "employee_id": anna.id,
                    "company_id": self.company.id,
                    "date_from": "2026-12-01",
                    "date_to": "2026-12-31",
                    "contract_id": anna._get_version(date(2026, 12, 31)).id,
                    "struct_id": self.structure.id,
                }
            )
        )
        self._play(
            "bsc_story_computes_payslip", self.payroll, f"/odoo/hr.payslip/{slip.id}"
        )
        self.assertEqual(slip.line_ids.mapped("total"), [RAISED["anna"]])
        self.assertFalse(slip.award_issue)

    def _promote(self, plan):
        """O3: re-assessed with 95, Bert may be promoted."""
        self._publish_next({"bert": 95})
        self.assertEqual(plan.reassessment_state, "passed")
        self.listing.date_effective = date(2027, 9, 1)
        promotion = self._propose("bert")
        promotion.with_user(self.officer).action_submit()
        self._play("bsc_manager_approves_promotion", self.manager)
        promotion.with_user(self.cfo).action_approve()
        self._play("bsc_manager_applies_promotion", self.manager)
        version = promotion.sudo().version_id
        self.assertRecordValues(
            version,
            [{"job_id": self.foreman.id, "date_version": date(2027, 9, 1)}],
        )

    def _plan_next_budget(self):
        """O5: 106.00 points are 5 % more on next year's line."""
        self._run_recommendations()
        found = self.cards["spinning"].budget_recommendation_ids
        self.assertEqual((found.rule_id.name, round(found.score, 2)), ("Met", 106.0))
        budget_round = self._create_round_of_budget()
        self._play("bsc_story_plans_next_budget", self.finance)
        self.assertEqual(found.state, "planned")
        budget_round.sudo()._on_granted()
        self.assertRecordValues(
            budget_round.budget_id.line_ids.sorted("amount_planned"),
            [
                {"position_id": self.positions[1].id, "amount_planned": 2520.0},
                {"position_id": self.positions[0].id, "amount_planned": 12600.0},
            ],
        )
        self.assertEqual(found.state, "applied")
