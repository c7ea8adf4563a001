from odoo import api, fields, models

from .bsc_reminder import Reminder

SOON_DAYS = 3
NEAR, LATE = 1, 2


class BscAssessment(models.Model):
    """Who is reminded of an assessment that was not handed in.

    =====  =========================  ===============================================
    Level  When                       Who
    =====  =========================  ===============================================
    1      three days before the day  the author
    2      after it                   the author; HR once for the cycle
    =====  =========================  ===============================================
    """

    _inherit = "bsc.assessment"

    reminder_level = fields.Integer(readonly=True, copy=False, aggregator=None)

    @api.model
    def _get_reminders(self):
        """Return what is to be said today, in sudo."""
        today = fields.Date.context_today(self)
        soon = fields.Date.add(today, days=SOON_DAYS)
        deadline = "cycle_id.date_assess_end"
        open_ones = [("state", "=", "draft"), ("cycle_id.state", "=", "assess")]
        late = self.search(
            [*open_ones, (deadline, "<", today), ("reminder_level", "<", LATE)]
        )
        near = self.search(
            [
                *open_ones,
                (deadline, ">=", today),
                (deadline, "<=", soon),
                ("reminder_level", "<", NEAR),
            ]
        )
        found = [one._prepare_reminder(NEAR) for one in near]
        found += [one._prepare_reminder(LATE) for one in late]
        return found + [
            Reminder(
                cycle,
                cycle.responsible_id,
                cycle.date_assess_end,
                lambda env: env._("Assessments are late: see the progress board"),
                LATE,
            )
            for cycle in late.cycle_id
        ]

    def _prepare_reminder(self, level):
        day = self.cycle_id.date_assess_end
        return Reminder(
            self,
            self.author_id,
            day,
            lambda env: (
                env._("Your assessment is late: hand it in")
                if level == LATE
                else env._("Hand in your assessment by %s", day)
            ),
            level,
        )
