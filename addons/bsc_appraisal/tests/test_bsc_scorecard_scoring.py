from datetime import date

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.bsc_appraisal.tests.scorecard_common import ScorecardCommon


@tagged("post_install", "-at_install")
class TestScoring(ScorecardCommon):
    def test_score_is_what_the_lines_bring(self):
        """P9: positive and negative indicators, weights, grade, explanation."""
        card = self._create_card([(self.income, 60, 100), (self.waste, 40, 10)])
        self._run(card)
        self._measure(card, self.income, 120)
        self._measure(card, self.waste, 9)
        card.action_score()
        self.assertRecordValues(
            card,
            [
                {
                    "score": 116.0,
                    "coverage": 100.0,
                    "is_complete": True,
                    "grade_id": self.env.ref("bsc_appraisal.bsc_grade_excellent").id,
                }
            ],
        )
        self.assertEqual(
            card.line_ids.mapped("explanation"),
            [
                "AV 120 / TV 100 = 1.20 × 60.00 % = 72.00",
                "2 − AV 9 / TV 10 = 1.10 × 40.00 % = 44.00",
            ],
        )
        self.assertEqual(
            sum(card.perspective_scores.values()),
            sum(card.line_ids.mapped("contribution")),
        )
        self.assertIn("72.00", card.perspective_summary)

    def test_cap_keeps_the_achievement_and_limits_the_points(self):
        self._set_rule(self.income, has_cap=True, score_cap=110)
        card = self._create_card([(self.income, 100, 100)])
        self._run(card)
        self._measure(card, self.income, 150)
        card.action_score()
        self.assertRecordValues(card.line_ids, [{"raw_points": 150.0, "points": 110.0}])
        self.assertRecordValues(card, [{"score": 110.0, "raw_score": 150.0}])

    def test_three_states_of_a_missing_value(self):
        """P9: not reported holds up, not applicable is left out, zero is a value."""
        rows = [
            ({}, "missing", 120.0, 60.0, False),
            ({"answer": "not_applicable"}, "not_applicable", 120.0, 60.0, True),
            ({"answer": "zero"}, "reported", 152.0, 100.0, True),
        ]
        card = self._create_card([(self.income, 60, 100), (self.waste, 40, 10)])
        self._run(card)
        self._measure(card, self.income, 120)
        for values, status, score, coverage, is_complete in rows:
            with self.subTest(status):
                if values:
                    self._measure(card, self.waste, 0, **values)
                card.action_score()
                self.assertEqual(card.line_ids[1].status, status)
                self.assertRecordValues(
                    card,
                    [
                        {
                            "score": score,
                            "coverage": coverage,
                            "is_complete": is_complete,
                        }
                    ],
                )
                self.env["bsc.measurement"].search(
                    [("indicator_id", "=", self.waste.id)]
                ).sudo().state = "due"
                self.env["bsc.measurement"].search(
                    [("indicator_id", "=", self.waste.id)]
                ).unlink()

    def test_a_rule_that_gives_no_score_is_said_on_the_line(self):
        """DESIGN: a ratio to zero is a named error, never a silent zero."""
        card = self._create_card([(self.income, 60, 0), (self.waste, 40, 10)])
        with self.assertRaisesRegex(UserError, "Income: The target is zero"):
            card.action_agree()
        card.line_ids[0].baseline = -5  # a way out that the message names
        self.assertTrue(card.can_agree)
        card.line_ids[0].baseline = 0
        card.state = "agreed"  # agreed when nothing was checked
        self._run()
        self._measure(card, self.income, 120)
        self._measure(card, self.waste, 10)
        card.action_score()
        line = card.line_ids[0]
        self.assertEqual((line.status, line.score_error), ("failed", "zero_target"))
        self.assertIn("The target is zero", line.explanation)
        self.assertRecordValues(card, [{"score": 100.0, "is_complete": False}])

    def test_periods_are_put_together_as_the_indicator_says(self):
        card = self._create_card([(self.income, 100, 100)])
        self._run(card)
        for month, value in ((1, 30), (2, 60)):
            self._measure(
                card,
                self.income,
                value,
                date_from=date(2026, month, 1),
                date_to=date(2026, month, 28),
            )
        self._measure(
            card,
            self.income,
            999,
            date_from=date(2026, 7, 1),
            date_to=date(2026, 7, 31),
        )
        for aggregation, score in (("last", 60), ("sum", 90), ("average", 45)):
            with self.subTest(aggregation):
                self._set_rule(self.income, aggregation=aggregation)
                card.action_score()
                self.assertEqual(card.score, score)

    def test_a_period_without_a_verified_figure_holds_up_the_result(self):
        card = self._create_card([(self.income, 100, 100)])
        self._run(card)
        self._measure(card, self.income, 80)
        self._measure(
            card,
            self.income,
            0,
            state="entered",
            date_from=date(2026, 6, 1),
            date_to=date(2026, 6, 30),
        )
        card.action_score()
        self.assertRecordValues(card.line_ids, [{"missing_periods": 1, "points": 80.0}])
        self.assertFalse(card.is_complete)

    def test_drafts_and_final_scores_are_left_alone(self):
        card = self._create_card([(self.income, 100, 100)])
        self._measure(card, self.income, 80)
        card.action_score()
        self.assertFalse(card.is_scored)
        self._run(card)
        card.action_score()
        card.sudo().state = "final"
        self._measure(card, self.income, 10, version=2)
        card.action_score()
        self.assertEqual(card.score, 80.0)

    def test_company_is_scored_by_its_members(self):
        """Issue 5: roll-up equals the weighted mean of its parts, level by level."""
        company = self._create_card([], rollup="members")
        department = self._create_card(
            [],
            rollup="members",
            subject_kind="department",
            department_id=self.spinning.id,
            member_weight=3,
        )
        mill = self._create_card(
            [(self.income, 100, 100)],
            subject_kind="department",
            department_id=self.mill.id,
        )
        anna = self._create_card([(self.income, 100, 100)], employee="anna")
        bert = self._create_card([(self.income, 100, 100)], employee="bert")
        self.assertEqual((anna | bert).parent_id, department)
        department.parent_id = company
        self.assertEqual(mill.parent_id, company)
        self._run(company, department, mill, anna, bert)
        for card, value in ((anna, 90), (bert, 110), (mill, 60)):
            self._measure(card, self.income, value)
        (company | department | mill | anna | bert).action_score()
        self.assertEqual(department.score, 100.0)
        self.assertEqual(company.score, 90.0)
        self.assertTrue(company.is_complete)

    def test_people_have_no_members(self):
        with self.assertRaisesRegex(ValidationError, "Only departments"):
            self._create_card([], employee="anna", rollup="members")

    def test_target_of_each_day_counts_where_the_cycle_wants_it(self):
        self.cycle.target_policy = "days"
        card = self._create_card([(self.income, 100, None)])
        card.line_ids._set_target(100, "agreed")
        self._run(card)
        card.line_ids._set_target(
            200, "agreed", origin="change", date_effective=date(2026, 4, 1)
        )
        self._measure(card, self.income, 75)
        card.action_score()
        # 90 days of 100 and 91 of 200
        self.assertAlmostEqual(card.score, 100 * 75 / (100 + 100 * 91 / 181), places=1)
        self.cycle.target_policy = "latest"
        card.action_score()
        self.assertEqual(card.score, 37.5)

    def test_another_card_changes_nothing(self):
        """METHODS 4.3: adding an employee changes nobody else's score."""
        anna = self._create_card([(self.income, 100, 100)], employee="anna")
        self._run(anna)
        self._measure(anna, self.income, 80)
        anna.action_score()
        bert = self._create_card([(self.income, 100, 100)], employee="bert")
        bert.action_agree()
        self._measure(bert, self.income, 180)
        (anna | bert).action_score()
        self.assertEqual((anna | bert).mapped("score"), [80.0, 180.0])

    def test_previous_cycle_is_compared(self):
        before = self._create_card([(self.income, 100, 100)])
        before.sudo().write({"state": "final", "score": 90.0, "is_scored": True})
        cycle = self._create_cycle(
            name="Second half",
            date_from=date(2026, 7, 1),
            date_to=date(2026, 12, 31),
            previous_id=self.cycle.id,
        )
        card = self._create_card([(self.income, 100, 100)], cycle_id=cycle.id)
        card.action_agree()
        cycle.sudo().state = "coach"
        self._measure(card, self.income, 95)
        card.action_score()
        self.assertRecordValues(card, [{"previous_score": 90.0, "score_change": 5.0}])


@tagged("post_install", "-at_install")
class TestScoringCost(ScorecardCommon):
    def test_many_cards_cost_as_many_queries_as_one(self):
        """Issue 5: a fixed number of queries, whatever the number of scorecards."""
        people = self.env["hr.employee"].create(
            [
                {"name": f"Hand {number}", "company_id": self.company.id}
                for number in range(40)
            ]
        )
        cards = self.env["bsc.scorecard"].concat(
            *(
                self._create_card(
                    [(self.income, 60, 100), (self.waste, 40, 10)],
                    subject_kind="employee",
                    employee_id=person.id,
                )
                for person in people
            )
        )
        cards.sudo().state = "agreed"
        for card in cards:
            self._measure(card, self.income, 100)
        self.env.flush_all()

        def count_queries(some):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some._score()
            return self.env.cr.sql_log_count - before

        count_queries(cards)
        self.assertLessEqual(count_queries(cards), count_queries(cards[:2]))
        self.assertEqual(set(cards.mapped("score")), {100.0})
