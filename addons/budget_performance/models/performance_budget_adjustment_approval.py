from odoo import api, models
from odoo.exceptions import UserError

from ..tools import approval


class PerformanceBudgetAdjustment(models.Model):
    """Who decides on an adjustment, in which order, and on which values."""

    _inherit = "performance.budget.adjustment"

    def action_submit(self):
        """Ask for the decisions of every level.

        Who submits agrees for his own lines and decides on nothing else.

        :raise UserError: not his, no draft, or the legs do not fit
        """
        for adjustment in self:
            adjustment.check_access("write")
            adjustment._check_state("draft")
            adjustment.sudo()._do_submit(self.env.user)  # protected, checked above

    def action_approve(self):
        """Approve the step that is yours; after the last one it is applied."""
        self._decide("granted")

    def action_refuse(self):
        """Ask why; then it ends here."""
        return self._open_decision("refused")

    def action_return(self):
        """Ask what to change; then it is a draft again."""
        return self._open_decision("returned")

    def action_cancel(self):
        """Give up your own adjustment, or as finance one that is not applied."""
        for adjustment in self:
            adjustment.check_access("write")
            if adjustment.requester_id != self.env.user:
                adjustment._check_officer()
            adjustment._check_state("draft", "submitted", "approved")
        self.sudo().state = "cancelled"  # protected, checked above
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])  # as above

    def _check_state(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for adjustment in self:
            if adjustment.state not in states:
                raise UserError(
                    self.env._(
                        "%(adjustment)s is %(state)s; this starts from: %(sources)s.",
                        adjustment=adjustment.name,
                        state=labels[adjustment.state],
                        sources=", ".join(labels[state] for state in states),
                    )
                )

    def _do_submit(self, user):
        """Start a round of decisions, in sudo."""
        self.ensure_one()
        self._check_ready()
        self._start_revision(user)
        self._notify_deciders()

    def _get_fingerprint(self):
        self.ensure_one()
        values = [
            *(self.kind, self.reason, self.driver, self.emergency or ""),
            *(self.res_model or "", self.res_id or 0, self.reversed_id.id or 0),
        ]
        legs = [
            [
                leg.line_id.id,
                leg.month.isoformat() if leg.month else "",
                f"{leg.amount:.6f}",
                f"{leg.amount_document:.6f}",
            ]
            for leg in self.line_ids.sorted("id")
        ]
        return self._hash([values, legs, self._get_effect_fingerprint()])

    def _get_effect_fingerprint(self):
        """Return what else is approved, as a JSON value: see :meth:`_apply_effects`."""
        return []

    def _get_levels(self):
        return self.env["performance.budget.adjustment.level"]._find(
            self.company_id, self.kind, self.amount
        )

    def _get_level_lines(self, level):
        """Return the lines of a level; who asks has agreed for his own already."""
        if level.approver == "group":
            return [None]
        return self._get_lines().filtered(
            lambda line: (
                self._get_head(level, line) not in self.requester_id | self.submitter_id
            )
        )

    def _get_approvers(self, level, line):
        head = line and self._get_head(level, line)
        if head and head.id not in self._get_requester_ids():
            return head
        return super()._get_approvers(level, line)

    @api.model
    def _get_head(self, level, line):
        if level.approver == "department":
            manager = line.department_id.manager_id.user_id
            return manager or line.owner_id
        return line.owner_id

    def _get_principal_steps(self):
        """Return the steps with those whose steps they are.

        Where the owner of a line belongs to a group that decides as well, he agrees
        there: nobody decides on two levels. Where nobody is left to ask, because all
        lines belong to who asks, the first group decides.
        """
        steps = super()._get_principal_steps()
        steps = approval.merge_into_groups(
            approval.leave_somebody(steps, self._get_requester_ids())
        )
        if steps:
            return steps
        level = self.env["performance.budget.adjustment.level"].search(
            [
                ("company_id", "in", (False, self.company_id.id)),
                ("approver", "=", "group"),
            ],
            limit=1,
        )
        if not level:
            raise UserError(self._get_no_level_message())
        users = self._get_members(level.group_id)
        return [
            approval.Step(level.id, level.sequence, "group", 0, frozenset(users.ids))
        ]

    def _get_request_summary(self):
        return self.env._("Decide on %s", self.name)

    def _on_granted(self):
        self.state = "approved"
        self._try_apply()

    def _on_refused(self):
        self.state = "refused"
        comment = self._get_present_decisions()[-1:].comment or ""
        self._tell_requester(
            self.env._(
                "%(adjustment)s was refused: %(comment)s",
                adjustment=self.name,
                comment=comment,
            )
        )
