from datetime import timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.bsc_appraisal.tests.common import MANAGER, OFFICER
from odoo.addons.bsc_appraisal.tests.consequence_common import ConsequenceCommon


class AppealCommon(ConsequenceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.decider = cls._create_user("decider", OFFICER)

    @classmethod
    def _appeal(cls, name="anna", **values):
        return (
            cls.env["bsc.appeal"]
            .with_user(cls.users[name])
            .create(
                {
                    "scorecard_id": cls.cards[name].id,
                    "reason": "The mill stood still in May.",
                    **values,
                }
            )
        )

    @classmethod
    def _assign(cls, appeal, user=None):
        appeal.with_user(cls.manager).decider_id = user or cls.decider


@tagged("post_install", "-at_install")
class TestBscAppeal(AppealCommon):
    def test_somebody_else_decides_and_the_score_stays(self):
        appeal = self._appeal()
        self.assertEqual(appeal.user_id, self.users["anna"])
        self.assertEqual(appeal.sudo().activity_ids.user_id, self.manager)
        self._assign(appeal)
        self.assertEqual(appeal.sudo().activity_ids.user_id, self.decider)
        score = self.cards["anna"].score
        appeal.with_user(self.decider)._decide("partly", "True.", self.grades["C"])
        self.assertEqual(appeal.state, "partly")
        self.assertEqual(self.cards["anna"].rating_id, self.grades["C"])
        self.assertEqual(self.cards["anna"].score, score)
        change = self.cards["anna"].rating_change_ids
        self.assertEqual((change.source, change.user_id), ("appeal", self.decider))
        self.assertEqual(appeal.rating_before_id, self.grades["E"])
        self.assertFalse(appeal.sudo().activity_ids)
        with self.assertRaisesRegex(UserError, "already"):
            appeal.with_user(self.decider)._decide("refused", "No")
        told = self.env["mail.message"].search(
            [
                ("model", "=", "bsc.appeal"),
                ("res_id", "=", appeal.id),
                ("subject", "=", "Your appeal is decided"),
            ]
        )
        self.assertEqual(told.partner_ids, self.users["anna"].partner_id)
        self.assertNotIn("True", told.body)

    def test_who_had_a_part_in_it_cannot_decide(self):
        appeal = self._appeal()
        for name in ("lead", "chief", "anna"):
            self.users[name].group_ids |= self.env.ref(MANAGER)
            with self.subTest(name), self.assertRaises(UserError):
                self._assign(appeal, self.users[name])
        with self.assertRaisesRegex(UserError, "officer"):
            self._assign(appeal, self.users["bert"])
        self.cards["anna"].with_user(self.officer).sudo()._change_rating(
            self.grades["C"], "Calibrated", "calibration"
        )
        with self.assertRaisesRegex(UserError, "set the rating"):
            self._assign(appeal, self.officer)

    def test_rights_are_checked_again_when_it_is_decided(self):
        """Who became the superior after being chosen cannot decide any more."""
        appeal = self._appeal()
        self._assign(appeal)
        boss = self.env["hr.employee"].create(
            {
                "name": "Boss",
                "company_id": self.company.id,
                "user_id": self.decider.id,
            }
        )
        self.employees["chief"].parent_id = boss
        with self.assertRaisesRegex(UserError, "manages"):
            appeal.with_user(self.decider)._decide("refused", "No")

    def test_superiors_in_a_circle_do_not_hang(self):
        self.employees["chief"].parent_id = self.employees["lead"]
        appeal = self._appeal()
        self.assertIn(self.users["chief"], appeal.sudo()._get_manager_users())

    def test_only_within_the_days_after_the_publication(self):
        with freeze_time(fields.Date.today() + timedelta(days=11)):
            self.assertFalse(
                self.cards["anna"].with_user(self.users["anna"]).can_appeal
            )
            with self.assertRaisesRegex(UserError, "ended"), self.cr.savepoint():
                self._appeal()
        with freeze_time(fields.Date.today() + timedelta(days=10)):
            self.cards["anna"].invalidate_recordset()
            self.assertTrue(self.cards["anna"].with_user(self.users["anna"]).can_appeal)
            self._appeal()

    def test_a_decision_needs_reasons_and_an_effect(self):
        appeal = self._appeal()
        self._assign(appeal)
        decide = appeal.with_user(self.decider)._decide
        for arguments, message in (
            (("accepted", "Because", None), "changes something"),
            (("accepted", " ", self.grades["B"]), "why"),
            (("refused", "No", self.grades["B"]), "changes nothing"),
            (("open", "No", None), "Accept it"),
        ):
            with self.subTest(arguments), self.assertRaisesRegex(UserError, message):
                decide(*arguments)
        decide("refused", "The targets knew of it.")
        self.assertEqual(self.cards["anna"].rating_id, self.grades["E"])

    def test_a_corrected_figure_counts_as_an_effect(self):
        appeal = self._appeal()
        self._assign(appeal)
        figure = self.env["bsc.measurement"].search(
            [
                ("indicator_id", "=", self.income.id),
                ("employee_id", "=", self.employees["anna"].id),
            ]
        )
        decide = appeal.with_user(self.decider)._decide
        with self.assertRaisesRegex(UserError, "new version"):
            decide("accepted", "Wrong", None, figure)
        figure.sudo().version = 2
        decide("accepted", "Wrong figure", None, figure)
        self.assertEqual(appeal.measurement_id, figure)

    def test_the_cycle_stays_open_until_it_is_decided(self):
        appeal = self._appeal()
        with self.assertRaisesRegex(UserError, "Appeals to decide: 1"):
            self.cycle.with_user(self.manager).action_advance()
        appeal.with_user(self.users["anna"]).action_withdraw()
        self.cycle.with_user(self.manager).action_advance()
        self.assertEqual(self.cycle.state, "closed")

    def test_one_appeal_a_result(self):
        appeal = self._appeal()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.cr.savepoint(),
        ):
            self._appeal()
        appeal.action_withdraw()
        self._appeal()

    def test_late_ones_are_escalated_once(self):
        appeal = self._appeal()
        self._assign(appeal)
        cron = self.env.ref("bsc_appraisal.ir_cron_bsc_appeal_remind")
        late = appeal.date_due + timedelta(days=1)
        with freeze_time(late), self.enter_registry_test_mode():
            for _time in range(2):
                cron.method_direct_trigger()
        people = appeal.sudo().activity_ids.mapped("user_id")
        self.assertEqual(people, self.decider | self.manager)
        self.assertEqual(len(appeal.sudo().activity_ids), 3)

    def test_the_dialog_decides(self):
        appeal = self._appeal()
        self._assign(appeal)
        action = appeal.with_user(self.decider).action_decide()
        dialog = (
            self.env["bsc.appeal.decide"]
            .with_user(self.decider)
            .with_context(**action["context"])
            .create({"outcome": "refused", "reason": "No", "rating_id": False})
        )
        dialog.action_decide()
        self.assertEqual(appeal.state, "refused")


@tagged("post_install", "-at_install")
class TestAppealAccess(AppealCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.appeal = cls._appeal()

    def test_each_role_reads_what_it_should(self):
        Appeal = self.env["bsc.appeal"]
        self.users["lead"].group_ids |= self.env.ref("base.group_allow_export")
        for user, sees in (
            (self.users["anna"], True),
            (self.users["lead"], False),
            (self.users["chief"], False),
            (self.users["bert"], False),
            (self.officer, True),
            (self.manager, True),
            (self.auditor, True),
        ):
            with self.subTest(user.login):
                found = Appeal.with_user(user).search([("id", "=", self.appeal.id)])
                self.assertEqual(bool(found), sees)
        bare = Appeal.with_user(self.users["lead"])
        self.assertFalse(bare.search([("reason", "ilike", "May")], order="reason"))
        self.assertFalse(bare.formatted_read_group([], ["state"], ["__count"]))
        for attempt in (
            lambda: bare.browse(self.appeal.id).read(["reason"]),
            lambda: bare.browse(self.appeal.id).export_data(["reason"]),
        ):
            with self.assertRaises(AccessError):
                attempt()
        with self.assertRaises(AccessError):
            Appeal.with_user(self.portal).search([])

    def test_other_companies_see_nothing(self):
        elsewhere = self.env["res.company"].create({"name": "Hill Farms"})
        foreigner = self._create_user("hill", MANAGER, elsewhere)
        self.assertFalse(self.env["bsc.appeal"].with_user(foreigner).search([]))
        with self.assertRaises(UserError):
            self._assign(self.appeal, foreigner)

    @mute_logger("odoo.models")
    def test_no_client_writes_the_outcome(self):
        for user in (self.users["anna"], self.users["lead"], self.officer):
            for vals in (
                {"state": "accepted"},
                {"decider_id": user.id},
                {"rating_after_id": self.grades["A"].id},
                {"reason": "Other"},
                {"user_id": user.id},
            ):
                with (
                    self.subTest(user=user.login, vals=vals),
                    self.assertRaises(UserError),  # AccessError is one, too
                    self.cr.savepoint(),
                ):
                    self.appeal.with_user(user).write(vals)
        for vals in (
            {"state": "accepted"},
            {"reason": "Other"},
            {"decision_reason": "x"},
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                self.appeal.with_user(self.manager).write(vals)

    def test_nobody_appeals_for_others_or_with_a_decision(self):
        Appeal = self.env["bsc.appeal"].with_user(self.users["bert"])
        vals = {"scorecard_id": self.cards["bert"].id, "reason": "Wrong"}
        with self.assertRaises(AccessError), self.cr.savepoint():
            Appeal.create({**vals, "state": "accepted"})
        with self.assertRaises(AccessError), self.cr.savepoint():
            Appeal.create({**vals, "decider_id": self.users["bert"].id})
        with self.assertRaises(AccessError), self.cr.savepoint():
            Appeal.with_context(default_state="accepted").create(vals)
        with self.assertRaises(AccessError), self.cr.savepoint():
            Appeal.create({**vals, "scorecard_id": self.cards["lead"].id})
        with self.assertRaises(AccessError), self.cr.savepoint():
            Appeal.with_user(self.manager).create(vals)

    def test_only_the_assigned_decides(self):
        for user in (self.users["anna"], self.officer, self.manager, self.auditor):
            with self.subTest(user.login), self.assertRaises(UserError):
                self.appeal.with_user(user)._decide("accepted", "x", self.grades["A"])

    def test_public_methods_are_the_known_ones(self):
        self._check_public(
            {
                "bsc.appeal": {
                    *("action_decide", "action_withdraw"),
                    *("action_vote", "action_close_votes"),
                }
            }
        )
