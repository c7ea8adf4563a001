from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.bsc_appraisal.tests.scorecard_common import ScorecardCommon


@tagged("post_install", "-at_install")
class TestScorecard(ScorecardCommon):
    def test_what_is_refused_and_what_is_flagged(self):
        """P4, P5, P7: reasons with what to do, in words."""
        financial = self.env.ref("bsc_appraisal.bsc_perspective_financial")
        self.income.perspective_id = financial
        rows = [
            ([], "refusals", "no indicator yet"),
            ([(self.income, 99, 1)], "refusals", "sum to 99.00 %"),
            ([(self.income, 100, 1)], "flags", "All indicators are financial"),
        ]
        for lines, field_name, text in rows:
            card = self._create_card(lines)
            with self.subTest(text):
                self.assertIn(text, card[field_name])
                if field_name == "refusals":
                    with self.assertRaisesRegex(UserError, text):
                        card.action_agree()
            card.unlink()

    def test_more_indicators_than_the_cycle_allows_are_refused(self):
        """P4: 30 in general, fewer where the cycle says so."""
        self.cycle.max_indicators = 1
        card = self._create_card([(self.income, 60, 1), (self.waste, 40, 1)])
        with self.assertRaisesRegex(UserError, "2 indicators are too many"):
            card.action_agree()

    def test_target_beyond_capacity_is_challenged(self):
        """P7: more than 20 % above what was assessed as possible."""
        card = self._create_card([(self.income, 60, 125), (self.waste, 40, 10)])
        card.line_ids[0].capacity = 100
        self.assertIn("25.0 % above", card.flags)
        self.assertEqual(card.line_ids[0].over_capacity, 25.0)
        card.line_ids[0].capacity = 110
        self.assertFalse(card.flags)

    def test_targets_below_must_add_up_to_the_one_above(self):
        """P2: contribution is visible both ways, a gap is flagged."""
        self._set_rule(self.income, aggregation="sum")
        company = self._create_card([(self.income, 60, 100), (self.waste, 40, 10)])
        mill = self._create_card(
            [(self.income, 60, 70), (self.waste, 40, 10)],
            subject_kind="department",
            department_id=self.mill.id,
        )
        above, below = company.line_ids[0], mill.line_ids[0]
        below.parent_line_id = above
        self.assertIn("Seaside Mills", below.serves)
        self.assertEqual(below.parent_share, 70.0)
        self.assertFalse(above.serves)
        self.assertRecordValues(above, [{"served_total": 70.0, "served_gap": 30.0}])
        self.assertIn("promise 70.0 of 100.0", company.flags)
        mill.line_ids[1].parent_line_id = company.line_ids[1]
        self.assertFalse(company.line_ids[1].served_gap, "averages do not add up")

    def test_a_line_serves_only_the_card_above(self):
        company = self._create_card([(self.income, 100, 100)])
        anna = self._create_card([(self.income, 100, 100)], employee="anna")
        bert = self._create_card([(self.income, 100, 100)], employee="bert")
        anna.line_ids.parent_line_id = company.line_ids
        with self.assertRaisesRegex(ValidationError, "scorecard above"):
            anna.line_ids.parent_line_id = bert.line_ids
        with self.assertRaisesRegex(ValidationError, "cannot serve itself"):
            company.parent_id = anna

    def test_a_subject_has_one_card_per_cycle(self):
        self._create_card([], employee="anna")
        with mute_logger("odoo.sql_db"), self.assertRaises(Exception) as caught:
            self._create_card([], employee="anna")
        self.assertIn("subject_uniq", str(caught.exception))

    def test_a_card_is_about_one_subject(self):
        for values in (
            {"subject_kind": "employee"},
            {"subject_kind": "company", "department_id": self.mill.id},
            {"subject_kind": "department", "job_id": self.job.id},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self._create_card([], **values)

    def test_an_agreed_card_is_closed(self):
        card = self._create_card([(self.income, 100, 100)]).with_user(self.officer)
        card.action_agree()
        line = card.line_ids
        for attempt in (
            lambda: line.write({"weight": 50}),
            lambda: line.write({"target": 50}),
            line.unlink,
            lambda: line.create(
                {
                    "scorecard_id": card.id,
                    "indicator_id": self.waste.id,
                    "weight": 1,
                }
            ),
            card.unlink,
        ):
            with self.assertRaises(UserError):
                attempt()
        self.assertEqual(line.target, 100.0)
        card.action_reopen()
        line.weight = 90
        self.cycle.sudo().state = "coach"
        with self.assertRaisesRegex(UserError, "sum to 90.00"):
            card.action_agree()
        line.weight = 100
        card.action_agree()
        with self.assertRaisesRegex(UserError, "The cycle is running"):
            card.action_reopen()

    def test_a_draft_indicator_measures_nobody(self):
        draft = self._create_draft(code="DR")
        with self.assertRaisesRegex(ValidationError, "is a draft"):
            self._create_card([(draft, 100, 1)])

    def test_people_are_frozen_when_the_card_is_made(self):
        """SECURITY: a later move does not hand the card to somebody else."""
        card = self._create_card([], employee="anna")
        self.employees["anna"].parent_id = self.employees["chief"]
        self.env.flush_all()
        self.assertEqual(card.appraiser_id, self.users["lead"])

    def test_who_is_above_himself_gets_no_card(self):
        self.employees["chief"].parent_id = self.employees["chief"]
        with self.assertRaisesRegex(UserError, "Chief.*own superior.*right superior"):
            self._create_card([], employee="chief")
