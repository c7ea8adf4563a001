from odoo import fields, models


class PerformanceBudgetApprovalSubmission(models.AbstractModel):
    """A request that one person writes and he, or another one, submits.

    Neither of them decides on it.
    """

    _name = "performance.budget.approval.submission"
    _description = "Submitted Budget Request"
    _inherit = ["performance.budget.approval.revision"]

    requester_id = fields.Many2one(
        "res.users",
        string="Asked By",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
    )
    submitter_id = fields.Many2one(
        "res.users", string="Submitted By", readonly=True, copy=False
    )

    def _get_requester_ids(self):
        # EXTENDS performance.budget.approval
        return super()._get_requester_ids() | set(self.submitter_id.ids)

    def _start_revision(self, user):
        """Give it to the levels, in sudo.

        :param user: who submits
        :raise UserError: nobody but those who ask can decide
        """
        self.write(
            {
                "state": self._approval_state,
                "submitter_id": user.id,
                "revision": self.revision + 1,
            }
        )
        self._check_can_be_decided()
