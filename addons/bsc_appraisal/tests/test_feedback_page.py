import re

from psycopg2.errors import SerializationFailure

from odoo.http import root
from odoo.modules.registry import Registry
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.bsc_appraisal.tests.feedback_common import FeedbackCommon


class AnswersByLink(HttpCase):
    """Answers the way people outside do: by the link in their mail."""

    def _get_link(self, name="kim"):
        mail = self.env["mail.mail"].search(
            [("email_to", "=", f"{name}@buyer.example.com")], limit=1, order="id desc"
        )
        return re.search(r'href="[^"]*(/feedback/\d+/[\w-]+)"', mail.body_html)[1]

    def _post(self, url, **form):
        page = self.url_open(url).text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        return self.url_open(url, data={"csrf_token": token, **form})


class FeedbackPageCase(FeedbackCommon, AnswersByLink):
    def _fill(self, *marks):
        return {
            f"mark_{competency.id}": mark
            for competency, mark in zip(self.competencies, marks, strict=True)
        }


@tagged("post_install", "-at_install")
class TestFeedbackPage(FeedbackPageCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.feedback = cls._create_round()
        cls.feedback.note = "Think of the <b>last</b> year."
        cls.feedback.action_start()
        cls.kim = cls._find(cls.feedback, "Kim")

    def _get_answers(self):
        return self.env["bsc.feedback.answer"].search(
            [("feedback_id", "=", self.feedback.id)]
        )

    def test_a_customer_answers_once_without_login(self):
        link = self._get_link()
        page = self.url_open(link)
        self.assertEqual(page.status_code, 200)
        self.assertIn("Feedback about", page.text)
        self.assertIn("&lt;b&gt;last", page.text)
        self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        self.assertEqual(self.kim.state, "invited", "reading it is no answer")
        answer = self._post(link, **self._fill(2, 3, "na"), strength="Friendly")
        self.assertIn("Thank you", answer.text)
        self.assertEqual(self.kim.state, "answered")
        found = self._get_answers()
        self.assertEqual(found.strength, "Friendly")
        self.assertEqual(
            found.marks,
            {
                str(one.id): mark
                for one, mark in zip(self.competencies, (2, 3), strict=False)
            },
        )
        again = self.url_open(link)
        self.assertEqual(again.status_code, 404)
        self.assertIn("answered already", again.text)
        self.assertEqual(len(self._get_answers()), 1)

    def test_what_is_missing_is_marked_and_nothing_typed_is_lost(self):
        link = self._get_link()
        page = self._post(
            link, **self._fill(4, "", 9), strength='Says "yes" & <means> it'
        )
        self.assertEqual(page.status_code, 400)
        self.assertIn("Please answer the marked questions", page.text)
        self.assertIn("Says &#34;yes&#34; &amp; &lt;means&gt; it", page.text)
        self.assertRegex(
            page.text, rf'id="mark_{self.competencies[0].id}_4"[^>]*checked'
        )
        self.assertEqual(page.text.count("border-warning"), 2)
        nothing = self._post(link, **self._fill("na", "na", "na"))
        self.assertIn("at least one question", nothing.text)
        self.assertFalse(self._get_answers())

    def test_a_customer_declines(self):
        page = self._post(self._get_link(), decline="1", reason="We hardly met")
        self.assertIn("That is all right", page.text)
        self.assertEqual(
            (self.kim.state, self.kim.reason), ("declined", "We hardly met")
        )

    def test_wrong_links_and_forged_forms(self):
        link = self._get_link()
        bert = self._find(self.feedback, "bert")
        for url in (
            link[:-1] + ("a" if link[-1] != "a" else "b"),
            link.replace(str(self.kim.id), str(self._find(self.feedback, "Lou").id)),
            link.replace(str(self.kim.id), str(bert.id)),
            link.replace(str(self.kim.id), "999999999"),
            f"/feedback/{self.kim.id}/{self.kim.token_hashes}",
            f"/feedback/{bert.id}/x",
        ):
            with self.subTest(url):
                page = self.url_open(url)
                self.assertEqual(page.status_code, 404)
                self.assertNotIn("Anna", page.text)
        with mute_logger("odoo.http"):
            forged = self.url_open(link, data=self._fill(1, 1, 1))
        self.assertEqual(forged.status_code, 400)
        self.assertFalse(self._get_answers())

    def test_only_hashes_of_links_are_stored(self):
        link = self._get_link()
        token = link.rsplit("/", 1)[1]
        self.assertGreaterEqual(len(token), 43)
        self.assertNotIn(token, self.kim.token_hashes)
        self.kim._remind()
        newer = self._get_link()
        self.assertNotEqual(newer, link)
        for url in (link, newer):
            self.assertEqual(self.url_open(url).status_code, 200)
        for _number in range(6):
            self.kim._remind()
        self.assertEqual(self.url_open(link).status_code, 404)

    def test_the_link_ends_with_the_deadline(self):
        self.feedback.sudo().date_deadline = "2026-07-19"
        self.assertIn("time to answer is over", self.url_open(self._get_link()).text)

    def test_it_speaks_the_language_of_the_browser(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.kim.lang = "en_US"
        link = self._get_link()
        for accepted, lang in (("zh-CN,zh;q=0.9", "zh-CN"), ("fr", "en-US")):
            page = self.url_open(link, headers={"Accept-Language": accepted})
            with self.subTest(accepted):
                self.assertIn(f'lang="{lang}"', page.text)

    def test_it_works_while_a_colleague_is_logged_in(self):
        self.authenticate("bsc_bert", "bsc_bert")
        page = self._post(self._get_link(), **self._fill(2, 3, 3))
        self.assertIn("Thank you", page.text)
        self.assertEqual(self._get_answers().rater_group, "customers")

    def test_a_colleague_answers_his_own_only(self):
        bert = self._find(self.feedback, "bert")
        url = f"/feedback/mine/{bert.id}"
        self.assertIn("/web/login", self.url_open(url).url)
        self.authenticate("bsc_carl", "bsc_carl")
        self.assertEqual(self.url_open(url).status_code, 404)
        self.authenticate("bsc_bert", "bsc_bert")
        self.assertEqual(bert.with_user(self.users["bert"]).action_answer()["url"], url)
        page = self._post(url, **self._fill(2, 3, 3))
        self.assertIn("Thank you", page.text)
        self.assertIn("sent already", self.url_open(url).text)
        self.assertEqual(len(self._get_answers()), 1)
        self.assertFalse(bert.activity_ids)

    def test_nothing_typed_stays_in_the_session(self):
        self._post(self._get_link(), **self._fill(2, 3, 3), improve="Unforgettable")
        session = root.session_store.get(self.opener.cookies["session_id"])
        self.assertNotIn("Unforgettable", repr(dict(session)))


@tagged("post_install", "-at_install")
class TestFeedbackTwice(FeedbackCommon):
    def test_two_browsers_at_once_leave_one_answer(self):
        """The second transaction fails on the row of the invitation, so the request is
        run again and finds that the answer was sent.
        """
        demo = self.env.ref(
            "bsc_appraisal.feedback_zhao_lei_peer_finance", raise_if_not_found=False
        )
        if not demo:
            self.skipTest("needs a round that other transactions see")
        cursors = [Registry(self.env.cr.dbname).cursor() for _number in range(2)]
        first, second = (
            self.env(cr=cursor, su=True)["bsc.feedback.invitation"].browse(demo.id)
            for cursor in cursors
        )
        marks = {first.feedback_id.competency_ids[0].id: 4}
        try:
            self.assertEqual((first.state, second.state), ("invited", "invited"))
            first._answer(marks)
            cursors[0].commit()
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                second._answer(marks)
            cursors[1].rollback()
            second.invalidate_recordset()
            self.assertEqual(second.state, "answered")
            answers = second.env["bsc.feedback.answer"].search(
                [("feedback_id", "=", second.feedback_id.id)]
            )
            self.assertEqual(
                len(
                    answers.filtered(
                        lambda one: one.marks == {str(next(iter(marks))): 4}
                    )
                ),
                1,
            )
        finally:
            for cursor in cursors:
                cursor.rollback()
                cursor.close()
