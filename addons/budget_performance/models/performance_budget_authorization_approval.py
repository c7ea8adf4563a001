import hashlib
import json

from odoo import models
from odoo.exceptions import UserError

from ..tools import approval


class PerformanceBudgetAuthorization(models.Model):
    """Who decides on an authorisation, in which order, and on which values."""

    _inherit = "performance.budget.authorization"

    def _get_fingerprint(self):
        """Return a hash of what is decided on: any other value is another request."""
        self.ensure_one()
        values = [self.res_model, self.res_id, self.reason] + [
            [line.line_id.id, line.month.isoformat(), f"{line.amount:.6f}"]
            for line in self.line_ids.sorted("id")
        ]
        return hashlib.sha256(json.dumps(values).encode()).hexdigest()

    def _get_steps(self):
        """Return the decisions that the request needs, as plain values."""
        self.ensure_one()
        levels = self.env["performance.budget.authorization.level"].search(
            [
                ("company_id", "in", (False, self.company_id.id)),
                ("amount_from", "<=", self.amount),
            ]
        )
        steps = []
        for level in levels:
            lines = self.line_ids.line_id if level.approver == "owner" else [None]
            for line in lines:
                users = self._get_approvers(level, line)
                steps.append(
                    approval.Step(
                        level.id,
                        level.sequence,
                        level.approver,
                        line.id if line else 0,
                        frozenset(users.ids),
                    )
                )
        return steps

    def _get_approvers(self, level, line):
        """Return who may decide a step; an owner who asks himself is replaced."""
        if level.approver == "owner":
            if line.owner_id and line.owner_id.id not in self._get_requester_ids():
                return line.owner_id
            group = self.env.ref("budget_performance.group_budget_manager")
        else:
            group = level.group_id
        return group.all_user_ids.filtered(
            lambda user: self.company_id in user.company_ids
        )

    def _get_requester_ids(self):
        """Return who asks and whom the document is for: none of them decides."""
        document = self.env[self.res_model].browse(self.res_id).exists()
        return {self.requester_id.id} | set(document.employee_id.user_id.ids)

    def _get_decided(self):
        return [
            approval.Decided(
                decision.level_id.id, decision.line_id.id or 0, decision.user_id.id
            )
            for decision in self.decision_ids
        ]

    def _get_open_steps(self):
        self.ensure_one()
        if self.state != "requested":
            return []
        return approval.open_steps(self._get_steps(), self._get_decided())

    def _get_deciders(self):
        """Return the users who can decide now."""
        steps = self._get_open_steps()
        if not steps:
            return self.env["res.users"]
        decided, requesters = self._get_decided(), self._get_requester_ids()
        return self.env["res.users"].browse(
            sorted(
                {
                    user_id
                    for step in steps
                    for user_id in step.user_ids
                    if not approval.why_not(step, user_id, requesters, decided)
                }
            )
        )

    def _get_cannot_decide_reason(self):
        """Return why the user cannot decide now, False when he can."""
        self.ensure_one()
        request_sudo = self.sudo()  # the steps read users, lines and the document
        if self.state != "requested":
            return self.env._("“%s” is decided already.", self.document_name)
        decided = request_sudo._get_decided()
        requesters = request_sudo._get_requester_ids()
        reasons = {
            approval.why_not(step, self.env.uid, requesters, decided)
            for step in request_sudo._get_open_steps()
        }
        if None in reasons:
            return False
        if "own_request" in reasons:
            return self.env._("You cannot decide on your own request.")
        if "other_level" in reasons:
            return self.env._("You have decided on another level: somebody else must.")
        return self.env._(
            "It is not your turn; it waits for: %s.", request_sudo.waiting_for
        )

    def _check_can_decide(self):
        """:raise UserError: with the reason why the user cannot"""
        reason = self._get_cannot_decide_reason()
        if reason:
            raise UserError(reason)

    def _decide(self, decision, comment=None):
        """Record the decision of the user and act on it.

        :raise UserError: he may not decide, or the request was changed since
        """
        for request in self:
            request._check_can_decide()
            request_sudo = request.sudo()  # checked above; nobody writes decisions
            request_sudo._record_decision(decision, comment)
            request_sudo.activity_unlink(["mail.mail_activity_data_todo"])
            if decision == "refused":
                request_sudo._finish("refused")
            elif request_sudo._get_open_steps():
                request_sudo._notify_deciders()
            else:
                request_sudo._check_unchanged()
                request_sudo._finish("granted")
                request_sudo._continue_document()

    def _record_decision(self, decision, comment):
        """Write the decision on the steps of one level that are the user's.

        Of one level only: levels may stand at the same place in the order, and nobody
        decides on two of them.
        """
        user_id = self.env.uid
        decided, requesters = self._get_decided(), self._get_requester_ids()
        mine = [
            step
            for step in self._get_open_steps()
            if not approval.why_not(step, user_id, requesters, decided)
        ]
        self.env["performance.budget.authorization.decision"].create(
            [
                {
                    "authorization_id": self.id,
                    "company_id": self.company_id.id,
                    "level_id": step.level_id,
                    "line_id": step.line_id or False,
                    "decision": decision,
                    "comment": comment,
                    "fingerprint": self._get_fingerprint(),
                    "user_id": user_id,
                }
                for step in mine
                if step.level_id == mine[0].level_id
            ]
        )
        self.invalidate_recordset(["decision_ids"])

    def _check_unchanged(self):
        """:raise UserError: a level decided on other values than the request has now"""
        if set(self.decision_ids.mapped("fingerprint")) != {self._get_fingerprint()}:
            raise UserError(
                self.env._(
                    "“%s” was changed after a decision: it has to be asked again.",
                    self.document_name,
                )
            )
