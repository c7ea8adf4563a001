from typing import NamedTuple

from odoo import api, fields, models

USERS = 100
NEAR, LATE = 1, 2
TASK_TYPE = "mail.mail_activity_data_todo"


class Reminder(NamedTuple):
    """One person to be reminded of one record.

    :param record: what the task is on
    :param user: who is reminded
    :param deadline: until when it shall be done
    :param summary: called with an environment in the language of the user
    :param level: how often this record was reminded of then
    """

    record: object
    user: object
    deadline: object
    summary: object
    level: int


def search_near_and_late(model, domain, deadline, days):
    """Return the records whose day comes near, and those whose day is over.

    :param deadline: the field with the day, as in a domain
    :param days: how long before it is near
    """
    today = fields.Date.context_today(model)
    soon = fields.Date.add(today, days=days)
    domain = fields.Domain(domain)
    near = fields.Domain(deadline, ">=", today) & fields.Domain(deadline, "<=", soon)
    late = fields.Domain(deadline, "<", today)
    return tuple(
        model.search(domain & when & fields.Domain("reminder_level", "<", level))
        for when, level in ((near, NEAR), (late, LATE))
    )


def remind_responsible(cycles, day, summary):
    """Return a reminder for who is responsible for each of the cycles.

    :param day: the field of the cycle with the day that is over
    :param summary: as in :class:`Reminder`
    """
    return [
        Reminder(cycle, cycle.responsible_id, cycle[day], summary, LATE)
        for cycle in cycles
    ]


class BscReminder(models.AbstractModel):
    """Reminds of assessments and interviews, everybody at most once a day by mail.

    However much somebody has to do: one task is sent, the others stand in his list. A
    record is reminded of once for each level; a task it had for the same person gives
    way to the new one.
    """

    _name = "bsc.reminder"
    _description = "Reminder"

    # The models that have ``reminder_level`` and ``_get_reminders``.
    _MODELS = ("bsc.assessment", "bsc.interview", "bsc.scorecard")

    @api.model
    def _cron_remind(self):
        """Remind of what is due, some people per commit."""
        reminders = [
            one for model in self._MODELS for one in self.env[model]._get_reminders()
        ]
        by_user = {}
        for one in reminders:
            by_user.setdefault(one.user, []).append(one)
        users = list(by_user)
        for start in range(0, len(users), USERS):
            batch = users[start : start + USERS]
            for user in batch:
                self._remind(user, by_user[user])
                for one in by_user[user]:
                    if one.record._name in self._MODELS:
                        one.record.reminder_level = one.level
            left = self.env["ir.cron"]._commit_progress(
                len(batch), remaining=max(len(users) - start - USERS, 0)
            )
            if not left:
                return

    @api.model
    def _remind(self, user, reminders):
        """Give one user his tasks: the first by mail, unless one was sent today."""
        is_quiet = self._was_mailed(user)
        for one in sorted(reminders, key=lambda one: (one.deadline, one.record.id)):
            summary = one.summary(user.with_context(lang=user.lang).env)
            if self._is_told(one.record, user, summary):
                continue
            record = one.record.with_context(mail_activity_quick_update=is_quiet)
            record.activity_schedule(
                TASK_TYPE, user_id=user.id, date_deadline=one.deadline, summary=summary
            )
            is_quiet = True
        user_sudo = user.sudo()  # a day noted by the reminders only
        user_sudo.bsc_reminded_on = fields.Date.context_today(self)

    @api.model
    def _is_told(self, record, user, summary):
        """Make room for the new task; tell whether the person has it already."""
        if record._name in self._MODELS:
            record.activity_unlink([TASK_TYPE], user_id=user.id)
        tasks = record.activity_ids.filtered(lambda task: task.user_id == user)
        return summary in tasks.mapped("summary")

    @api.model
    def _was_mailed(self, user):
        return user.bsc_reminded_on == fields.Date.context_today(self)
