from odoo import models
from odoo.exceptions import UserError

from ..tools import approval


class PerformanceBudgetRound(models.Model):
    """Who agrees to what the departments propose, level by level."""

    _inherit = "performance.budget.round"

    def action_request(self):
        """Give the consolidated proposals to the levels.

        :raise UserError: a proposal is missing or not accepted yet
        """
        self._check_officer()
        for budget_round in self:
            budget_round._check_state("consolidation")
            budget_round._check_complete()
            budget_round._get_current_lines()._assess()
            budget_round._lock()
            round_sudo = budget_round.sudo()  # protected fields, checked above
            round_sudo.write(
                {
                    "state": "approval",
                    "requester_id": self.env.uid,
                    "revision": budget_round.revision + 1,
                }
            )
            round_sudo._check_can_be_decided()
            round_sudo._notify_deciders()

    def action_approve(self):
        """Approve the step that is yours; after the last one the budget is made."""
        self._decide("granted")

    def action_return(self):
        """Ask what to change; then finance works on it again."""
        self.ensure_one()
        self._check_can_decide()
        return self.env["performance.budget.proposal.return"]._open(self)

    def _return(self, comment):
        """Send it back to finance to be changed."""
        self._decide("refused", comment)

    def action_withdraw(self):
        """Take it back from the levels to go on consolidating.

        What they decided so far counts no more.
        """
        self._move(("approval",), "consolidation")
        # sudo: tasks of others; the rights were checked above
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])

    def action_open_document(self):
        """Open the budget that was made of the round.

        :raise UserError: there is none yet
        """
        self.ensure_one()
        self.check_access("read")
        if not self.budget_id:
            raise UserError(
                self.env._("“%s” is not agreed: there is no budget yet.", self.name)
            )
        return self.budget_id._get_records_action()

    def _check_complete(self):
        """:raise UserError: with every proposal that is not accepted"""
        open_ones = self.proposal_ids.filtered(
            lambda p: (
                p.is_current
                and p.state != "accepted"
                and (p.department_id or p.line_ids)
            )
        )
        if open_ones:
            raise UserError(
                self.env._(
                    "These proposals are not accepted yet: %s. Accept them, send them"
                    " back, or take departments that need no money out of the round.",
                    ", ".join(open_ones.mapped("display_name")),
                )
            )
        if not self._get_current_lines():
            raise UserError(self.env._("“%s” has no lines to agree on.", self.name))

    def _get_no_level_message(self):
        return self.env._(
            "Nobody but you could decide on it: ask the finance manager to set the"
            " levels of budget rounds, or have somebody else submit it."
        )

    def _get_document(self):
        """Return nothing: a round is about no document."""
        return self.env["performance.budget.document"]

    def _get_requester_ids(self):
        return set(self.requester_id.ids)

    def _get_levels(self):
        return self.env["performance.budget.round.level"].search(
            [
                ("company_id", "in", (False, self.company_id.id)),
                ("amount_from", "<=", self.sudo().amount_proposed),  # which level
            ]
        )

    def _get_principal_steps(self):
        # EXTENDS performance.budget.approval.handing
        steps = super()._get_principal_steps()
        return approval.leave_somebody(steps, self._get_requester_ids())

    def _get_fingerprint(self):
        """Return a hash of all current lines with their months."""
        self.ensure_one()
        lines = self._get_current_lines().sorted("id")
        return self._hash(
            [
                [self.name, self.date_from.isoformat(), self.date_to.isoformat()],
                [
                    [
                        line.department_id.id or 0,
                        line.position_id.id,
                        line.analytic_key or "",
                        line.is_reserve,
                        f"{line.amount:.6f}",
                        [f"{m.amount:.6f}" for m in line.month_ids.sorted("month")],
                    ]
                    for line in lines
                ],
            ]
        )

    def _get_request_summary(self):
        return self.env._("Decide on the budget round “%s”", self.name)

    def _get_request_note(self):
        """Return nothing: the assumptions of a round are too long for a note."""
        return False

    def _on_refused(self):
        """Give it back to finance with the reason."""
        self._lock()
        self.state = "consolidation"
        comment = self.decision_ids[-1:].comment or ""
        self._tell_requester(
            self.env._(
                "“%(round)s” was sent back: %(comment)s",
                round=self.name,
                comment=comment,
            )
        )
