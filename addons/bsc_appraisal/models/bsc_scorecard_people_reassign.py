from odoo import models
from odoo.exceptions import UserError


class BscScorecard(models.Model):
    """How a scorecard comes to another appraiser: by an officer, with a reason."""

    _inherit = "bsc.scorecard"

    def _reassign(self, user, reason):
        """Let another one appraise, keep why, and tell all three.

        :raise UserError: with everything that stands against it, by scorecard
        """
        self.check_access("read")
        if not (reason or "").strip():
            raise UserError(self.env._("Say why somebody else appraises."))
        self._raise_reasons(
            {card: card._get_cannot_reassign_reasons(user) for card in self}
        )
        for card_sudo in self.sudo():  # closed to clients, checked above
            before = card_sudo.appraiser_id
            card_sudo.appraiser_id = user
            card_sudo.message_unsubscribe(before.partner_id.ids)
            card_sudo._drop_draft_assessment()
            body = self.env._(
                "%(after)s appraises in place of %(before)s: %(reason)s",
                after=user.name,
                before=before.name or self.env._("nobody"),
                reason=reason,
            )
            people = before | user | card_sudo.responsible_id
            card_sudo.message_post(
                body=body, partner_ids=(people - self.env.user).partner_id.ids
            )
        self._remind_turn()

    def _drop_draft_assessment(self):
        """Give up what the appraiser before wrote in private, in sudo.

        Whoever appraises now writes his own; what was handed in stays.
        """
        drafts = self.assessment_ids.filtered(
            lambda one: one.side == "manager" and one.state == "draft"
        )
        if drafts:
            drafts.unlink()
            self.is_asked = False

    def _get_cannot_reassign_reasons(self, user) -> list[str]:
        reasons = []
        if not self._is_appraisal_officer() or self.responsible_id == self.env.user:
            reasons.append(
                self.env._("An appraisal officer reassigns it, not his own.")
            )
        if self.state == "final":
            reasons.append(self.env._("The score is final."))
        if user == self.appraiser_id:
            reasons.append(self.env._("%s appraises already.", user.name))
        if user == self.responsible_id:
            reasons.append(self.env._("Nobody appraises himself."))
        user_sudo = user.sudo()  # whether the account can be used for this company
        if (
            user_sudo.share
            or not user_sudo.active
            or self.company_id not in user_sudo.company_ids
        ):
            reasons.append(
                self.env._("%s is no internal user of this company.", user.name)
            )
        if self._is_appraised_by_subject(user):
            reasons.append(
                self.env._(
                    "%(subject)s appraises %(user)s, directly or through others: they"
                    " would appraise in a circle.",
                    subject=self.responsible_id.name,
                    user=user.name,
                )
            )
        return reasons

    def _is_appraised_by_subject(self, user) -> bool:
        """Tell whether going up from a user's own scorecard leads to this subject."""
        if self.subject_kind != "employee" or user == self.responsible_id:
            return False
        pairs = self.sudo()._read_group(  # who appraises whom is asked, not shown
            [
                ("cycle_id", "=", self.cycle_id.id),
                ("subject_kind", "=", "employee"),
                ("id", "!=", self.id),
            ],
            ["responsible_id", "appraiser_id"],
        )
        above = dict(pairs)
        seen = self.env["res.users"]
        while user and user not in seen:
            seen |= user
            user = above.get(user)
        return bool(self.responsible_id) and self.responsible_id in seen
