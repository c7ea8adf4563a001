from odoo import api, fields, models

from .bsc_reminder import (
    LATE,
    NEAR,
    Reminder,
    remind_responsible,
    search_near_and_late,
)
from .bsc_scorecard_result import READERS

INVITE_DAYS = 10


class BscScorecard(models.Model):
    """Who is reminded that nobody has planned the interview about a result.

    =====  =====================================  ====================================
    Level  When                                   Who
    =====  =====================================  ====================================
    1      ten days before the day by which       the appraiser; HR if there is none
           feedback is given
    2      after it                               the appraiser; HR once for the cycle
    =====  =====================================  ====================================

    The short form is held without an interview.
    """

    _inherit = "bsc.scorecard"

    reminder_level = fields.Integer(readonly=True, copy=False, aggregator=None)
    is_interview_missing = fields.Boolean(
        string="No Interview",
        compute="_compute_is_interview_missing",
        search="_search_is_interview_missing",
        groups=READERS,
        help="Feedback is being given, and no interview was planned.",
    )

    @api.depends("stage", "subject_kind", "state", "interview_ids", "cycle_id.form")
    def _compute_is_interview_missing(self):
        missing = self.filtered_domain(self._get_missing_interview_domain())
        for card in self:
            card.is_interview_missing = card in missing

    def _search_is_interview_missing(self, operator, value):
        if operator != "in":
            return NotImplemented
        missing = self._get_missing_interview_domain()
        return missing if True in value else ~missing

    @api.model
    def _get_missing_interview_domain(self):
        return fields.Domain(
            [
                ("stage", "=", "feedback"),
                ("subject_kind", "=", "employee"),
                ("state", "=", "final"),
                ("cycle_id.form", "=", "full"),
                ("interview_ids", "=", False),
            ]
        )

    @api.model
    def _get_reminders(self):
        """Return what is to be said today, in sudo."""
        near, late = search_near_and_late(
            self,
            self._get_missing_interview_domain()
            & fields.Domain("employee_id.active", "=", True),
            "cycle_id.date_feedback_end",
            INVITE_DAYS,
        )
        found = [card._prepare_interview_reminder(NEAR) for card in near]
        found += [card._prepare_interview_reminder(LATE) for card in late]
        return found + remind_responsible(
            late.cycle_id,
            "date_feedback_end",
            lambda env: env._("Interviews are missing: see the progress board"),
        )

    def _prepare_interview_reminder(self, level):
        day = self.cycle_id.date_feedback_end
        return Reminder(
            self,
            self.appraiser_id or self.cycle_id.responsible_id,
            day,
            lambda env: (
                env._("The interview is late: plan it now")
                if level == LATE
                else env._("Plan the interview: feedback is given by %s", day)
            ),
            level,
        )

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name == "reminder_level" and not self.env.su:
            return False
        return super()._has_field_access(field, operation)
