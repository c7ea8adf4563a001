from odoo import models
from odoo.exceptions import UserError

from odoo.addons.budget_performance.tools.approval import Decided


class BscPromotion(models.Model):
    """Who decides on a promotion, and on which values."""

    _inherit = "bsc.promotion"

    def _get_levels(self):
        return self.env["bsc.promotion.level"].search(
            [("company_id", "in", (False, self.company_id.id))]
        )

    def _get_level_lines(self, level):  # pylint: disable=unused-argument
        # EXTENDS: no budget lines here
        return [None]

    def _get_requester_ids(self):
        # EXTENDS: nobody decides on himself or on what he proposed
        return set((self.requester_id | self.submitter_id | self.user_id).ids)

    def _get_current_decisions(self):
        return self.decision_ids.filtered(lambda one: one.revision == self.revision)

    def _get_fingerprint(self):
        self.ensure_one()
        return self._hash(
            [
                *(self.employee_id.id, self.job_id.id, self.department_id.id or 0),
                *(self.date_effective.isoformat(), f"{self.wage:.2f}"),
                *(self.reason or "", self.revision),
            ]
        )

    def _prepare_decision_vals(self, step, decision, comment):
        vals = super()._prepare_decision_vals(step, decision, comment)
        vals.pop("line_id")
        return {**vals, "revision": self.revision}

    def _get_decided(self):
        # EXTENDS: decisions are about the whole
        return [
            Decided(decision.level_id.id, 0, decision.user_id.id)
            for decision in self._get_current_decisions()
        ]

    def _get_request_summary(self):
        return self.env._("Decide on the promotion of %s", self.employee_id.name)

    def _notify_deciders(self):
        """Let those who decide read it, and ask them.

        :raise UserError: a level has nobody but those who ask
        """
        steps = self._get_steps()
        if not steps:
            raise UserError(
                self.env._(
                    "Nobody decides on promotions yet: set the levels in the"
                    " configuration."
                )
            )
        requesters = self._get_requester_ids()
        for step in steps:
            if not step.user_ids - requesters:
                raise UserError(
                    self.env._(
                        "Nobody but those who propose it, or the person itself, can"
                        " decide on level “%s”: name somebody else.",
                        self.env["bsc.promotion.level"].browse(step.level_id).name,
                    )
                )
        self.decider_ids |= self.env["res.users"].browse(
            {user_id for step in steps for user_id in step.user_ids - requesters}
        )
        return super()._notify_deciders()

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
                comment=self._get_current_decisions()[-1:].comment or "",
            )
        )
