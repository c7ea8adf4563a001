from odoo import api, fields, models

from .bsc_reminder import (
    LATE,
    NEAR,
    Reminder,
    remind_responsible,
    search_near_and_late,
)

SOON_DAYS = 3


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
        near, late = search_near_and_late(
            self,
            [("state", "=", "draft"), ("cycle_id.state", "=", "assess")],
            "cycle_id.date_assess_end",
            SOON_DAYS,
        )
        found = [one._prepare_reminder(NEAR) for one in near]
        found += [one._prepare_reminder(LATE) for one in late]
        return found + remind_responsible(
            late.cycle_id,
            "date_assess_end",
            lambda env: env._("Assessments are late: see the progress board"),
        )

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
