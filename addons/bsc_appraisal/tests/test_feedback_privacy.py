from secrets import SystemRandom
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.bsc_appraisal.models import bsc_feedback_scoring
from odoo.addons.bsc_appraisal.tests.feedback_common import PEERS, FeedbackCommon

SECRET = "bsc.feedback.invitation"
MODELS = (
    "bsc.feedback",
    "bsc.feedback.invitation",
    "bsc.feedback.result",
    "bsc.feedback.comment",
    "bsc.scorecard",
    "mail.message",
    "mail.activity",
    "ir.attachment",
)


@tagged("post_install", "-at_install")
class TestFeedbackPrivacy(FeedbackCommon):
    """What the employee and the manager can find out, by every way there is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.feedback = cls._create_round()
        cls.feedback.action_start()
        cls.pair = (cls.users["anna"], cls.users["lead"])
        for user in (*cls.pair, cls.officer, cls.manager, cls.auditor):
            user.group_ids |= cls.env.ref("base.group_allow_export")

    def _see(self, user):
        """Return all that a user reads about the round in all reachable models."""
        self.env.flush_all()
        self.env.invalidate_all()
        seen = {}
        for name in MODELS:
            Model = self.env[name].with_user(user)
            seen[name] = []
            for record in Model.search([], order="id"):
                names = [
                    key
                    for key, field in Model._fields.items()
                    if Model._has_field_access(field, "read")
                    and key not in ("id", "feedback_id", "display_name")
                    and field.type not in ("one2many", "many2many", "binary")
                ]
                row = record.read(names, load=None)[0]
                row.pop("id")
                seen[name].append(repr(sorted(row.items(), key=str)))
            if name in ("bsc.feedback.comment", "mail.message"):
                seen[name].sort()
        return seen

    def _play(self, order, marks):
        """Play a round to its published end and return what both then see."""
        for name in order:
            if marks.get(name) is None:
                self._find(self.feedback, name)._decline("I prefer not to")
            else:
                self._answer(
                    self.feedback, name, *marks[name], strength=f"S{marks[name]}"
                )
        before = [self._see(user) for user in self.pair]
        self._close(self.feedback)
        self.card.sudo().published_date = "2026-07-20 10:00:00"
        return before, [self._see(user) for user in self.pair]

    def _play_apart(self, *args):
        """Play and undo; all orders of comments are as likely, one stands for all."""
        self.assertIsInstance(bsc_feedback_scoring.SHUFFLER, SystemRandom)
        with (
            patch.object(bsc_feedback_scoring.SHUFFLER, "shuffle", list.sort),
            self.env.cr.savepoint() as savepoint,
        ):
            result = self._play(*args)
            savepoint.rollback()
        self.env.invalidate_all()
        return result

    def test_who_answered_what_changes_nothing(self):
        """Bert answers as Carl did and the other way round, in another order."""
        answers = [(4, 4, 3), (3, 4, 4), (5, 4, 4), (2, 2, 2)]
        own = {"anna": (5, 4, 5), "lead": (4, 3, 5)}
        first = self._play_apart(
            ["anna", "lead", *PEERS], {**own, **dict(zip(PEERS, answers, strict=True))}
        )
        turned = dict(zip(PEERS, answers[1:] + answers[:1], strict=True))
        second = self._play_apart([*reversed(PEERS), "anna", "lead"], {**own, **turned})
        self.assertTrue(first[1][0]["bsc.feedback.result"])
        self.assertEqual(first, second)

    def test_who_declined_changes_nothing(self):
        own = {"anna": (5, 4, 5), "lead": (4, 3, 5)}
        marks = dict.fromkeys(PEERS, (4, 4, 4))
        first = self._play_apart(PEERS, {**own, **marks, "bert": None})
        second = self._play_apart(PEERS, {**own, **marks, "emil": None})
        self.assertEqual(first, second)

    def test_hidden_answers_change_nothing(self):
        """Two customers are hidden: whatever they say, all figures stay the same."""
        marks = {"lead": (4, 3, 5), **dict.fromkeys(PEERS, (4, 4, 4))}
        order = [*marks, "Kim", "Lou"]
        first = self._play_apart(order, {**marks, "Kim": (1, 1, 1), "Lou": (1, 1, 1)})
        second = self._play_apart(order, {**marks, "Kim": (5, 5, 5), "Lou": (4, 1, 2)})
        self.assertEqual(first, second)

    def test_nothing_moves_while_answers_come(self):
        before = [self._see(user) for user in self.pair]
        self._answer(self.feedback, "bert", 1, 1, 1, improve="Listen")
        self._find(self.feedback, "carl")._decline("Too busy")
        self.assertEqual([self._see(user) for user in self.pair], before)

    def test_an_answer_leads_to_nobody(self):
        Answer = self.env["bsc.feedback.answer"]
        self.assertFalse(
            {"create_uid", "create_date", "write_uid", "write_date"}
            & set(Answer._fields)
        )
        self.assertFalse(
            [
                name
                for name, field in Answer._fields.items()
                if field.comodel_name in (SECRET, "res.users", "res.partner")
            ]
        )
        self.assertNotIn("message_ids", Answer._fields)
        names = ["anna", "lead", *PEERS, "Kim", "Lou"]
        for number, name in enumerate(names):
            self._answer(self.feedback, name, 1 + number % 5, 3, 3)
        self.env.cr.execute(
            "SELECT id FROM bsc_feedback_answer WHERE feedback_id = %s ORDER BY ctid",
            [self.feedback.id],
        )
        ids = [row[0] for row in self.env.cr.fetchall()]
        self.assertNotEqual(ids, sorted(ids), "ids count up: they tell the order")

    def test_nobody_reads_answers(self):
        self._answer(self.feedback, "bert", 1, 1, 1)
        admin = self.env.ref("base.user_admin")
        admin.company_ids |= self.company
        users = (*self.pair, self.officer, self.manager, self.auditor, admin)
        for user in (self.users["bert"], admin):
            user.group_ids |= self.env.ref("base.group_allow_export")
        Answer = self.env["bsc.feedback.answer"]
        answer = Answer.search([("feedback_id", "=", self.feedback.id)])
        for user in (*users, self.users["bert"]):
            mine = Answer.with_user(user)
            self.assertLessEqual(
                set(mine.browse(answer.id).get_metadata()[0]),
                {"id", "xmlid", "xmlids", "noupdate"},
            )
            for attempt in (
                lambda mine=mine: mine.search([]),
                lambda mine=mine: mine.search_count([("marks", "!=", False)]),
                lambda mine=mine: mine.formatted_read_group([], ["rater_group"]),
                lambda mine=mine: mine.browse(answer.id).read(["marks"]),
                lambda mine=mine: mine.browse(answer.id).export_data(["marks"]),
                lambda mine=mine: mine.name_search("a"),
                lambda mine=mine: mine.create({"feedback_id": self.feedback.id}),
                lambda mine=mine: mine.browse(answer.id).unlink(),
            ):
                with self.subTest(user.login), self.assertRaises(AccessError):
                    attempt()

    def test_invitations_are_closed_to_both_once_asked(self):
        self._answer(self.feedback, "bert", 1, 1, 1)
        bert = self._find(self.feedback, "bert")
        for user in self.pair:
            Model = self.env[SECRET].with_user(user)
            mine = Model.search([("feedback_id", "=", self.feedback.id)])
            self.assertEqual(mine.user_id, user)
            foreign = Model.browse(bert.id)
            for attempt in (
                lambda foreign=foreign: foreign.read(["state"]),
                lambda foreign=foreign: foreign.export_data(["state"]),
                lambda foreign=foreign: foreign.write({"rater_group": "reports"}),
                lambda foreign=foreign: foreign.unlink(),
                foreign.action_answer,
            ):
                with self.subTest(user.login), self.assertRaises(AccessError):
                    attempt()
            counts = Model.formatted_read_group(
                [("feedback_id", "=", self.feedback.id)], ["state"], ["__count"]
            )
            self.assertEqual([row["__count"] for row in counts], [1])
            self.assertFalse(Model.name_search("Bert"))
            with self.assertRaises(AccessError):
                Model.create(
                    {
                        "feedback_id": self.feedback.id,
                        "rater_group": "peers",
                        "user_id": self.users["rosa"].id,
                    }
                )

    def test_searches_through_relations_find_nothing(self):
        self._answer(self.feedback, "bert", 1, 1, 1)
        for user in self.pair:
            Round = self.env["bsc.feedback"].with_user(user)
            for domain in (
                [("invitation_ids.state", "=", "answered")],
                [("invitation_ids.user_id", "=", self.users["bert"].id)],
                [("invitation_ids", "any", [("name", "=", "Bert")])],
                [("invitation_ids.activity_ids.user_id", "=", self.users["bert"].id)],
                [("invitation_ids.message_partner_ids.name", "=", "Bert")],
            ):
                with self.subTest(user=user.login, domain=domain):
                    self.assertFalse(self._try_search(Round, domain))
                    card_domain = [
                        (f"feedback_ids.{leaf[0]}", *leaf[1:]) for leaf in domain
                    ]
                    cards = self.env["bsc.scorecard"].with_user(user)
                    self.assertFalse(self._try_search(cards, card_domain))
            for field in ("progress", "flag_ids"):
                with self.subTest(user=user.login, field=field):
                    with self.assertRaises(AccessError):
                        Round.browse(self.feedback.id).read([field])
                    with self.assertRaises(AccessError):
                        Round.search([(field, "!=", False)])
            for field in ("token_hashes", "date_asked"):
                with self.assertRaises(AccessError):
                    self.env[SECRET].with_user(user).search([(field, "!=", False)])

    def _try_search(self, model, domain):
        try:
            return model.search(domain)
        except (AccessError, ValueError):
            return model.browse()

    def test_messages_activities_and_followers_tell_nothing(self):
        """Whoever asks, it is the system that writes to the rater."""
        lead_feedback = self._create_other_round()
        lead_feedback.with_user(self.users["lead"]).action_start()
        bert = self._find(lead_feedback, "carl")
        records = {
            "mail.activity": bert.activity_ids,
            "mail.message": bert.message_ids
            | self.env["mail.message"].search(
                [("model", "=", SECRET), ("res_id", "=", bert.id)]
            ),
        }
        root = self.env.ref("base.user_root")
        self.assertEqual(records["mail.activity"].create_uid, root)
        self.assertTrue(records["mail.message"])
        for user in (*self.pair, self.users["bert"]):
            for model, found in records.items():
                Model = self.env[model].with_user(user)
                with self.subTest(user=user.login, model=model):
                    self.assertFalse(Model.search([("id", "in", found.ids)]))
                    with self.assertRaises(AccessError):
                        Model.browse(found.ids).read(["create_uid"])
                    with self.assertRaises(AccessError):
                        Model.browse(found.ids).unlink()
        self.assertLessEqual(bert.message_partner_ids, self.users["carl"].partner_id)
        self.assertFalse(
            self.env["mail.mail"]
            .search([("email_to", "like", "buyer.example.com")])
            .filtered(lambda mail: mail.author_id != root.partner_id)
        )

    def _create_other_round(self):
        self.users["bert"].partner_id.name = "Bert"
        card = self._create_card([(self.income, 100, 100)], employee="bert")
        feedback = (
            self.env["bsc.feedback"]
            .with_user(self.officer)
            .create({"scorecard_id": card.id})
        )
        self._name(feedback, "peers", "carl", "dora", "emil")
        return feedback

    def test_results_wait_for_the_publication(self):
        self._play_example(self.feedback)
        self._close(self.feedback)
        rows = [("published", 0, 0), ("manager", 0, 1), ("closed", 1, 1)]
        for when, subject, appraiser in rows:
            self.feedback.sudo().feedback_shown_when = when
            for user, is_shown in zip(self.pair, (subject, appraiser), strict=True):
                with self.subTest(when=when, user=user.login):
                    self.assertEqual(self._can_read_results(user), bool(is_shown))
        self.feedback.sudo().feedback_shown_when = "published"
        self.card.sudo().published_date = "2026-07-20 10:00:00"
        self.assertTrue(all(self._can_read_results(user) for user in self.pair))
        for name in ("chief", "bert", "stranger"):
            self.assertFalse(self._can_read_results(self.users[name]))
        self.assertFalse(self.card.with_user(self.users["chief"]).feedback_score)

    def _can_read_results(self, user):
        domain = [("feedback_id", "=", self.feedback.id)]
        results = self.env["bsc.feedback.result"].with_user(user)
        found = bool(results.search(domain))
        groups = results.formatted_read_group(domain, ["rater_group"], ["value:avg"])
        comments = self.env["bsc.feedback.comment"].with_user(user)
        self.assertIn(bool(comments.search(domain)), (found, False))
        self.assertEqual(bool(groups), found)
        card = self.card.with_user(user)
        if card.has_access("read"):
            self.assertEqual(bool(card.feedback_score), found)
        return found

    def test_hr_does_not_see_its_own_raters(self):
        """An officer and a manager of appraisals, each as employee and as superior."""
        officer = self._hire(self.officer)
        feedback = self._create_round_of(officer, self.manager)
        self.env[SECRET].create(
            {
                "feedback_id": feedback.id,
                "rater_group": "peers",
                "user_id": self.users["rosa"].id,
            }
        )
        for action in ("action_start", "action_remind", "action_close"):
            with self.assertRaises(UserError):
                getattr(feedback.with_user(self.officer), action)()
        with self.assertRaises(AccessError):
            feedback.with_user(self.officer).date_deadline = "2026-08-20"
        feedback.action_start()
        for user in (self.officer, self.manager):
            seen = (
                self.env[SECRET]
                .with_user(user)
                .search([("feedback_id", "=", feedback.id)])
            )
            self.assertEqual(seen.user_id, user)
        self.assertFalse(feedback.with_user(self.officer).progress)
        self._find(feedback, "rosa")._answer({self.competencies[0].id: 1})
        for one in feedback.sudo().invitation_ids:
            if one.state == "invited":
                one._answer({each.id: 3 for each in self.competencies})
        feedback.action_close()
        for model in ("bsc.feedback.result", "bsc.feedback.flag"):
            found = (
                self.env[model]
                .with_user(self.officer)
                .search([("feedback_id", "=", feedback.id)])
            )
            self.assertFalse(found, model)
        with self.assertRaises(AccessError):
            self.env["bsc.feedback"].with_user(self.officer).create(
                {"scorecard_id": self._hire_again(officer).id}
            )

    def _hire(self, user):
        return self.env["hr.employee"].create(
            {"name": user.name, "user_id": user.id, "company_id": self.company.id}
        )

    def _hire_again(self, employee):
        cycle = self._create_cycle(name="Next")
        return self._create_card(
            [], cycle_id=cycle.id, subject_kind="employee", employee_id=employee.id
        )

    def _create_round_of(self, employee, appraiser):
        card = self._create_card([], subject_kind="employee", employee_id=employee.id)
        card.sudo().appraiser_id = appraiser
        return self.env["bsc.feedback"].create({"scorecard_id": card.id})

    def test_hr_sees_numbers_and_its_manager_names(self):
        self._answer(self.feedback, "bert", 1, 1, 1)
        self._find(self.feedback, "carl")._decline()
        officer = self.feedback.with_user(self.officer)
        self.assertIn("Peers: 1 of 4 answered, 1 declined", officer.progress)
        domain = [("feedback_id", "=", self.feedback.id)]
        for user in (self.officer, self.auditor):
            self.assertFalse(self.env[SECRET].with_user(user).search(domain))
        seen = self.env[SECRET].with_user(self.manager).search(domain)
        self.assertEqual(len(seen), 8)
        self.assertFalse({"write_date", "create_date", "write_uid"} & set(seen._fields))

    def test_clients_cannot_move_a_round_or_an_answer(self):
        fresh = self._create_other_round()
        users = (self.users["bert"], self.users["lead"], self.officer, self.manager)
        for user in users:
            for vals in (
                {"state": "closed"},
                {"feedback_minimum": 3},
                {"asked": {}},
                {"competency_ids": [Command.clear()]},
                {"is_shown_to_subject": True},
                {"scorecard_id": self.card.id},
                {"result_ids": [Command.create({"rater_group": "all", "value": 5})]},
            ):
                with (
                    self.subTest(user=user.login, vals=vals),
                    self.assertRaises(AccessError),
                    self.env.cr.savepoint(),
                ):
                    fresh.with_user(user).write(vals)
            for vals in ({"state": "answered"}, {"token_hashes": "x"}):
                invitation = self._find(fresh, "carl").with_user(user)
                with (
                    self.subTest(user=user.login, vals=vals),
                    self.assertRaises(AccessError),
                    self.env.cr.savepoint(),
                ):
                    invitation.write(vals)
        for vals in ({"note": "Be kind"}, {"date_deadline": "2026-09-01"}):
            with self.assertRaises(AccessError):
                fresh.with_user(self.users["bert"]).write(vals)
        with self.assertRaises(AccessError):
            self.env["bsc.feedback"].with_user(self.officer).create(
                {
                    "scorecard_id": self._hire_again(self.employees["bert"]).id,
                    "state": "closed",
                }
            )

    def test_other_companies_see_nothing(self):
        elsewhere = self.env["res.company"].create({"name": "Hill Farms"})
        foreigner = self._create_user(
            "hill", "bsc_appraisal.group_appraisal_manager", elsewhere
        )
        self._play_example(self.feedback)
        self._close(self.feedback)
        for model in (*MODELS[:4], "bsc.feedback.flag"):
            with self.subTest(model):
                self.assertFalse(
                    self.env[model]
                    .with_user(foreigner)
                    .search([("company_id", "=", self.company.id)])
                )

    def test_public_methods_are_the_known_ones(self):
        """A new public method is one more door for RPC: name it here on purpose."""
        expected = {
            "bsc.feedback": {
                "action_close",
                "action_invite",
                "action_propose",
                "action_remind",
                "action_return",
                "action_start",
            },
            SECRET: {"action_answer"},
            "bsc.feedback.answer": set(),
            "bsc.feedback.result": set(),
            "bsc.feedback.comment": set(),
            "bsc.feedback.flag": set(),
            "bsc.competency": set(),
            "bsc.feedback.launch": {"action_launch"},
        }
        base = dir(self.env.registry["mail.thread"]) + dir(
            self.env.registry["mail.activity.mixin"]
        )
        for model, names in expected.items():
            public = {
                name
                for name in set(dir(self.env.registry[model])) - set(base)
                if name.isidentifier()
                and not name.startswith("_")
                and name not in self.env[model]._fields
            }
            with self.subTest(model):
                self.assertEqual(public, names)
