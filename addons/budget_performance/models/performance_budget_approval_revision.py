from odoo import fields, models
from odoo.exceptions import UserError


class PerformanceBudgetApprovalRevision(models.AbstractModel):
    """A request that can be taken or sent back, changed, and submitted again.

    Each submission is a revision; decisions keep theirs, and only those on the present
    one count. A model has ``decider_ids``, who may read what they decide on, or says
    in :meth:`_admit` why they need not be admitted.
    """

    _name = "performance.budget.approval.revision"
    _description = "Budget Approval With Revisions"
    _inherit = ["performance.budget.approval"]

    revision = fields.Integer(
        required=True,
        default=0,
        readonly=True,
        copy=False,
        help="Counts how often it was submitted; decisions on earlier ones are void.",
    )

    def _get_present_decisions(self):
        """Return what was written on the present revision."""
        return self.decision_ids.filtered(lambda d: d.revision == self.revision)

    def _get_current_decisions(self):
        # EXTENDS performance.budget.approval
        return self._get_present_decisions().filtered(lambda d: d.decision == "granted")

    def _prepare_decision_vals(self, step, decision, comment):
        # EXTENDS performance.budget.approval
        values = super()._prepare_decision_vals(step, decision, comment)
        return {**values, "revision": self.revision}

    def _notify_deciders(self):
        # EXTENDS performance.budget.approval: who is asked can read it
        user_ids = {user_id for step in self._get_steps() for user_id in step.user_ids}
        self._admit(self.env["res.users"].browse(user_ids - self._get_requester_ids()))
        return super()._notify_deciders()

    def _admit(self, users):
        """Let those who could decide read the request."""
        self.decider_ids |= users

    def _check_can_be_decided(self):
        """:raise UserError: nobody decides, or a step is left to those who ask"""
        steps, requesters = self._get_steps(), self._get_requester_ids()
        if not steps:
            raise UserError(self._get_no_level_message())
        for step in steps:
            if not step.user_ids - requesters:
                level = self.decision_ids.level_id.browse(step.level_id)
                raise UserError(self._get_nobody_left_message(level))

    def _get_no_level_message(self):
        return self.env._("Nobody can decide this: ask finance to set the levels.")

    def _get_nobody_left_message(self, level):
        return self.env._(
            "Nobody but those who ask can decide on level “%s”: have finance name"
            " somebody else.",
            level.name,
        )
