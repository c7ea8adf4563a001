from datetime import date

from odoo import api, fields, models
from odoo.tools import format_date

BATCH = 100
# Days before the deadline on which those who have not answered are reminded.
REMINDERS = (5, 1)


class BscFeedbackInvitation(models.Model):
    """What raters are told: colleagues by activity, customers by e-mail with a link.

    Everything is sent in the name of the company, so that no message, activity or
    follower tells the employee or the manager who was asked.
    """

    _inherit = "bsc.feedback.invitation"

    def _invite(self):
        """Ask. Call it in sudo."""
        self.write({"state": "invited", "date_asked": fields.Date.today()})
        # sudo: asks in nobody's name, so that no follower tells who was asked
        robot = self.with_user(self.env.ref("base.user_root")).sudo()
        for invitation in robot.filtered("user_id"):
            in_lang = invitation.with_context(lang=invitation.user_id.lang)
            invitation.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=invitation.date_deadline,
                summary=in_lang.env._("Give feedback: %s", invitation.employee_name),
                user_id=invitation.user_id.id,
            )
        robot.filtered(lambda one: not one.user_id)._mail_link(is_reminder=False)

    def _remind(self):
        """Remind, each in his own language. Call it in sudo."""
        self.date_asked = fields.Date.today()
        # sudo: asks in nobody's name, so that no follower tells who was asked
        robot = self.with_user(self.env.ref("base.user_root")).sudo()
        for invitation in robot.filtered("user_id"):
            in_lang = invitation.with_context(lang=invitation.user_id.lang)
            invitation.message_notify(
                partner_ids=invitation.user_id.partner_id.ids,
                subject=in_lang.env._(
                    "Your feedback is still wanted: %s", invitation.employee_name
                ),
                body=in_lang.env._(
                    "You were asked for feedback about %(employee)s. Your answers are"
                    " welcome until %(date)s; a few minutes are enough.",
                    employee=invitation.employee_name,
                    date=format_date(in_lang.env, invitation.date_deadline),
                ),
            )
        robot.filtered(lambda one: not one.user_id)._mail_link(is_reminder=True)

    def _mail_link(self, is_reminder):
        """Mail customers a link of their own; the mail is deleted when it was sent."""
        if not self:
            return
        values = []
        for invitation in self:
            in_lang = invitation.with_context(lang=invitation.lang or self.env.lang)
            url = f"{invitation.get_base_url()}/feedback/{invitation.id}/"
            company = invitation.company_id
            body = in_lang.env["ir.qweb"]._render(
                "bsc_appraisal.feedback_mail",
                {
                    "invitation": in_lang,
                    "company": company,
                    "url": url + invitation._make_token(),
                    "is_reminder": is_reminder,
                },
                minimal_qcontext=True,
            )
            subject = (
                in_lang.env._("Reminder: %s asks for your opinion", company.name)
                if is_reminder
                else in_lang.env._("%s asks for your opinion", company.name)
            )
            values.append(
                {
                    "subject": subject,
                    "body_html": body,
                    "email_to": invitation.email,
                    "email_from": company.email_formatted
                    or self.env.user.email_formatted,
                    "author_id": self.env.ref("base.partner_root").id,
                    "auto_delete": True,
                }
            )
        self.env["mail.mail"].create(values)
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    @api.model
    def _cron_remind(self):
        """Remind those who have not answered, a batch per commit."""
        while late := self._find_to_remind():
            late[:BATCH]._remind()
            left = self.env["ir.cron"]._commit_progress(
                len(late[:BATCH]), remaining=len(late[BATCH:])
            )
            if not left:
                return

    def _find_to_remind(self):
        today = fields.Date.today()
        open_ones = self.search(
            [
                ("state", "=", "invited"),
                ("feedback_id.state", "=", "collecting"),
                ("feedback_id.date_deadline", ">=", today),
                (
                    "feedback_id.date_deadline",
                    "<=",
                    fields.Date.add(today, days=max(REMINDERS)),
                ),
            ]
        )
        return open_ones.filtered(lambda one: one._is_due(today))

    def _is_due(self, today):
        """Tell whether a day of reminding came since he was asked last."""
        days = [fields.Date.subtract(self.date_deadline, days=one) for one in REMINDERS]
        return any((self.date_asked or date.min) < day <= today for day in days)
