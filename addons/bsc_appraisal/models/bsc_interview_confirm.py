import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import UserError


class BscInterview(models.Model):
    """Both confirm what they read; the employee may also say that he disagrees."""

    _inherit = "bsc.interview"

    can_lead = fields.Boolean(compute="_compute_can_confirm")
    is_mine = fields.Boolean(compute="_compute_can_confirm")
    can_confirm = fields.Boolean(compute="_compute_can_confirm")
    waiting_for = fields.Char(compute="_compute_waiting_for")

    @api.depends(
        "went_well",
        "missing",
        "causes",
        "support",
        "next_targets",
        "user_id",
        "step_ids.name",
        "step_ids.date_deadline",
        "step_ids.side",
        "confirmation_ids",
    )
    def _compute_state(self):
        for interview in self:
            confirmed = interview._get_confirmations()
            needed = {"appraiser"} | ({"employee"} if interview.user_id else set())
            interview.has_disagreement = any(not one.agrees for one in confirmed)
            if set(confirmed.mapped("side")) >= needed:
                interview.state = "confirmed"
            elif interview._has_minutes():
                interview.state = "minuted"
            else:
                interview.state = "planned"

    @api.depends("state", "confirmation_ids", "appraiser_id", "cycle_id.state")
    @api.depends_context("uid")
    def _compute_can_confirm(self):
        for interview in self:
            is_open = interview.cycle_id.state != "closed"
            side = interview._get_side()
            done = interview._get_confirmations().mapped("side")
            interview.can_lead = is_open and interview._is_lead()
            interview.is_mine = is_open and interview.user_id == self.env.user
            interview.can_confirm = bool(
                is_open and side and side not in done and interview._has_minutes()
            )

    @api.depends("state", "confirmation_ids")
    @api.depends_context("lang")
    def _compute_waiting_for(self):
        for interview in self:
            done = interview._get_confirmations().mapped("side")
            missing = []
            if interview.state == "planned":
                missing.append(self.env._("the minutes"))
            elif interview.state == "minuted":
                if "appraiser" not in done:
                    missing.append(self.env._("the appraiser's confirmation"))
                if interview.user_id and "employee" not in done:
                    missing.append(self.env._("the employee's confirmation"))
            interview.waiting_for = ", ".join(missing)

    def action_confirm(self):
        """Confirm the minutes as they are now."""
        self._check_can_confirm()
        self._do_confirm(True)

    def action_disagree(self):
        """Confirm having read the minutes, and disagree: the employee's remarks say
        with what.
        """
        self._check_can_confirm()
        for interview in self:
            if interview._get_side() != "employee":
                raise UserError(self.env._("Only the employee can disagree."))
            if not (interview.employee_remark or "").strip():
                raise UserError(
                    self.env._(
                        "Write in your remarks what you disagree with, then press the"
                        " button again."
                    )
                )
        self._do_confirm(False)

    def action_schedule(self):
        """Put the meeting into the calendars of the two, visible to them only."""
        self.check_access("write")
        self._check_lead()
        for interview in self:
            if not interview.date:
                raise UserError(self.env._("Choose day and time of the meeting first."))
            if interview.event_id:
                continue
            people = interview.user_id | interview.appraiser_id
            # sudo: who plans it may be an officer; it belongs to the appraiser
            event_sudo = (
                self.env["calendar.event"]
                .sudo()
                .create(
                    {
                        "name": self.env._("Performance interview"),
                        "privacy": "private",
                        "user_id": (interview.appraiser_id or self.env.user).id,
                        "partner_ids": people.partner_id.ids,
                        **interview._prepare_meeting_times(),
                    }
                )
            )
            interview.sudo().event_id = event_sudo  # closed to clients

    def _prepare_meeting_times(self):
        return {
            "start": self.date,
            "stop": fields.Datetime.add(self.date, minutes=round(self.duration * 60)),
        }

    def _move_meeting(self):
        for interview in self:
            event_sudo = interview.sudo().event_id  # the meeting of the two
            if event_sudo and interview.date:
                event_sudo.write(interview._prepare_meeting_times())

    def _has_minutes(self):
        return any((self[name] or "").strip() for name in self._CONTENT)

    def _get_side(self):
        """Return for whom the user confirms: "employee", "appraiser" or nothing."""
        if self.user_id == self.env.user:
            return "employee"
        if self.appraiser_id:
            return "appraiser" if self.appraiser_id == self.env.user else ""
        return "appraiser" if self._is_lead() else ""

    def _get_confirmations(self):
        """Return the last confirmation of each side that is of these minutes."""
        digest = self._get_digest()
        last = {one.side: one for one in self.confirmation_ids.sorted("id")}
        valid = [one for one in last.values() if one.digest == digest]
        return self.confirmation_ids.browse().concat(*valid)

    def _get_content(self) -> str:
        """Return what is confirmed, the same text for the same minutes."""
        return json.dumps(
            {
                **{name: (self[name] or "").strip() for name in self._CONTENT},
                "steps": sorted(
                    [step.name or "", str(step.date_deadline or ""), step.side or ""]
                    for step in self.step_ids
                ),
            },
            ensure_ascii=False,
            sort_keys=True,
        )

    def _get_digest(self) -> str:
        return hashlib.sha256(self._get_content().encode()).hexdigest()

    def _check_can_confirm(self):
        self.check_access("read")
        for interview in self:
            if interview.cycle_id.state == "closed":
                raise UserError(
                    self.env._("The cycle is closed: its interviews stay as they are.")
                )
            side = interview._get_side()
            if not side:
                raise UserError(self.env._("The employee and his appraiser confirm."))
            if not interview._has_minutes():
                raise UserError(
                    self.env._("There are no minutes yet: write them, then confirm.")
                )
            if side in interview._get_confirmations().mapped("side"):
                raise UserError(self.env._("You confirmed these minutes already."))

    def _do_confirm(self, agrees):
        for interview in self:
            side = interview._get_side()
            interview_sudo = interview.sudo()  # append-only rows, checked before
            interview_sudo.lock_for_update()
            interview_sudo.confirmation_ids.create(
                {
                    "interview_id": interview.id,
                    "company_id": interview.company_id.id,
                    "user_id": self.env.uid,
                    "side": side,
                    "agrees": agrees,
                    "remark": side == "employee" and interview.employee_remark,
                    "digest": interview._get_digest(),
                    "content": interview._get_content(),
                }
            )
            interview_sudo._ask_other(side)
            if interview_sudo.state == "confirmed":
                interview_sudo._carry_over()

    def _ask_other(self, side):
        """Let the other one confirm, too; in sudo."""
        self.activity_unlink(["mail.mail_activity_data_todo"])
        other = self.user_id if side == "appraiser" else self.appraiser_id
        if self.state != "confirmed" and other:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=other.id,
                summary=self.env._("Read and confirm the minutes of the interview"),
            )

    def _carry_over(self):
        """Write what was agreed on the scorecard of the next cycle, if it has no note
        yet; in sudo.
        """
        for interview in self.filtered(lambda one: one.state == "confirmed"):
            following = self.env["bsc.scorecard"].search(
                [
                    ("cycle_id.previous_id", "=", interview.cycle_id.id),
                    ("subject_key", "=", interview.scorecard_id.subject_key),
                    ("note", "in", (False, "")),
                ]
            )
            following.note = interview._describe_agreement()

    def _describe_agreement(self) -> str:
        lines = [
            self.env._(
                "%(name)s, by %(day)s", name=step.name, day=step.date_deadline or "–"
            )
            for step in self.step_ids
        ]
        return "\n".join(filter(None, [self.next_targets, *lines]))
