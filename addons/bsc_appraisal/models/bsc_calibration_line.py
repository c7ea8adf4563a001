from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

LEVELS = [("low", "Low"), ("medium", "Medium"), ("high", "High")]


class BscCalibrationLine(models.Model):
    """One person in a session: what was computed, proposed and decided.

    Participants who joined see everybody but themselves, set the potential and a note,
    and rate through :meth:`_rate`. Everything else is closed to clients.
    """

    _name = "bsc.calibration.line"
    _description = "Person in Calibration"
    _order = "calibration_id, score desc, id"
    _rec_name = "scorecard_id"

    _OPEN_FIELDS = frozenset({"potential", "note"})

    calibration_id = fields.Many2one(
        "bsc.calibration", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="calibration_id.company_id", store=True, index=True
    )
    session_state = fields.Selection(related="calibration_id.state")
    scorecard_id = fields.Many2one(
        "bsc.scorecard", required=True, index=True, ondelete="restrict"
    )
    # Participants need not be able to open the scorecards of all these people.
    name = fields.Char(compute="_compute_person", compute_sudo=True, store=True)
    department_id = fields.Many2one(
        "hr.department", compute="_compute_person", compute_sudo=True, store=True
    )
    appraiser_id = fields.Many2one(
        "res.users", compute="_compute_person", compute_sudo=True, store=True
    )
    subject_user_id = fields.Many2one(
        "res.users", compute="_compute_person", compute_sudo=True, store=True
    )
    score = fields.Float(
        digits=(16, 2),
        compute="_compute_person",
        compute_sudo=True,
        store=True,
        aggregator="avg",
    )
    grade_id = fields.Many2one(
        "bsc.grade",
        string="Grade of the Score",
        compute="_compute_person",
        compute_sudo=True,
        store=True,
    )
    proposed_rating_id = fields.Many2one(
        "bsc.grade", string="Rating Before", readonly=True
    )
    rating_id = fields.Many2one(
        "bsc.grade",
        compute="_compute_rating",
        compute_sudo=True,
        store=True,
    )
    rating_color = fields.Integer(related="rating_id.color")
    is_changed = fields.Boolean(
        string="Changed", compute="_compute_rating", compute_sudo=True, store=True
    )
    potential = fields.Selection(LEVELS)
    performance = fields.Selection(
        LEVELS, compute="_compute_performance", compute_sudo=True
    )
    note = fields.Text()
    can_rate = fields.Boolean(compute="_compute_can_rate")

    _scorecard_uniq = models.UniqueIndex(
        "(calibration_id, scorecard_id)", "This person is in the session already."
    )

    @api.depends(
        "scorecard_id.name",
        "scorecard_id.reporting_department_id",
        "scorecard_id.appraiser_id",
        "scorecard_id.responsible_id",
        "scorecard_id.score",
        "scorecard_id.grade_id",
    )
    def _compute_person(self):
        for line in self:
            card = line.scorecard_id
            line.name = card.name
            line.department_id = card.reporting_department_id
            line.appraiser_id = card.appraiser_id
            line.subject_user_id = card.responsible_id
            line.score = card.score
            line.grade_id = card.grade_id

    @api.depends("scorecard_id.rating_id", "proposed_rating_id", "session_state")
    def _compute_rating(self):
        for line in self:
            if line.session_state == "closed" and line.rating_id:
                continue  # what the session decided; an appeal may come later
            line.rating_id = line.scorecard_id.rating_id
            line.is_changed = line.rating_id != line.proposed_rating_id

    @api.depends("rating_id")
    def _compute_performance(self):
        for session, lines in self.grouped("calibration_id").items():
            levels = session._get_performance_levels()
            for line in lines:
                line.performance = levels.get(line.rating_id.id, False)

    @api.depends("session_state")
    @api.depends_context("uid")
    def _compute_can_rate(self):
        for line in self:
            line.can_rate = not line._get_refusal()

    def _has_field_access(self, field, operation):
        if (
            operation == "write"
            and field.name not in self._OPEN_FIELDS
            and not self.env.su
        ):
            return False
        return super()._has_field_access(field, operation)

    def action_rate(self):
        """Ask for another rating of this person, and why."""
        self.ensure_one()
        self.check_access("read")
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "bsc_appraisal.bsc_calibration_rate_action"
            ),
            "context": {
                "default_line_id": self.id,
                "default_rating_id": self.rating_id.id,
            },
        }

    def _rate(self, rating, reason):
        """Give this person another rating.

        :raise AccessError: the person who asks did not join, or it is about himself
        :raise UserError: the session is not open, no reason, a grade of others
        """
        self.ensure_one()
        self.check_access("read")
        refusal = self._get_refusal()
        if refusal:
            raise AccessError(refusal)
        # sudo: who joined may rate, and writes nothing else of the session
        self.calibration_id.sudo().lock_for_update()
        if self.calibration_id.sudo().state != "open":  # as above
            raise UserError(self.env._("The session was closed in the meantime."))
        # sudo: participants rate people whose scorecards they may not be able to read
        self.scorecard_id.sudo()._change_rating(rating, reason, "calibration")

    def _get_refusal(self):
        """Return why this person may not rate here, None if he may."""
        line_sudo = self.sudo()
        user = self.env.user
        session_sudo = line_sudo.calibration_id
        if session_sudo.state != "open":
            return self.env._("The session is not open.")
        if user not in session_sudo.attendance_ids.user_id:
            return self.env._("Join the session first.")
        if user in (
            line_sudo.subject_user_id,
            line_sudo.scorecard_id.employee_id.user_id,
        ):
            return self.env._("Nobody rates himself.")
        return None
