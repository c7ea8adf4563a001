from hashlib import sha256
from secrets import token_urlsafe

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import consteq

from ..tools.feedback import marks_are_valid

# As many links stay good as anybody will have in his mailbox.
KEPT_TOKENS = 6
LONGEST = 4000


class BscFeedbackInvitation(models.Model):
    """Answering: one answer, by the colleague himself or by who holds the link."""

    _inherit = "bsc.feedback.invitation"

    can_answer = fields.Boolean(compute="_compute_can_answer")

    def _compute_can_answer(self):
        for invitation in self:
            invitation.can_answer = (
                invitation.user_id == self.env.user and invitation._is_open()
            )

    def action_answer(self):
        """Open the questions."""
        self.ensure_one()
        self._check_mine()
        return {
            "type": "ir.actions.act_url",
            "url": f"/feedback/mine/{self.id}",
            "target": "self",
        }

    def _check_mine(self):
        if not self.user_id or self.user_id != self.env.user:
            raise AccessError(self.env._("These questions are put to somebody else."))

    def _is_open(self):
        return (
            self.state == "invited"
            and self.round_state == "collecting"
            and self.date_deadline >= fields.Date.today()
        )

    def _check_open(self):
        """:raise UserError: answered, declined, or too late, in words for the rater"""
        if self.state == "answered":
            raise UserError(
                self.env._("Your answers were sent already. Thank you very much.")
            )
        if self.state == "declined":
            raise UserError(self.env._("You declined to answer. Thank you anyway."))
        if not self._is_open():
            raise UserError(
                self.env._("The time to answer is over. Thank you for your interest.")
            )

    def _accepts_token(self, token):
        """Tell whether the token is one that was sent; all are compared, always."""
        digest = sha256((token or "").encode()).hexdigest()
        found = [
            consteq(digest, known) for known in (self.token_hashes or "").split(",")
        ]
        return any(found)

    def _make_token(self):
        """Return a new token; only its hash is kept."""
        token = token_urlsafe(32)
        digest = sha256(token.encode()).hexdigest()
        known = [one for one in (self.token_hashes or "").split(",") if one]
        self.token_hashes = ",".join([*known, digest][-KEPT_TOKENS:])
        return token

    def _answer(self, marks, strength="", improve=""):
        """Take the answer of this rater. Call it in sudo, after checking who he is.

        Saving the state first makes a second answer that comes at the same time fail
        on this row.

        :param marks: mark by id of the competency; what cannot be judged is left out
        """
        self.ensure_one()
        self._check_open()
        feedback = self.feedback_id
        if not marks_are_valid(marks, feedback.competency_ids.ids):
            raise UserError(
                self.env._("Answer at least one question with a mark from 1 to 5.")
            )
        self.state = "answered"
        self.flush_recordset()
        self.env["bsc.feedback.answer"]._add(
            feedback,
            self.rater_group,
            marks,
            (strength or "").strip()[:LONGEST],
            (improve or "").strip()[:LONGEST],
        )
        self._stop_asking()

    def _decline(self, reason=""):
        """Note that this rater does not want to answer. Call it in sudo."""
        self.ensure_one()
        self._check_open()
        self.write(
            {"state": "declined", "reason": (reason or "").strip()[:LONGEST] or False}
        )
        self._stop_asking()

    def _expire(self):
        self.write({"state": "expired"})
        self.flush_recordset()
        self._stop_asking()

    def _stop_asking(self):
        """Forget tokens and activities: what is over asks for nothing."""
        self.token_hashes = False
        self.activity_unlink(["mail.mail_activity_data_todo"])
