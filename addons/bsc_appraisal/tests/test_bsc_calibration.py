from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .scorecard_common import ScorecardCommon

PEOPLE = 10


@tagged("post_install", "-at_install")
class TestBscCalibration(ScorecardCommon):
    """Ten spinners besides anna and bert; chief and lead look at their ratings."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        crowd = cls.env["hr.employee"].create(
            [
                {
                    "name": f"Spinner {number}",
                    "company_id": cls.company.id,
                    "department_id": cls.spinning.id,
                    "parent_id": cls.employees["lead"].id,
                }
                for number in range(PEOPLE)
            ]
        )
        cls.cards = cls.env["bsc.scorecard"]
        for employee in cls.employees["anna"] | cls.employees["lead"] | crowd:
            cls.cards |= cls._create_card(
                [(cls.income, 100.0, 100.0)],
                subject_kind="employee",
                employee_id=employee.id,
            )
        cls._run(*cls.cards)
        for number, card in enumerate(cls.cards):
            cls._measure(card, cls.income, 60.0 + 4 * number)
        cls.cards.action_score()
        cls.cycle.sudo().state = "assess"
        cls.cycle.with_user(cls.manager).action_advance()
        cls.grades = (
            cls.env["bsc.calibration"]
            .new({"cycle_id": cls.cycle.id, "company_id": cls.company.id})
            ._get_grades()
        )
        cls.anna = cls.cards[0]

    def _session(self, **values):
        defaults = {
            "name": "Spinning 2026",
            "cycle_id": self.cycle.id,
            "department_ids": [Command.link(self.mill.id)],
            "facilitator_id": self.officer.id,
            "participant_ids": [
                Command.link(self.users["chief"].id),
                Command.link(self.users["lead"].id),
            ],
        }
        session = self.env["bsc.calibration"].with_user(self.officer)
        return session.create({**defaults, **values})

    def _opened(self, **values):
        session = self._session(**values)
        session.action_open()
        return session

    def _rate(self, user, line, rating, reason="Carried the team"):
        wizard = Form(
            self.env["bsc.calibration.rate"]
            .with_user(user)
            .with_context(default_line_id=line.id)
        )
        wizard.rating_id = rating
        wizard.reason = reason
        return wizard.save().action_rate()

    def test_the_people_of_the_departments_below_are_in(self):
        session = self._opened()
        # The lead belongs to no department; everybody else spins below the mill.
        lead = self.cards.filtered(
            lambda card: card.employee_id == self.employees["lead"]
        )
        self.assertEqual(session.sudo().line_ids.scorecard_id, self.cards - lead)
        joined = session.activity_ids.mapped("user_id")
        self.assertIn(self.users["chief"], joined)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_who_has_not_joined_sees_nobody(self):
        session = self._opened()
        chief = self.users["chief"]
        Line = self.env["bsc.calibration.line"].with_user(chief)
        self.assertFalse(Line.search([]))
        self.assertFalse(session.with_user(chief).distribution)
        with self.assertRaises(AccessError):
            session.sudo().line_ids[0].with_user(chief).read(["rating_id"])
        session.with_user(chief).action_join()
        self.assertEqual(len(Line.search([])), PEOPLE + 1)
        self.assertTrue(session.with_user(chief).distribution)
        self.assertEqual(session.sudo().attendance_ids.user_id, chief)
        session.with_user(chief).action_join()
        self.assertEqual(len(session.sudo().attendance_ids), 1)
        stranger = self.users["stranger"]
        self.assertFalse(session.with_user(stranger).search([]))
        with self.assertRaises(UserError):
            session.with_user(stranger).action_join()

    def test_a_rating_changes_with_a_reason_and_the_score_stays(self):
        session = self._opened()
        chief = self.users["chief"]
        session.with_user(chief).action_join()
        line = session.sudo().line_ids.filtered(
            lambda one: one.scorecard_id == self.anna
        )
        score, grade = self.anna.score, self.anna.grade_id
        self._rate(chief, line, self.grades[0])
        self.assertEqual(line.rating_id, self.grades[0])
        self.assertTrue(line.is_changed)
        self.assertEqual((self.anna.score, self.anna.grade_id), (score, grade))
        change = self.anna.rating_change_ids
        self.assertEqual((change.user_id, change.source), (chief, "calibration"))
        with self.assertRaisesRegex(UserError, "Say why"):
            self._rate(chief, line, self.grades[1], "  ")

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_nobody_sees_or_rates_himself(self):
        session = self._opened(
            participant_ids=[Command.link(self.users["anna"].id)],
        )
        anna = self.users["anna"]
        session.with_user(anna).action_join()
        own = session.sudo().line_ids.filtered(
            lambda line: line.scorecard_id == self.anna
        )
        seen = self.env["bsc.calibration.line"].with_user(anna).search([])
        self.assertEqual(len(seen), PEOPLE)
        self.assertNotIn(own, seen)
        with self.assertRaises(AccessError):
            own.with_user(anna)._rate(self.grades[0], "I am good")
        self.assertNotIn("Anna", session.with_user(anna).nine_box or "")

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_clients_write_neither_states_nor_ratings(self):
        session = self._opened()
        chief = self.users["chief"]
        session.with_user(chief).action_join()
        line = session.sudo().line_ids[0].with_user(chief)
        line.potential = "high"
        for values in (
            {"rating_id": self.grades[0].id},
            {"proposed_rating_id": self.grades[0].id},
            {"score": 200},
            {"calibration_id": session.id},
        ):
            with self.assertRaises(AccessError):
                line.write(values)
        with self.assertRaises(AccessError):
            session.write({"state": "closed"})
        with self.assertRaises(AccessError):
            session.with_user(chief).write({"name": "Mine"})
        with self.assertRaises(AccessError):
            self.env["bsc.calibration.attendance"].with_user(chief).create(
                {"calibration_id": session.id, "user_id": chief.id}
            )
        auditor = self.auditor
        self.assertEqual(
            self.env["bsc.calibration.line"].with_user(auditor).search_count([]),
            PEOPLE + 1,
        )
        with self.assertRaises(AccessError):
            session.sudo().line_ids[0].with_user(auditor).write({"note": "x"})

    def test_a_deviation_needs_a_reason_to_close(self):
        session = self._opened(
            guideline_ids=[
                Command.create(
                    {"grade_id": self.grades[0].id, "kind": "at_most", "share": 0}
                )
            ]
        )
        self.assertTrue(session.sudo()._get_deviations())
        with self.assertRaisesRegex(UserError, "write down why"):
            session.action_close()
        session.deviation_reason = "A very good year"
        session.action_close()
        self.assertEqual(session.state, "closed")
        chief = self.users["chief"]
        with self.assertRaisesRegex(UserError, "not open"):
            session.with_user(chief).action_join()

    def test_a_binding_guideline_needs_thirty_people(self):
        with self.assertRaisesRegex(UserError, "30 people"):
            self._opened(is_strict=True)

    def test_a_person_is_in_one_open_session(self):
        self._opened()
        with self.assertRaisesRegex(UserError, "being calibrated in"):
            self._opened(name="Again")

    def test_nothing_is_published_while_a_session_is_open(self):
        session = self._opened()
        cycle = self.cycle.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "still being calibrated"):
            cycle.action_publish()
        session.action_close()
        cycle.action_publish()
        with self.assertRaisesRegex(UserError, "between the final scores"):
            self._opened(name="Too late")

    def test_a_closed_session_keeps_what_it_decided(self):
        session = self._opened()
        session.action_close()
        line = session.sudo().line_ids.filtered(
            lambda one: one.scorecard_id == self.anna
        )
        before = line.rating_id
        self.anna.sudo()._change_rating(self.grades[0], "Appeal", "appeal")
        self.assertEqual(line.rating_id, before)

    def test_the_guideline_is_complete_and_two_people_take_part(self):
        with self.assertRaisesRegex(ValidationError, "add up"):
            self._session(
                guideline_ids=[
                    Command.create({"grade_id": grade.id, "share": 10})
                    for grade in self.grades
                ]
            )
        with self.assertRaisesRegex(ValidationError, "more than one pair"):
            self._session(participant_ids=[])

    def test_advice_shows_shares_and_lenient_appraisers(self):
        share = 100 / len(self.grades)
        shares = [round(share, 2)] * (len(self.grades) - 1)
        shares.append(round(100 - sum(shares), 2))
        session = self._opened(
            guideline_ids=[
                Command.create({"grade_id": grade.id, "share": part})
                for grade, part in zip(self.grades, shares, strict=True)
            ]
        )
        lines = session.sudo().line_ids
        suggested = session.sudo()._get_suggestions(lines)
        self.assertEqual(len(suggested), len(lines))
        self.assertEqual(suggested[lines.sorted("score")[-1]], self.grades[0])
        self.assertIn("bsc_lead", session.leniency)
        lines[0].potential = "high"
        self.assertIn(lines[0].name, session.nine_box)
