from odoo import models


class BscPromotion(models.Model):
    """Who decides on a promotion, and on which values."""

    _inherit = "bsc.promotion"

    def _get_levels(self):
        return self.env["bsc.promotion.level"].search(
            [("company_id", "in", (False, self.company_id.id))]
        )

    def _get_requester_ids(self):
        # EXTENDS: nobody decides on himself or on what he proposed
        return set((self.requester_id | self.submitter_id | self.user_id).ids)

    def _get_fingerprint(self):
        self.ensure_one()
        return self._hash(
            [
                *(self.employee_id.id, self.job_id.id, self.department_id.id or 0),
                *(self.date_effective.isoformat(), f"{self.wage:.2f}"),
                *(self.reason or "", self.revision),
            ]
        )

    def _get_request_summary(self):
        return self.env._("Decide on the promotion of %s", self.employee_id.name)

    def _get_no_level_message(self):
        return self.env._(
            "Nobody decides on promotions yet: set the levels in the configuration."
        )

    def _get_nobody_left_message(self, level):
        return self.env._(
            "Nobody but those who propose it, or the person itself, can decide on level"
            " “%s”: name somebody else.",
            level.name,
        )

    def _on_granted(self):
        self.state = "approved"
        self._note_outcome("approved")
        self._tell_requester(self.env._("%s was approved.", self.display_name))

    def _on_refused(self):
        self.state = "refused"
        self._note_outcome("dropped")
        self._tell_requester(
            self.env._(
                "%(promotion)s was refused: %(comment)s",
                promotion=self.display_name,
                comment=self._get_present_decisions()[-1:].comment or "",
            )
        )
