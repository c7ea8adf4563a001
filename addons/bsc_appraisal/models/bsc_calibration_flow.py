from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.calibration import FEWEST, FEWEST_STRICT


class BscCalibration(models.Model):
    """Opening, joining and closing a session."""

    _inherit = "bsc.calibration"

    can_join = fields.Boolean(compute="_compute_can_join", compute_sudo=True)

    @api.depends("state", "participant_ids", "facilitator_id", "attendance_ids")
    @api.depends_context("uid")
    def _compute_can_join(self):
        user = self.env.user
        for session in self:
            session.can_join = (
                session.state == "open"
                and user in session.participant_ids | session.facilitator_id
                and user not in session.attendance_ids.user_id
            )

    def action_open(self):
        """Take in the people with final scores and let the participants join.

        :raise UserError: nobody is there, or somebody is in another open session
        """
        self._check_officer()
        for session in self:
            if session.state != "draft":
                raise UserError(self.env._("“%s” was opened already.", session.name))
            # The lines are closed to clients; the rights were checked before.
            session.sudo()._do_open()

    def action_join(self):
        """Note that the person takes part, and show the people.

        :return: action that lists the people of the session
        :raise UserError: not a participant, or the session is not open
        """
        self.ensure_one()
        self.check_access("read")
        session_sudo = self.sudo()  # the list of who joined is closed to clients
        if self.env.user not in session_sudo.participant_ids | self.facilitator_id:
            raise UserError(self.env._("You do not take part in “%s”.", self.name))
        if self.env.user not in session_sudo.attendance_ids.user_id:
            if self.state != "open":
                raise UserError(self.env._("“%s” is not open.", self.name))
            session_sudo.attendance_ids.create(
                {"calibration_id": self.id, "user_id": self.env.uid}
            )
            session_sudo.activity_feedback(
                ["mail.mail_activity_data_todo"], user_id=self.env.uid
            )
        return self.action_open_lines()

    def action_open_lines(self):
        """Open the people of the session that the person may see."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "bsc_appraisal.bsc_calibration_line_action"
        )
        action["domain"] = [("calibration_id", "=", self.id)]
        action["display_name"] = self.name
        return action

    def action_close(self):
        """End the session; its ratings stand.

        :raise UserError: it differs from the guideline without a reason, or from a
            binding one
        """
        self._check_officer()
        for session in self:
            if session.state != "open":
                raise UserError(self.env._("“%s” is not open.", session.name))
            session_sudo = session.sudo()  # counts everybody's rating
            session_sudo._check_can_close()
            session_sudo.write(
                {"state": "closed", "date_closed": fields.Datetime.now()}
            )

    def _check_officer(self):
        self.check_access("write")
        if not self.env.user.has_group("bsc_appraisal.group_appraisal_officer"):
            raise UserError(
                self.env._("Only appraisal officers open and close calibrations.")
            )

    def _get_population(self):
        """Return the final scorecards of people this session is about."""
        domain = [
            ("cycle_id", "=", self.cycle_id.id),
            ("subject_kind", "=", "employee"),
            ("state", "=", "final"),
        ]
        if self.department_ids:
            domain.append(
                ("reporting_department_id", "child_of", self.department_ids.ids)
            )
        if self.job_ids:
            domain.append(("employee_id.job_id", "in", self.job_ids.ids))
        return self.env["bsc.scorecard"].search(domain)

    def _do_open(self):
        cards = self._get_population()
        if self.cycle_id.state != "feedback" or self.cycle_id.published_date:
            raise UserError(
                self.env._(
                    "Ratings are calibrated between the final scores and publishing:"
                    " “%s” is not there.",
                    self.cycle_id.name,
                )
            )
        if not cards:
            raise UserError(
                self.env._(
                    "Nobody with a final score is in “%s”: check departments and"
                    " posts.",
                    self.name,
                )
            )
        if self.is_strict and len(cards) < FEWEST_STRICT:
            raise UserError(
                self.env._(
                    "A binding guideline needs %(fewest)s people or more; here are"
                    " %(count)s. Use it as advice.",
                    fewest=FEWEST_STRICT,
                    count=len(cards),
                )
            )
        self._check_not_elsewhere(cards)
        self.line_ids.create(
            [
                {
                    "calibration_id": self.id,
                    "scorecard_id": card.id,
                    "proposed_rating_id": card.rating_id.id,
                }
                for card in cards
            ]
        )
        self.write({"state": "open", "date_opened": fields.Datetime.now()})
        for user in self.participant_ids | self.facilitator_id:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                summary=self.with_context(lang=user.lang).env._(
                    "Join the calibration: %s", self.name
                ),
            )

    def _check_not_elsewhere(self, cards):
        other = self.line_ids.search(
            [
                ("scorecard_id", "in", cards.ids),
                ("calibration_id.state", "=", "open"),
            ],
            limit=1,
        )
        if other:
            raise UserError(
                self.env._(
                    "“%(name)s” is being calibrated in “%(session)s”: close that"
                    " first.",
                    name=other.scorecard_id.name,
                    session=other.calibration_id.name,
                )
            )

    def _check_can_close(self):
        if len(self.line_ids) < FEWEST or not self._get_deviations():
            return
        if self.is_strict:
            raise UserError(
                self.env._(
                    "The guideline is binding and not met:\n%s",
                    "\n".join(f"- {one}" for one in self._get_deviations()),
                )
            )
        if not (self.deviation_reason or "").strip():
            raise UserError(
                self.env._(
                    "The ratings differ from the guideline. That is allowed: write down"
                    " why.\n%s",
                    "\n".join(f"- {one}" for one in self._get_deviations()),
                )
            )
