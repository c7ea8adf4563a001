from datetime import timedelta

from freezegun import freeze_time
from psycopg2 import Error as DatabaseError

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.bsc_appraisal.tests.common import MANAGER, OFFICER
from odoo.addons.bsc_appraisal.tests.test_bsc_appeal import AppealCommon


class CommitteeCommon(AppealCommon):
    """Three people vote on the appeal of Anna; ``decider`` chairs them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cycle.appeal_quorum = 3
        cls.members = {
            name: cls._create_user(name, OFFICER) for name in ("mona", "nils")
        }
        cls.appeal = cls._appeal()
        cls._name_committee(*cls.members.values())

    @classmethod
    def _name_committee(cls, *users):
        cls.appeal.with_user(cls.manager).write(
            {
                "decider_id": cls.decider.id,
                "member_ids": [Command.set([user.id for user in users])],
            }
        )

    @classmethod
    def _vote(cls, user, outcome, **values):
        return (
            cls.env["bsc.appeal.vote"]
            .with_user(user)
            .create(
                {
                    "appeal_id": cls.appeal.id,
                    "outcome": outcome,
                    "reason": f"{user.login} thinks so",
                    **values,
                }
            )
        )

    def _vote_all(self, chair, mona, nils):
        self._vote(self.decider, chair)
        self._vote(self.members["mona"], mona)
        self._vote(self.members["nils"], nils)

    def _get_asked(self):
        return self.appeal.sudo().activity_ids.user_id


@tagged("post_install", "-at_install")
class TestAppealVote(CommitteeCommon):
    def test_the_chair_concludes_what_the_majority_says(self):
        chair = self.appeal.with_user(self.decider)
        everybody = self.decider | self.members["mona"] | self.members["nils"]
        self.assertEqual(self._get_asked(), everybody)
        self._vote(self.members["mona"], "partly")
        self.assertEqual(self._get_asked(), everybody - self.members["mona"])
        self.assertEqual(chair.vote_progress, "1 of 3 voted, 3 needed")
        with self.assertRaisesRegex(UserError, "has not voted yet"):
            chair._decide("refused", "No")
        self._vote(self.decider, "refused")
        self._vote(self.members["nils"], "partly")
        self.assertTrue(self.appeal.date_votes_closed)
        self.assertEqual(self._get_asked(), self.decider)
        self.assertEqual(
            chair.vote_summary.splitlines(),
            ["Accept Partly: 2 · Refuse: 1", "The majority says: Accept Partly."],
        )
        with self.assertRaisesRegex(UserError, "voted otherwise"):
            chair._decide("refused", "No")
        chair._decide("partly", "Two of three agree.", self.grades["C"])
        self.assertEqual(self.appeal.state, "partly")
        self.assertEqual(self.cards["anna"].rating_id, self.grades["C"])
        self.assertFalse(self._get_asked())

    def test_without_a_majority_the_chair_decides(self):
        self._vote_all("accepted", "partly", "refused")
        chair = self.appeal.with_user(self.decider)
        self.assertIn("Accept / Accept Partly", chair.vote_summary)
        with self.assertRaisesRegex(UserError, "voted otherwise"):
            chair._decide("refused", "No")
        chair._decide("accepted", "Yes", self.grades["C"])

    def test_enough_votes_let_the_chair_close(self):
        self.cycle.appeal_quorum = 2
        self._name_committee(*self.members.values())
        chair = self.appeal.with_user(self.decider)
        self._vote(self.decider, "refused")
        with self.assertRaisesRegex(UserError, "enough"):
            chair.action_close_votes()
        self._vote(self.members["mona"], "refused")
        with self.assertRaisesRegex(UserError, "closes the vote"):
            self.appeal.with_user(self.members["mona"]).action_close_votes()
        self.assertTrue(chair.can_close_votes)
        chair.action_close_votes()
        with self.assertRaisesRegex(UserError, "is closed"):
            self._vote(self.members["nils"], "accepted")
        chair._decide("refused", "Both who voted say so.")
        self.assertEqual(self.appeal.state, "refused")

    def test_a_named_committee_votes_without_a_quorum(self):
        self.cycle.appeal_quorum = 1
        self.assertEqual(self.appeal.votes_needed, 2)
        self.appeal.with_user(self.manager).member_ids = False
        self.assertFalse(self.appeal.votes_needed)
        self.appeal.with_user(self.decider)._decide("refused", "Alone")

    def test_a_quorum_needs_members(self):
        self.appeal.with_user(self.manager).member_ids = False
        self._vote(self.decider, "refused")
        self.assertFalse(self.appeal.date_votes_closed)
        with self.assertRaisesRegex(UserError, "1 of 1 voted, 3 needed"):
            self.appeal.with_user(self.decider)._decide("refused", "Alone")

    def test_nobody_with_a_part_in_the_result_is_a_member(self):
        for name in ("lead", "chief", "anna"):
            self.users[name].group_ids |= self.env.ref(MANAGER)
            with self.subTest(name), self.assertRaises(ValidationError):
                self._name_committee(self.users[name])
        with self.assertRaisesRegex(UserError, "officer"), self.cr.savepoint():
            self._name_committee(self.users["bert"])
        self.employees["chief"].parent_id = self.env["hr.employee"].create(
            {
                "name": "Boss",
                "company_id": self.company.id,
                "user_id": self.members["mona"].id,
            }
        )
        with self.assertRaisesRegex(UserError, "manages"):
            self._vote(self.members["mona"], "refused")

    def test_who_has_voted_stays(self):
        self._vote(self.members["mona"], "refused")
        with self.assertRaisesRegex(UserError, "stays in the committee"):
            self._name_committee(self.members["nils"])
        extra = self._create_user("olga", OFFICER)
        self._name_committee(self.members["mona"], extra)
        self.assertEqual(self._get_asked(), self.decider | extra)
        self._vote(self.decider, "refused")
        self._vote(extra, "refused")
        with self.assertRaisesRegex(UserError, "stays as it is"):
            self._name_committee(self.members["mona"])

    def test_a_vote_is_cast_once_and_never_changed(self):
        vote = self._vote(self.members["mona"], "refused")
        with self.assertRaisesRegex(UserError, "voted already"):
            self._vote(self.members["mona"], "accepted")
        with self.assertRaisesRegex(UserError, "Say why"):
            self._vote(self.members["nils"], "accepted", reason=" ")
        with self.assertRaises(UserError):
            vote.sudo().outcome = "accepted"
        with self.assertRaises(UserError):
            vote.sudo().unlink()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(DatabaseError, "append-only"),
            self.cr.savepoint(),
        ):
            self.cr.execute("UPDATE bsc_appeal_vote SET outcome = 'accepted'")

    def test_members_are_reminded_until_they_voted(self):
        self._vote(self.members["mona"], "refused")
        cron = self.env.ref("bsc_appraisal.ir_cron_bsc_appeal_remind")
        before = self.appeal.sudo().activity_ids
        near = self.appeal.date_due - timedelta(days=1)
        with freeze_time(near), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        reminders = self.appeal.sudo().activity_ids - before
        self.assertEqual(reminders.user_id, self.decider | self.members["nils"])

    def test_the_dialogs(self):
        member = self.appeal.with_user(self.members["mona"])
        self.assertTrue(member.can_vote)
        action = member.action_vote()
        self.assertEqual(action["context"], {"default_appeal_id": self.appeal.id})
        self._vote_all("refused", "refused", "refused")
        action = self.appeal.with_user(self.decider).action_decide()
        dialog = (
            self.env["bsc.appeal.decide"]
            .with_user(self.decider)
            .with_context(**action["context"])
            .new({})
        )
        self.assertIn("The majority says: Refuse.", dialog.vote_summary)

    def test_statistics_count_what_was_decided(self):
        """Days are those of decisions: open ones do not make the average look good."""
        self._vote_all("refused", "refused", "refused")
        other = self._appeal("bert")
        with freeze_time(fields.Date.today() + timedelta(days=4)):
            self.appeal.with_user(self.decider)._decide("refused", "No")
        self.env.flush_all()
        rows = self.env["bsc.appeal"]._read_group(
            [("id", "in", (self.appeal + other).ids)], [], ["__count", "days:avg"]
        )
        self.assertEqual(rows, [(2, 4.0)])


@tagged("post_install", "-at_install")
class TestAppealVoteAccess(CommitteeCommon):
    @mute_logger("odoo.models", "odoo.addons.base.models.ir_rule")
    def test_nobody_reads_the_votes_of_others_before_they_are_closed(self):
        vote = self._vote(self.members["mona"], "refused")
        Vote, Appeal = self.env["bsc.appeal.vote"], self.env["bsc.appeal"]
        self.env.invalidate_all()
        for user in (self.decider, self.officer, self.manager, self.auditor):
            user.group_ids |= self.env.ref("base.group_allow_export")
            votes, appeals = Vote.with_user(user), Appeal.with_user(user)
            mine = [("id", "=", self.appeal.id)]
            with self.subTest(user.login):
                self.assertFalse(votes.search([]))
                self.assertFalse(votes.search([("outcome", "=", "refused")]))
                self.assertFalse(
                    votes.formatted_read_group([], ["outcome"], ["__count"])
                )
                self.assertFalse(
                    appeals.search([*mine, ("vote_ids.outcome", "=", "refused")])
                )
                self.assertFalse(
                    appeals.search(
                        [*mine, ("vote_ids", "any", [("reason", "ilike", "thinks")])]
                    )
                )
                self.assertFalse(appeals.search(mine).vote_ids)
                self.assertFalse(appeals.search(mine).vote_summary)
                row = appeals.search(mine).export_data(["vote_ids/outcome"])
                self.assertEqual(row["datas"], [[""]])
                for attempt in (
                    lambda votes=votes: votes.browse(vote.id).read(["outcome"]),
                    lambda votes=votes: votes.browse(vote.id).export_data(["outcome"]),
                ):
                    with self.assertRaises(AccessError):
                        attempt()
        self.assertEqual(Vote.with_user(self.members["mona"]).search([]), vote)

    @mute_logger("odoo.models", "odoo.addons.base.models.ir_rule")
    def test_each_role_reads_closed_votes_or_not(self):
        """The appellant and who appraised never do, officers though they may be."""
        self._vote_all("refused", "refused", "accepted")
        for name in ("anna", "lead"):
            self.users[name].group_ids |= self.env.ref(OFFICER)
        self.env.invalidate_all()
        Vote = self.env["bsc.appeal.vote"]
        for user, count in (
            (self.decider, 3),
            (self.members["mona"], 3),
            (self.officer, 3),
            (self.manager, 3),
            (self.auditor, 3),
            (self.users["anna"], 0),
            (self.users["lead"], 0),
        ):
            with self.subTest(user.login):
                self.assertEqual(Vote.with_user(user).search_count([]), count)
        self.assertFalse(self.appeal.with_user(self.users["anna"]).vote_summary)
        for user in (self.users["bert"], self.portal):
            with self.subTest(user.login), self.assertRaises(AccessError):
                Vote.with_user(user).search([])

    def test_the_appellant_reads_who_decides_and_nothing_of_the_votes(self):
        self._vote_all("refused", "refused", "accepted")
        self.env.invalidate_all()
        anna = self.appeal.with_user(self.users["anna"])
        self.assertEqual(len(anna.member_ids), 2)
        self.assertFalse(anna.vote_summary)
        self.assertFalse(anna.can_vote or anna.can_close_votes or anna.can_decide)
        with self.assertRaises(AccessError):
            anna.read(["vote_ids"])

    def test_nobody_votes_for_others_or_without_being_named(self):
        for values in (
            {"user_id": self.members["nils"].id},
            {"date": "2020-01-01 00:00:00"},
            {"company_id": self.company.id},
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                self._vote(self.members["mona"], "refused", **values)
        forged = self.env["bsc.appeal.vote"].with_user(self.members["mona"])
        vote = forged.with_context(default_user_id=self.members["nils"].id).create(
            {"appeal_id": self.appeal.id, "outcome": "refused", "reason": "Mine"}
        )
        self.assertEqual(vote.user_id, self.members["mona"])
        for user in (self.officer, self.manager):
            with self.subTest(user.login), self.assertRaisesRegex(UserError, "members"):
                self._vote(user, "refused")
        for user in (self.auditor, self.users["anna"], self.users["lead"]):
            with self.subTest(user.login), self.assertRaises(UserError):
                self._vote(user, "refused")

    @mute_logger("odoo.models")
    def test_only_managers_name_the_committee(self):
        anna = self.users["anna"]
        for user in (anna, self.users["lead"], self.officer, self.auditor):
            for values in (
                {"member_ids": [Command.link(self.officer.id)]},
                {"date_votes_closed": fields.Datetime.now()},
            ):
                with (
                    self.subTest(user=user.login, values=values),
                    self.assertRaises(UserError),  # AccessError is one, too
                    self.cr.savepoint(),
                ):
                    self.appeal.with_user(user).write(values)
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.appeal.with_user(self.manager).date_votes_closed = "2026-07-20"
        Appeal = self.env["bsc.appeal"].with_user(self.users["bert"])
        with self.assertRaises(AccessError), self.cr.savepoint():
            Appeal.create(
                {
                    "scorecard_id": self.cards["bert"].id,
                    "reason": "Wrong",
                    "member_ids": [Command.set(self.officer.ids)],
                }
            )

    def test_public_methods_are_the_known_ones(self):
        self._check_public({"bsc.appeal.vote": set()})
