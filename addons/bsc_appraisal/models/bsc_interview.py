from odoo import api, fields, models
from odoo.exceptions import UserError


class BscInterview(models.Model):
    """The talk about a result: minutes, agreed steps, and what both think of them.

    The appraiser (or an appraisal officer, never for himself) plans it and writes the
    minutes; the employee adds remarks of his own. Both confirm what they read: a later
    change of the minutes needs new confirmations. Only the two, appraisal officers and
    auditors read it. What was confirmed goes with the employee into the next cycle.
    """

    _name = "bsc.interview"
    _description = "Interview"
    _inherit = ["bsc.about.scorecard.mixin", "bsc.confidential.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    # What both confirm.
    _CONTENT = ("went_well", "missing", "causes", "support", "next_targets")
    _REMARKS = frozenset({"employee_remark"})
    _PROTECTED = frozenset(
        {
            *("state", "event_id", "has_disagreement", "confirmation_ids"),
            "reminder_level",
        }
    )
    _IDENTITY = frozenset({"scorecard_id"})

    scorecard_id = fields.Many2one(
        domain=[("subject_kind", "=", "employee")], check_company=True
    )
    published_rating_id = fields.Many2one(related="scorecard_id.published_rating_id")
    published_rating_color = fields.Integer(
        related="scorecard_id.published_rating_color"
    )
    date = fields.Datetime(string="Meeting On")
    duration = fields.Float(string="Hours", digits=(4, 2), default=1.0)
    event_id = fields.Many2one(
        "calendar.event", string="Meeting", readonly=True, copy=False
    )
    went_well = fields.Text(help="What was achieved, and what made it possible.")
    missing = fields.Text(
        string="What Is Missing", help="Which targets were not reached, by how much."
    )
    causes = fields.Text(help="Why: the market, equipment, skills, the targets.")
    support = fields.Text(help="What the company and the superior do to help.")
    next_targets = fields.Text(
        string="For the Next Cycle",
        help="What both agree on for the next cycle; it appears on the next scorecard.",
    )
    employee_remark = fields.Text(
        string="Remarks of the Employee",
        help="Written by the employee only; also a reason to disagree.",
    )
    step_ids = fields.One2many(
        "bsc.interview.step", "interview_id", string="Agreed Steps"
    )
    confirmation_ids = fields.One2many(
        "bsc.interview.confirmation", "interview_id", string="Confirmations"
    )
    state = fields.Selection(
        [
            ("planned", "Scheduled"),
            ("minuted", "To Confirm"),
            ("confirmed", "Confirmed"),
        ],
        compute="_compute_state",
        store=True,
        index=True,
    )
    has_disagreement = fields.Boolean(
        string="Employee Disagrees", compute="_compute_state", store=True
    )

    _scorecard_uniq = models.UniqueIndex(
        "(scorecard_id)", "This scorecard has an interview already: open it."
    )
    _duration_range = models.Constraint(
        "CHECK (duration > 0 AND duration <= 24)",
        "An interview lasts up to 24 hours.",
    )

    @api.depends("employee_id.name", "cycle_id.name")
    def _compute_display_name(self):
        for interview in self:
            interview.display_name = self.env._(
                "Interview: %(name)s · %(cycle)s",
                name=interview.employee_id.sudo().name or "",  # his own colleague
                cycle=interview.cycle_id.name or "",
            )

    @api.model_create_multi
    def create(self, vals_list):
        interviews = super().create(vals_list)
        for interview in interviews:
            if interview.scorecard_id.subject_kind != "employee":
                raise UserError(
                    self.env._("An interview is held with a person: choose his card.")
                )
        interviews._check_lead()
        return interviews

    def write(self, vals):
        if not self.env.su:
            self._check_may_write(vals)
        result = super().write(vals)
        if {"date", "duration"} & vals.keys():
            self._move_meeting()
        return result

    def copy(self, default=None):  # pylint: disable=method-required-super
        raise UserError(self.env._("A scorecard has one interview."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_confirmed(self):
        if self.sudo().confirmation_ids:  # whoever deletes, confirmed ones stay
            raise UserError(self.env._("A confirmed interview stays as it is."))
        self._check_lead()

    def _get_possible_followers(self):
        return self.user_id | self.appraiser_id

    def _is_lead(self):
        """Tell whether the user writes the minutes: never the employee himself."""
        if self.user_id == self.env.user:
            return False
        return self.appraiser_id == self.env.user or self.env.user.has_group(
            "bsc_appraisal.group_appraisal_officer"
        )

    def _check_lead(self):
        if self.env.su:
            return
        for interview in self:
            if not interview._is_lead():
                raise UserError(
                    self.env._(
                        "The appraiser or an appraisal officer writes the minutes, and"
                        " nobody his own."
                    )
                )

    def _check_may_write(self, vals):
        for interview in self:
            if interview.cycle_id.state == "closed":
                raise UserError(
                    self.env._("The cycle is closed: its interviews stay as they are.")
                )
            if vals.keys() & self._REMARKS and interview.user_id != self.env.user:
                raise UserError(self.env._("Only the employee writes his remarks."))
        if vals.keys() - self._REMARKS - {"activity_ids", "message_follower_ids"}:
            self._check_lead()
