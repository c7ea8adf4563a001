from odoo import api, fields, models

from .bsc_reminder import Reminder

BEFORE_DAYS = 2
CONFIRM_DAYS = 5
MEETING, MINUTES, CONFIRM, ESCALATE = 1, 2, 3, 4


class BscInterview(models.Model):
    """Who is reminded of an interview, and of what; where none was planned, see the
    scorecard.

    =====  ====================================  ====================================
    Level  When                                  Who
    =====  ====================================  ====================================
    1      two days before the meeting           both
    2      after it, minutes are missing; or     the appraiser
           there is no meeting and the day by
           which feedback is given comes near
    3      five days before that day             who has not confirmed
    4      after it                              HR
    =====  ====================================  ====================================
    """

    _inherit = "bsc.interview"

    reminder_level = fields.Integer(readonly=True, copy=False, aggregator=None)

    def write(self, vals):
        """Another day is reminded of anew."""
        result = super().write(vals)
        if "date" in vals:
            self.sudo().reminder_level = 0  # closed to clients
        return result

    @api.model
    def _get_reminders(self):
        """Return what is to be said today, in sudo."""
        now = fields.Datetime.now()
        today = fields.Date.context_today(self)
        soon = fields.Date.add(today, days=CONFIRM_DAYS)
        deadline = "cycle_id.date_feedback_end"
        planned = [("state", "=", "planned")]
        work = {
            ESCALATE: [(deadline, "<", today), ("state", "!=", "confirmed")],
            CONFIRM: [
                ("state", "=", "minuted"),
                (deadline, ">=", today),
                (deadline, "<=", soon),
            ],
            MINUTES: [
                *planned,
                "|",
                ("date", "<", now),
                *("&", ("date", "=", False), (deadline, "<=", soon)),
            ],
            MEETING: [
                *planned,
                ("date", ">=", now),
                ("date", "<=", fields.Datetime.add(now, days=BEFORE_DAYS)),
            ],
        }
        found = []
        seen = self.browse()
        for level, domain in work.items():
            interviews = self.search(
                [
                    ("cycle_id.state", "!=", "closed"),
                    ("reminder_level", "<", level),
                    *domain,
                ]
            )
            for interview in interviews - seen:
                found += interview._prepare_reminders(level)
            seen |= interviews
        return found

    def _prepare_reminders(self, level):
        """Return the reminders of one interview at this level."""
        day = self.cycle_id.date_feedback_end
        done = self._get_confirmations().mapped("side")
        people = {
            MEETING: self.user_id | self.appraiser_id,
            MINUTES: self.appraiser_id,
            CONFIRM: (self.user_id if "employee" not in done else self.user_id.browse())
            | (self.appraiser_id if "appraiser" not in done else self.user_id.browse()),
            ESCALATE: self.cycle_id.responsible_id,
        }[level]
        if level == MEETING:
            day = fields.Datetime.context_timestamp(self, self.date).date()
        elif level == MINUTES and self.date:
            day = fields.Date.context_today(self)
        return [
            Reminder(self, user, day, self._get_reminder_text(level), level)
            for user in people
        ]

    def _get_reminder_text(self, level):
        texts = {
            MEETING: lambda env: env._("Prepare the interview"),
            MINUTES: lambda env: (
                env._("Write the minutes of the interview")
                if self.date
                else env._("Choose a day for the interview")
            ),
            CONFIRM: lambda env: env._(
                "Read and confirm the minutes by %s", self.cycle_id.date_feedback_end
            ),
            ESCALATE: lambda env: env._(
                "The interview is late: see that it is held and confirmed"
            ),
        }
        return texts[level]
