from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.bsc_appraisal.tests.common import AppraisalCommon

# The text of the published case (REQUIREMENTS S3), first against second.
CASE = [2, 3, 3, 2, 4, -2]
CIRCLE = [5, -5, 1, 5, 1, 1]


class WeightingCommon(AppraisalCommon):
    """A study over four indicators, three experts; its owner is an officer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.indicators = cls.env["bsc.indicator"]
        for number in range(4):
            cls.indicators |= cls._create_active(
                code=f"W{number}", name=f"Thing {number}", sequence=number, weight=25.0
            )
        cls.experts = [
            cls._create_user(f"expert{number}", "base.group_user")
            for number in range(3)
        ]
        cls.study = cls._create_study()

    @classmethod
    def _create_study(cls, **values):
        defaults = {
            "name": "Weights of the year",
            "perspective_id": cls.perspective.id,
            "scale": "5",
            "expert_ids": [
                Command.create({"user_id": expert.id}) for expert in cls.experts
            ],
        }
        Study = cls.env["bsc.weighting"].with_user(cls.officer)
        return Study.create({**defaults, **values})

    def _get_part(self, user, study=None):
        part = (
            (study or self.study)
            .sudo()
            .expert_ids.filtered(lambda expert: expert.user_id == user)
        )
        return part.sudo(False).with_user(user)

    def _judge(self, user, answers, study=None):
        """Answer pair by pair: n = the first n times, -n = the second, 0 = open."""
        part = self._get_part(user, study)
        for judgement, answer in zip(part.judgement_ids, answers, strict=True):
            judgement.write(
                {
                    "strength": abs(answer),
                    "favours": "second" if answer < 0 else "first",
                }
            )
        return part

    def _answer_all(self, answers=None):
        for expert in self.experts:
            self._judge(expert, answers or CASE).action_submit()


@tagged("post_install", "-at_install")
class TestBscWeighting(WeightingCommon):
    def test_study_of_the_published_case(self):
        """P5: 43.19 / 31.27 / 11.50 / 14.04, λ 4.2216, CI .0739, CR .0821."""
        self.study.action_open()
        self._answer_all()
        self.study.action_close()
        self.assertRecordValues(
            self.study,
            [
                {
                    "state": "closed",
                    "lambda_max": 4.2216,
                    "consistency_index": 0.0739,
                    "consistency_ratio": 0.0821,
                    "consensus": 1.0,
                }
            ],
        )
        version = self.study.version_ids
        self.assertEqual(version.line_ids.mapped("weight"), [43.19, 31.27, 11.5, 14.04])
        self.assertEqual(version.weight_total, 100.0)
        self.assertIn("lenient on short scales", self.study.advice)

    def test_pairs_are_made_once_and_the_other_half_is_not_stored(self):
        self.study.action_open()
        for expert in self.study.sudo().expert_ids:
            self.assertEqual(len(expert.judgement_ids), 6)
            self.assertEqual(expert.judged, "0/6")

    def test_inconsistent_answers_come_back_with_what_to_look_at(self):
        """P5: the gate is individual; nothing is changed for the expert."""
        self.study.action_open()
        part = self._judge(self.experts[0], CIRCLE)
        shown = part.action_submit()
        self.assertEqual(part.state, "returned")
        self.assertEqual(shown["params"]["type"], "warning")
        self.assertIn("Thing 0", part.returned_note)
        self.assertIn("you say", part.returned_note)
        self.assertEqual(part.judgement_ids.mapped("strength"), [5, 5, 1, 5, 1, 1])
        self._judge(self.experts[0], CASE).action_submit()
        self.assertEqual(part.state, "submitted")
        self.assertFalse(part.returned_note)

    def test_incomplete_answers_count_while_they_connect_everything(self):
        self.study.action_open()
        part = self._judge(self.experts[0], [2, 0, 0, 0, 0, -2])
        with self.assertRaisesRegex(UserError, "Thing 0.*\n.*Thing 2"):
            part.action_submit()
        self._judge(self.experts[0], [2, 0, 0, 2, 0, -2]).action_submit()
        self.assertEqual(part.state, "submitted")
        self.assertEqual(part.judged, "3/6")

    def test_too_few_answers_do_not_close(self):
        self.study.action_open()
        self._judge(self.experts[0], CASE).action_submit()
        self._judge(self.experts[1], CIRCLE).action_submit()
        with self.assertRaisesRegex(UserError, "needs 3 answers, 1 are handed in"):
            self.study.action_close()
        self.study.min_experts = 1
        self.study.action_close()
        self.assertEqual(self.study.answer_count, 1)
        body = self.study.message_ids[0].body
        self.assertRegex(body, r"bsc_expert1 \(.*\) \(CR 1\.009\)")
        self.assertRegex(body, r"bsc_expert2 \(.*\) \(not handed in\)")

    def test_weight_of_an_expert_counts(self):
        self.study.action_open()
        for expert, answer in zip(self.experts, (5, 1, 1), strict=True):
            answers = [answer, answer, answer, 1, 1, 1]
            self._judge(expert, answers).action_submit()
        self.study.expert_ids[0].weight = 4.0
        self.study.action_close()
        # 5 to the power of 4/6, against three that are equal.
        expected = 100 * 5 ** (4 / 6) / (5 ** (4 / 6) + 3)
        self.assertAlmostEqual(self.study.criterion_ids[0].priority, expected, places=6)
        self.assertLess(self.study.consensus, 1.0)

    def test_what_keeps_a_study_from_being_opened(self):
        rows = [
            ({"perspective_id": self._create_perspective(code="E").id}, "nothing to"),
            ({"expert_ids": []}, "Invite at least 3 experts, there are 0"),
        ]
        for values, message in rows:
            study = self._create_study(**values)
            with self.subTest(message), self.assertRaisesRegex(UserError, message):
                study.action_open()
        for number in range(12):
            self._create_active(code=f"X{number}", name=f"More {number}")
        study = self._create_study()
        self.assertEqual(study.criterion_count, 16)
        with self.assertRaisesRegex(UserError, "16 are too many .* at most 15"):
            study.action_open()

    def test_questions_stay_as_they_are_once_asked(self):
        self.study.action_open()
        for vals in (
            {"scale": "9"},
            {"method": "geometric_mean"},
            {"threshold": 0.9},
            {"perspective_id": False},
        ):
            with self.subTest(vals), self.assertRaisesRegex(UserError, "are asked"):
                self.study.write(vals)
        with self.assertRaisesRegex(UserError, "are asked"):
            self.study.action_load_criteria()

    def test_steps_that_do_not_exist_are_refused(self):
        for action in ("action_close", "action_remind"):
            with self.subTest(action), self.assertRaisesRegex(UserError, "“Draft”"):
                getattr(self.study, action)()
        self.study.action_open()
        self._answer_all()
        self.study.action_close()
        for action in ("action_open", "action_close", "action_cancel"):
            with self.subTest(action), self.assertRaisesRegex(UserError, "“Closed”"):
                getattr(self.study, action)()
        with self.assertRaisesRegex(UserError, "it stays"):
            self.study.unlink()
        for vals in ({"min_experts": 1}, {"name": "Other"}, {"note": "Later."}):
            with self.subTest(vals), self.assertRaisesRegex(UserError, "“Closed”"):
                self.study.write(vals)

    def test_value_beyond_the_scale_is_refused(self):
        self.study.action_open()
        judgement = self._get_part(self.experts[0]).judgement_ids[0]
        with self.assertRaisesRegex(ValidationError, "not on the scale of 1 to 5"):
            judgement.strength = 6

    def test_perspectives_are_a_node_as_well(self):
        study = self._create_study(perspective_id=False)
        self.assertEqual(
            study.criterion_ids.perspective_id,
            self.env["bsc.perspective"].search([("company_id", "=", False)]),
        )

    def test_experts_are_asked_and_reminded_and_left_alone(self):
        self.study.action_open()
        part = self._get_part(self.experts[0])
        self.assertEqual(part.activity_ids.user_id, self.experts[0])
        self.study.action_remind()
        self.assertEqual(len(part.activity_ids), 1)
        self._judge(self.experts[0], CASE).action_submit()
        self.assertFalse(part.activity_ids)

    def test_expert_who_joins_late_gets_his_pairs(self):
        late = self._create_user("late", "base.group_user")
        self.study.action_open()
        self.study.expert_ids = [Command.create({"user_id": late.id})]
        self.assertEqual(len(self._get_part(late).judgement_ids), 6)


@tagged("post_install", "-at_install")
class TestWeightingVersion(WeightingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.study.action_open()
        for expert in cls.study.sudo().expert_ids:
            for judgement, answer in zip(expert.judgement_ids, CASE, strict=True):
                judgement.strength = abs(answer)
                judgement.favours = "second" if answer < 0 else "first"
            expert.sudo(False).with_user(expert.user_id).action_submit()
        cls.study.action_close()
        cls.version = cls.study.version_ids.with_user(cls.manager)

    def _adjust(self, weights):
        action = self.version.action_adjust()
        copy = self.version.browse(action["res_id"])
        for line, weight in zip(copy.line_ids, weights, strict=True):
            line.weight = weight
        return copy

    def test_applied_weights_sum_to_one_hundred(self):
        """P5: largest remainder to 100.00."""
        self.version.action_apply()
        self.assertEqual(self.indicators.mapped("weight"), [43.19, 31.27, 11.5, 14.04])
        self.assertEqual(self.version.applied_by_id, self.manager)

    def test_adjusted_weight_stands_beside_what_the_experts_said(self):
        copy = self._adjust([40.0, 35.0, 11.5, 13.5])
        self.assertEqual((copy.number, copy.state), (2, "draft"))
        with self.assertRaisesRegex(UserError, "Say why"):
            copy.action_confirm()
        copy.reason = "Customers are the bottleneck this year."
        copy.action_confirm()
        self.assertTrue(copy.is_manual)
        self.assertEqual(
            copy.line_ids.mapped("ahp_weight"), [43.19, 31.27, 11.5, 14.04]
        )
        self.assertEqual(copy.line_ids.mapped("is_manual"), [True, True, False, True])
        self.assertFalse(self.version.is_manual)

    def test_sum_is_checked_and_can_be_rescaled(self):
        copy = self._adjust([50.0, 50.0, 25.0, 25.0])
        copy.reason = "Round numbers."
        with self.assertRaisesRegex(UserError, "sum to 150.00 %"):
            copy.action_confirm()
        copy.action_rescale()
        self.assertEqual(copy.weight_total, 100.0)
        self.assertEqual(copy.line_ids.mapped("weight"), [33.33, 33.33, 16.67, 16.67])
        copy.action_confirm()

    def test_confirmed_version_never_changes(self):
        rows = [
            lambda: self.version.write({"reason": "Other"}),
            lambda: self.version.line_ids[0].write({"weight": 1.0}),
            self.version.unlink,
            self.version.action_confirm,
            self.version.action_rescale,
        ]
        for attempt in rows:
            with self.assertRaisesRegex(UserError, "kept as it is"):
                attempt()

    def test_changed_indicators_need_a_new_study(self):
        self._create_active(code="New", name="New thing")
        with self.assertRaisesRegex(UserError, "Make a new study"):
            self.version.action_apply()

    def test_who_sets_weights(self):
        for user in (self.officer, self.experts[0], self.auditor):
            version = self.version.with_user(user)
            self.assertEqual(len(version.line_ids), 4)
            for action in ("action_apply", "action_adjust", "action_confirm"):
                with (
                    self.subTest(user=user.login, action=action),
                    self.assertRaisesRegex(UserError, "Only an appraisal manager"),
                ):
                    getattr(version, action)()
        with self.assertRaises(AccessError):
            self.version.with_user(self.employee).read(["reason"])

    def test_versions_and_weights_are_not_made_by_clients(self):
        line = self.version.line_ids[0]
        for attempt in (
            lambda: self.version.create(
                {"weighting_id": self.study.id, "number": 9, "state": "confirmed"}
            ),
            self.version.copy,
            lambda: line.create(
                {"version_id": self.version.id, "criterion_id": line.criterion_id.id}
            ),
            line.unlink,
            lambda: self._adjust([1, 2, 3, 4]).write({"state": "applied"}),
            lambda: self._adjust([1, 2, 3, 4]).line_ids.write({"ahp_weight": 1.0}),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                attempt()
