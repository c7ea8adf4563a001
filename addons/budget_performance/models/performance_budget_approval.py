from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import approval


class PerformanceBudgetApproval(models.AbstractModel):
    """Levels decide one after the other; nobody on his own request or on two levels.

    A model that is approved inherits this and has ``state``, ``company_id``,
    ``requester_id``, ``line_ids`` with budget lines, append-only ``decision_ids``, and
    says which levels decide (:meth:`_get_levels`), what a decision is about
    (:meth:`_get_fingerprint`) and what follows from it (:meth:`_on_granted`,
    :meth:`_on_refused`). All methods expect one record in sudo, unless they say that
    they check the person.
    """

    _name = "performance.budget.approval"
    _description = "Budget Approval"
    _inherit = ["performance.budget.document.reference"]

    # The state in which decisions are taken, and the field by which a decision
    # points to what it is about.
    _approval_state = "requested"
    _approval_inverse = None
    # What tells who decides now.
    _approval_depends = ("state", "decision_ids", "line_ids")

    can_decide = fields.Boolean(compute="_compute_can_decide")
    waiting_for = fields.Char(compute="_compute_waiting_for", compute_sudo=True)

    @api.depends_context("uid")
    @api.depends(lambda self: self._approval_depends)
    def _compute_can_decide(self):
        for request in self:
            request.can_decide = not request._get_cannot_decide_reason()

    @api.depends(lambda self: self._approval_depends)
    def _compute_waiting_for(self):
        for request in self:
            request.waiting_for = ", ".join(request._get_deciders().mapped("name"))

    def _get_levels(self):
        """Return the levels that have to decide."""
        raise NotImplementedError

    def _get_fingerprint(self):
        """Return a hash of what is decided on: any other value is another request."""
        raise NotImplementedError

    def _on_granted(self):
        """Do what the last grant leads to."""
        raise NotImplementedError

    def _on_refused(self):
        """Do what a refusal leads to."""
        raise NotImplementedError

    def _get_requester_ids(self):
        """Return who asks and whom the document is for: none of them decides."""
        beneficiaries = self._get_document()._get_budget_beneficiaries()
        return {self.requester_id.id} | set(beneficiaries.ids)

    def _get_steps(self):
        """Return the decisions that are needed, as plain values."""
        self.ensure_one()
        return [
            approval.Step(
                level.id,
                level.sequence,
                level.approver,
                line.id if line else 0,
                frozenset(self._get_approvers(level, line).ids),
            )
            for level in self._get_levels()
            for line in self._get_level_lines(level)
        ]

    def _get_level_lines(self, level):
        """Return the budget lines a level decides about, None stands for the whole."""
        if level.approver == "owner" and self._decides_by_line():
            return self.line_ids.line_id
        return [None]

    def _get_approvers(self, level, line):
        """Return who may decide a step; an owner who asks himself is replaced."""
        if line:
            if line.owner_id and line.owner_id.id not in self._get_requester_ids():
                return line.owner_id
            group = self.env.ref("budget_performance.group_budget_manager")
        else:
            group = level.group_id
        return self._get_members(group)

    def _get_members(self, group):
        return group.all_user_ids.filtered(
            lambda user: self.company_id in user.company_ids
        )

    def _get_current_decisions(self):
        """Return the decisions that count: those on what is asked for now."""
        return self.decision_ids

    def _get_decided(self):
        by_line = self._decides_by_line()
        return [
            approval.Decided(
                decision.level_id.id,
                (by_line and decision.line_id.id) or 0,
                decision.user_id.id,
            )
            for decision in self._get_current_decisions()
        ]

    def _decides_by_line(self):
        """Return whether owners decide about lines, or every level about the whole."""
        return "line_id" in self.decision_ids._fields

    def _get_open_steps(self):
        self.ensure_one()
        if self.state != self._approval_state:
            return []
        return approval.open_steps(self._get_steps(), self._get_decided())

    def _get_own_steps(self, user_id):
        """Return the open steps that the user may decide."""
        decided, requesters = self._get_decided(), self._get_requester_ids()
        return [
            step
            for step in self._get_open_steps()
            if not approval.why_not(step, user_id, requesters, decided)
        ]

    def _get_deciders(self):
        """Return the users who can decide now."""
        steps = self._get_open_steps()
        decided, requesters = self._get_decided(), self._get_requester_ids()
        user_ids = {
            user_id
            for step in steps
            for user_id in step.user_ids
            if not approval.why_not(step, user_id, requesters, decided)
        }
        return self.env["res.users"].browse(sorted(user_ids))

    def _get_cannot_decide_reason(self):
        """Return why the user cannot decide now, False when he can."""
        self.ensure_one()
        request_sudo = self.sudo()  # the steps read users, lines and the document
        if request_sudo.state != self._approval_state:
            return self.env._("“%s” is decided already.", request_sudo.display_name)
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
        self.check_access("read")
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
                request_sudo._on_refused()
            elif request_sudo._get_open_steps():
                request_sudo._notify_deciders()
            else:
                request_sudo._check_unchanged()
                request_sudo._on_granted()

    def _record_decision(self, decision, comment):
        """Write the decision on the steps of one level that are the user's.

        Of one level only: levels may stand at the same place in the order, and nobody
        decides on two of them.
        """
        mine = self._get_own_steps(self.env.uid)
        self.decision_ids.create(
            [
                self._prepare_decision_vals(step, decision, comment)
                for step in mine
                if step.level_id == mine[0].level_id
            ]
        )
        self.invalidate_recordset(["decision_ids"])

    def _prepare_decision_vals(self, step, decision, comment):
        values = {
            self._approval_inverse: self.id,
            "company_id": self.company_id.id,
            "level_id": step.level_id,
            "decision": decision,
            "comment": comment,
            "fingerprint": self._get_fingerprint(),
            "user_id": self.env.uid,
        }
        if self._decides_by_line():
            values["line_id"] = step.line_id or False
        return values

    def _check_unchanged(self):
        """:raise UserError: a level decided on other values than there are now"""
        fingerprints = set(self._get_current_decisions().mapped("fingerprint"))
        if fingerprints != {self._get_fingerprint()}:
            raise UserError(
                self.env._(
                    "“%s” was changed after a decision: it has to be asked again.",
                    self.display_name,
                )
            )

    def _notify_deciders(self):
        for user in self._get_deciders():
            summary = self.with_context(lang=user.lang)._get_request_summary()
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                summary=summary,
                note=self._get_request_note(),
            )

    def _get_request_summary(self):
        """Return what the deciders are asked, in the language of the environment."""
        raise NotImplementedError

    def _get_request_note(self):
        """Return what was said with the request."""
        return self.reason

    def _continue_document(self):
        """Let the document go on as its owner; when it cannot, say why."""
        document = self._get_document()
        if not document:
            return
        try:
            with self.env.cr.savepoint():
                document.with_user(self.requester_id)._continue_authorized()
                self.env.cr.flush()
        except UserError as error:
            self._tell_requester(
                self.env._("It could not go on by itself: %s", str(error))
            )

    def _tell_requester(self, body):
        self.message_post(
            body=body,
            partner_ids=self.requester_id.partner_id.ids,
            subtype_xmlid="mail.mt_comment",
        )

    @api.model
    def _hash(self, values):
        """Return the fingerprint of a JSON value."""
        return approval.fingerprint(values)
