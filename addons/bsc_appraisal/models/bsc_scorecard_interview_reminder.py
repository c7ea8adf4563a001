from odoo import api, fields, models

from .bsc_reminder import Reminder
from .bsc_scorecard_result import READERS

INVITE_DAYS = 10
NEAR, LATE = 1, 2


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
        today = fields.Date.context_today(self)
        soon = fields.Date.add(today, days=INVITE_DAYS)
        deadline = "cycle_id.date_feedback_end"
        missing = self._get_missing_interview_domain() & fields.Domain(
            "employee_id.active", "=", True
        )
        near = self.search(
            missing
            & fields.Domain(deadline, ">=", today)
            & fields.Domain(deadline, "<=", soon)
            & fields.Domain("reminder_level", "<", NEAR)
        )
        late = self.search(
            missing
            & fields.Domain(deadline, "<", today)
            & fields.Domain("reminder_level", "<", LATE)
        )
        found = [card._prepare_interview_reminder(NEAR) for card in near]
        found += [card._prepare_interview_reminder(LATE) for card in late]
        return found + [
            Reminder(
                cycle,
                cycle.responsible_id,
                cycle.date_feedback_end,
                lambda env: env._("Interviews are missing: see the progress board"),
                LATE,
            )
            for cycle in late.cycle_id
        ]

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
