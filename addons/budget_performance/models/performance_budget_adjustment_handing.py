from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

REMIND_AFTER = timedelta(days=2)


class PerformanceBudgetAdjustment(models.Model):
    """How a decision is handed on, handed back, and asked for again."""

    _inherit = "performance.budget.adjustment"

    def _return(self, comment):
        """Send it back to be changed: no decision of this round counts any more.

        :raise UserError: the person has nothing to decide on it
        """
        for adjustment in self:
            adjustment._check_can_decide()
            adjustment_sudo = adjustment.sudo()  # checked above
            adjustment_sudo._record_decision("returned", comment)
            adjustment_sudo.activity_unlink(["mail.mail_activity_data_todo"])
            adjustment_sudo.state = "draft"
            adjustment_sudo._tell_requester(
                self.env._(
                    "%(adjustment)s was sent back: %(comment)s",
                    adjustment=adjustment.name,
                    comment=comment,
                )
            )

    def _forward(self, user, comment):
        """Let another budget owner decide the steps that are the person's.

        :raise UserError: nothing to decide, or the other one may not decide on it
        """
        for adjustment in self:
            adjustment._check_can_decide()
            adjustment_sudo = adjustment.sudo()  # checked above; writes a decision
            reason = adjustment_sudo._get_cannot_stand_in_reason(user.sudo())
            if reason:
                raise UserError(reason)
            steps = adjustment_sudo._get_own_steps(self.env.uid)
            adjustment_sudo.decision_ids.create(
                [
                    {
                        **adjustment_sudo._prepare_decision_vals(
                            step, "forwarded", comment
                        ),
                        "forward_user_id": user.id,
                    }
                    for step in steps
                    if step.level_id == steps[0].level_id
                ]
            )
            adjustment_sudo.invalidate_recordset(["decision_ids"])
            adjustment_sudo.activity_unlink(["mail.mail_activity_data_todo"])
            adjustment_sudo._notify_deciders()

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
        if user.id in self._get_requester_ids():
            return self.env._("%s asked for it: somebody else must decide.", user.name)
        if user.id in {decision.user_id for decision in self._get_decided()}:
            return self.env._("%s has decided on another level already.", user.name)
        return None

    @api.model
    def _cron_remind(self):
        """Remind those who have to decide, and ask new delegates."""
        today = fields.Date.today()
        for adjustment in self.search([("state", "=", "submitted")]):
            asked = adjustment.reminder_date or adjustment.write_date.date()
            if asked > today - REMIND_AFTER:
                continue
            deciders = adjustment._get_deciders()
            if deciders - adjustment.activity_ids.user_id:
                adjustment.activity_unlink(["mail.mail_activity_data_todo"])
                adjustment._notify_deciders()
            adjustment.message_notify(
                partner_ids=deciders.partner_id.ids,
                subject=self.env._("Still to decide: %s", adjustment.name),
                body=adjustment.reason,
            )
            adjustment.reminder_date = today
