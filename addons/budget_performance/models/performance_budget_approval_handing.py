import contextlib
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import approval

REMIND_AFTER = timedelta(days=2)


class PerformanceBudgetApprovalHanding(models.AbstractModel):
    """How a decision is handed on: to a delegate, to one who is asked, by a reminder.

    The decisions of such a model tell for whom somebody decided and to whom it was
    forwarded, see ``performance.budget.decision.handing``. Whose steps they are is
    said by :meth:`_get_principal_steps`.
    """

    _name = "performance.budget.approval.handing"
    _description = "Budget Approval Handed On"
    _inherit = ["performance.budget.approval.revision"]

    reminder_date = fields.Date(
        string="Reminder On",
        readonly=True,
        copy=False,
        help="When those who decide are reminded; empty once they were.",
    )

    def action_forward(self):
        """Ask who decides instead of you."""
        return self._open_decision("forwarded")

    def _open_decision(self, decision):
        """Return the dialog that asks what has to be said with a decision."""
        self.ensure_one()
        self._check_can_decide()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "budget_performance.performance_budget_approval_decide_action"
        )
        titles = {
            "refused": self.env._("Refuse"),
            "returned": self.env._("Send Back"),
            "forwarded": self.env._("Forward"),
        }
        return {
            **action,
            "name": titles[decision],
            "context": {
                "default_res_model": self._name,
                "default_res_id": self.id,
                "default_decision": decision,
            },
        }

    def _get_steps(self):
        # EXTENDS performance.budget.approval: others may stand in
        delegates = self._get_delegates()
        forwarded = {
            self._get_step_key(decision): decision.forward_user_id.id
            for decision in self._get_present_decisions().filtered("forward_user_id")
        }
        return [
            step._replace(
                user_ids=approval.with_others(
                    step.user_ids,
                    delegates,
                    forwarded.get((step.level_id, step.line_id)),
                )
            )
            for step in self._get_principal_steps()
        ]

    def _get_principal_steps(self):
        """Return the steps with those whose steps they are."""
        return super()._get_steps()  # pylint: disable=super-method-mismatch

    def _get_step_key(self, decision):
        line_id = self._decides_by_line() and decision.line_id.id
        return decision.level_id.id, line_id or 0

    def _get_delegates(self):
        return self.env["performance.budget.delegation"]._get_delegates(self.company_id)

    def _prepare_decision_vals(self, step, decision, comment):
        # EXTENDS performance.budget.approval
        principals = {
            (own.level_id, own.line_id): own.user_ids
            for own in self._get_principal_steps()
        }[step.level_id, step.line_id]
        return {
            **super()._prepare_decision_vals(step, decision, comment),
            "on_behalf_id": False
            if self.env.uid in principals
            else self._get_principal(step, principals),
        }

    def _get_principal(self, step, principals):
        """Return for whom somebody decides who is no approver himself."""
        handed_on = self._get_present_decisions().filtered(
            lambda d: (
                d.forward_user_id == self.env.user and d.level_id.id == step.level_id
            )
        )
        delegates = self._get_delegates()
        return handed_on[-1:].user_id.id or next(
            (
                user_id
                for user_id in sorted(principals)
                if self.env.uid in delegates.get(user_id, ())
            ),
            False,
        )

    def _forward(self, user, comment):
        """Let another budget owner decide the steps that are the person's.

        :raise UserError: nothing to decide, or the other one may not decide on it
        """
        for request in self:
            request._check_can_decide()
            request_sudo = request.sudo()  # checked above; writes a decision
            # sudo: the groups and companies of the stand-in
            reason = request_sudo._get_cannot_stand_in_reason(user.sudo())
            if reason:
                raise UserError(reason)
            steps = request_sudo._get_own_steps(self.env.uid)
            request_sudo.decision_ids.create(
                [
                    {
                        **request_sudo._prepare_decision_vals(
                            step, "forwarded", comment
                        ),
                        "forward_user_id": user.id,
                    }
                    for step in steps
                    if step.level_id == steps[0].level_id
                ]
            )
            request_sudo.invalidate_recordset(["decision_ids"])
            request_sudo.activity_unlink(["mail.mail_activity_data_todo"])
            request_sudo._notify_deciders()

    def _get_cannot_stand_in_reason(self, user):
        """Return why the user cannot be asked instead, None when he can."""
        if (
            not user.has_group("budget_performance.group_budget_owner")
            or self.company_id not in user.company_ids
        ):
            return self.env._(
                "%s is no budget owner of this company: he could not read it.",
                user.name,
            )
        if user.id == self.env.uid:
            return self.env._("You decide already: forward it to somebody else.")
        if user.id in self._get_requester_ids():
            return self.env._("%s asked for it: somebody else must decide.", user.name)
        if user.id in {decision.user_id for decision in self._get_decided()}:
            return self.env._("%s has decided on another level already.", user.name)
        return None

    def _notify_deciders(self):
        # EXTENDS performance.budget.approval: each level is reminded once
        self.reminder_date = fields.Date.today() + REMIND_AFTER
        return super()._notify_deciders()

    @api.model
    def _cron_remind(self):
        """Ask new delegates, and remind who has to decide, once on each level."""
        requests = self.search([("state", "=", self._approval_state)])
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(requests))
        for request in requests:
            # One that nobody can decide any more does not keep the others waiting.
            with contextlib.suppress(UserError), self.env.cr.savepoint():
                request._ask_again()
            if not cron._commit_progress(1):
                break

    def _ask_again(self):
        due = self.reminder_date  # asking anew would put it off
        if self._get_deciders() - self.activity_ids.user_id:
            self.activity_unlink(["mail.mail_activity_data_todo"])
            self._notify_deciders()
            self.reminder_date = due
        if due and due <= fields.Date.today():
            self._remind_deciders()

    def _remind_deciders(self):
        for user in self._get_deciders():
            request = self.with_context(lang=user.lang)
            request.message_notify(
                partner_ids=user.partner_id.ids,
                subject=request.env._("Still to decide: %s", request.display_name),
                body=request._get_request_note() or request._get_request_summary(),
            )
        self.reminder_date = False
