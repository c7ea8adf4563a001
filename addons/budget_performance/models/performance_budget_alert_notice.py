import logging

from odoo import Command, api, models

_logger = logging.getLogger(__name__)

ACTIVITY = "budget_performance.mail_activity_type_budget_alert"


class PerformanceBudgetAlert(models.Model):
    """How the people who answer for a line hear that it crossed a limit."""

    _inherit = "performance.budget.alert"

    @api.model
    def _cron_refresh(self):
        """Refresh the alerts, then tell of each line in a transaction of its own.

        What was told is marked in the same transaction as its e-mail and activity: a
        crash loses neither and repeats neither. A line that cannot be told of keeps
        its notice for the next run and holds up no other.
        """
        Cron = self.env["ir.cron"]
        self._refresh()
        # sudo: the job tells everybody who is concerned
        waiting = self.sudo().search([("notice_state", "=", "to_send")])
        by_line = waiting.grouped("line_id")
        Cron._commit_progress(remaining=len(by_line))
        for alerts in by_line.values():
            try:
                with self.env.cr.savepoint():
                    alerts._tell()
            except Exception:
                _logger.exception("Budget alerts %s could not be told", alerts.ids)
            if not Cron._commit_progress(1):
                break

    def _tell(self):
        """Tell those who answer for the line of these alerts, which are all its new.

        Other runs that tell at the same moment skip what this one has locked.
        """
        alerts = self.try_lock_for_update().filtered(
            lambda alert: alert.notice_state == "to_send"
        )
        if not alerts:
            return
        line = alerts.line_id
        users = line._get_alerted_users()
        if line.company_id.budget_alert_email:
            alerts._send_mail(users)
        self._update_activities(line, users)
        alerts.notice_state = "sent"

    def _send_mail(self, users):
        """Queue one e-mail to each user, in his language."""
        template = self.env.ref("budget_performance.mail_template_budget_alert")
        for user in users.filtered("email"):
            template.with_context(lang=user.lang).send_mail(
                self.line_id.id,
                email_values={
                    "recipient_ids": [Command.set(user.partner_id.ids)],
                    "email_to": False,
                },
            )

    @api.model
    def _update_activities(self, line, users):
        """Leave each user one activity that names what is over now, or none."""
        # An activity brings an e-mail of its own, which would be the second one.
        line = line.with_context(mail_activity_quick_update=True)
        line.activity_unlink([ACTIVITY])
        alerts = line.alert_ids.filtered(lambda alert: alert.state == "open")
        for user in users if alerts else ():
            told = alerts.with_context(lang=user.lang)
            line.with_context(lang=user.lang).activity_schedule(
                ACTIVITY,
                user_id=user.id,
                summary=self.with_context(lang=user.lang).env._("Over a limit"),
                note="<br/>".join(told.mapped("summary")),
            )
