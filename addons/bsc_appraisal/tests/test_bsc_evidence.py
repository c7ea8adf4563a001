import base64
import json

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.bsc_appraisal.tests.scorecard_common import ScorecardCommon

SECRET = b"proof of the twelve new customers"


@tagged("post_install", "-at_install")
class TestBscEvidence(ScorecardCommon, HttpCase):
    """A file is as private as the paper it belongs to, by whichever way it is asked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.card = cls._create_card([(cls.income, 100.0, 100.0)], employee="anna")
        cls._run(cls.card)
        cls.note = (
            cls.env["bsc.note"]
            .with_user(cls.users["lead"])
            .create(
                {
                    "scorecard_id": cls.card.id,
                    "kind": "evidence",
                    "text": "See the list",
                    "file": base64.b64encode(SECRET),
                    "filename": "list.txt",
                }
            )
        )
        action = cls.card.with_user(cls.users["lead"]).action_assess()
        cls.assessment = (
            cls.env["bsc.assessment"]
            .with_user(cls.users["lead"])
            .browse(action["res_id"])
        )
        cls.letter = (
            cls.env["ir.attachment"]
            .with_user(cls.users["lead"])
            .create(
                {
                    "name": "letter.txt",
                    "raw": SECRET,
                    "res_model": "bsc.assessment",
                    "res_id": cls.assessment.id,
                }
            )
        )

    def _find_file(self):
        return (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "bsc.note"),
                    ("res_id", "=", self.note.id),
                    ("res_field", "=", "file"),
                ]
            )
        )

    def _get_urls(self):
        file = self._find_file()
        return (
            f"/web/content/bsc.note/{self.note.id}/file",
            f"/web/content/bsc.note/{self.note.id}/file?download=true",
            f"/web/content/{file.id}",
            f"/web/image/{file.id}",
            f"/web/content/{self.letter.id}",
            f"/web/content/bsc.assessment/{self.assessment.id}/display_name",
        )

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_a_private_file_is_fetched_by_its_author_only(self):
        """Not even by whom it is about, nor by HR, as long as it is not shared."""
        for name in ("stranger", "anna", "bert"):
            self.authenticate(f"bsc_{name}", f"bsc_{name}")
            for url in self._get_urls():
                with self.subTest(user=name, url=url):
                    page = self.url_open(url)
                    self.assertNotIn(SECRET, page.content)
                    self.assertNotIn(b"Anna", page.content)
        self.authenticate("bsc_lead", "bsc_lead")
        self.assertEqual(self.url_open(self._get_urls()[0]).content, SECRET)
        self.assertEqual(self.url_open(self._get_urls()[4]).content, SECRET)
        self.note.is_shared = True
        self.authenticate("bsc_anna", "bsc_anna")
        self.assertEqual(self.url_open(self._get_urls()[0]).content, SECRET)
        self.assertNotIn(SECRET, self.url_open(self._get_urls()[4]).content)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_the_conversation_is_read_by_its_author_only(self):
        message = self.assessment.message_post(
            body="Between us", attachment_ids=self.letter.ids
        )
        for name in ("stranger", "anna"):
            self.authenticate(f"bsc_{name}", f"bsc_{name}")
            for route, params in (
                (
                    "/mail/thread/messages",
                    {"thread_model": "bsc.assessment", "thread_id": self.assessment.id},
                ),
                (
                    "/mail/data",
                    {
                        "fetch_params": [
                            [
                                "mail.thread",
                                {
                                    "thread_model": "bsc.assessment",
                                    "thread_id": self.assessment.id,
                                    "request_list": ["attachments", "activities"],
                                },
                            ]
                        ]
                    },
                ),
            ):
                with self.subTest(user=name, route=route):
                    page = self.url_open(
                        route,
                        data=json.dumps(
                            {"jsonrpc": "2.0", "method": "call", "params": params}
                        ),
                        headers={"Content-Type": "application/json"},
                    )
                    self.assertNotIn("Between us", page.text)
                    self.assertNotIn("letter.txt", page.text)
            user = self.users[name]
            self.assertFalse(
                self.env["mail.message"]
                .with_user(user)
                .search([("id", "=", message.id)])
            )

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_files_are_found_by_nobody_else(self):
        files = self._find_file() | self.letter.sudo()
        for user in (self.users["stranger"], self.users["anna"], self.officer):
            Attachment = self.env["ir.attachment"].with_user(user)
            with self.subTest(user.login):
                self.assertFalse(
                    Attachment.search_read(
                        [("id", "in", files.ids), ("res_field", "!=", "x")], ["name"]
                    )
                )
                for file in files:
                    with self.assertRaises(AccessError):
                        Attachment.browse(file.id).read(["raw"])
                with self.assertRaises(AccessError):
                    Attachment.create(
                        {
                            "name": "slip",
                            "res_model": "bsc.assessment",
                            "res_id": self.assessment.id,
                        }
                    )
