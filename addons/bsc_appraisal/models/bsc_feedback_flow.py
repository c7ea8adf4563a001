from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from .bsc_feedback import OFFICER


class BscFeedback(models.Model):
    """The way of a round: names, approval, answers, closing. Only actions move it."""

    _inherit = "bsc.feedback"

    can_propose = fields.Boolean(compute="_compute_can")
    can_start = fields.Boolean(compute="_compute_can")
    can_manage = fields.Boolean(compute="_compute_can")

    @api.depends("state", "responsible_id", "appraiser_id")
    @api.depends_context("uid")
    def _compute_can(self):
        for feedback in self:
            may_manage = feedback._may_manage()
            feedback.can_manage = may_manage
            feedback.can_propose = feedback.state == "draft" and feedback._is_subject()
            feedback.can_start = feedback.state in ("draft", "proposed") and (
                may_manage or feedback._is_appraiser()
            )

    def action_propose(self):
        """Hand the names to the manager."""
        for feedback in self:
            feedback._check_state("draft")
            if not feedback._is_subject():
                raise AccessError(
                    self.env._(
                        "%s names the raters; start the round instead.",
                        feedback.employee_id.sudo().name,  # the name only
                    )
                )
            feedback_sudo = feedback.sudo()  # the state is closed, checked above
            feedback_sudo.state = "proposed"
            feedback_sudo._ask(
                feedback_sudo.appraiser_id,
                self.env._("Approve who gives feedback to %s"),
            )

    def action_return(self):
        """Give the names back to the employee, with the remark."""
        for feedback in self:
            feedback._check_state("proposed")
            feedback._check_may_start()
            feedback_sudo = feedback.sudo()  # the state is closed, checked above
            feedback_sudo.state = "draft"
            feedback_sudo._ask(
                feedback_sudo.responsible_id,
                self.env._("Name other people to ask about %s"),
            )

    def action_start(self):
        """Approve the names and ask them."""
        for feedback in self:
            feedback._check_state("draft", "proposed")
            feedback._check_may_start()
            feedback.sudo()._do_start()  # closed to clients, checked above

    def action_invite(self):
        """Ask those who were named after the round had started."""
        for feedback in self:
            feedback._check_state("collecting")
            feedback._check_may_manage()
            feedback_sudo = feedback.sudo()  # HR officers do not see who was asked
            new = feedback_sudo.invitation_ids.filtered(
                lambda invitation: invitation.state == "nominated"
            )
            if not new:
                raise UserError(
                    self.env._("There is nobody new to ask: name the people first.")
                )
            new._invite()

    def action_remind(self):
        """Remind those who have not answered, without saying who they are."""
        for feedback in self:
            feedback._check_state("collecting")
            feedback._check_may_manage()
            feedback_sudo = feedback.sudo()  # HR officers do not see who was asked
            feedback_sudo.invitation_ids.filtered(
                lambda invitation: invitation.state == "invited"
            )._remind()

    def action_close(self):
        """Score the answers, once; erase them.

        :raise UserError: somebody still has time to answer
        """
        for feedback in self:
            feedback._check_state("collecting")
            feedback._check_may_manage()
            feedback_sudo = feedback.sudo()  # answers are closed to everybody
            feedback_sudo._check_can_close()
            feedback_sudo._do_close()

    def _is_subject(self):
        return bool(self.responsible_id) and self.responsible_id == self.env.user

    def _is_appraiser(self):
        return bool(self.appraiser_id) and self.appraiser_id == self.env.user

    def _check_not_subject(self):
        if any(feedback._is_subject() for feedback in self):
            raise AccessError(
                self.env._("In a round about yourself you only name the raters.")
            )

    def _may_manage(self):
        """Tell whether the user runs the round: HR, but never one's own."""
        if self.env.su:
            return True
        return not self._is_subject() and self.env.user.has_group(OFFICER)

    def _check_may_manage(self):
        if not self._may_manage():
            raise AccessError(
                self.env._(
                    "Feedback about %s is managed by an appraisal officer, not by"
                    " yourself.",
                    self.employee_id.sudo().name,  # the name only
                )
            )
        self.check_access("write")

    def _check_may_start(self):
        if not self._is_appraiser():
            self._check_may_manage()

    def _check_state(self, *states):
        self.ensure_one()
        self.check_access("read")
        if self.state not in states:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "“%(round)s” is %(state)s: this cannot be done any more.",
                    round=self.display_name,
                    state=labels[self.state],
                )
            )

    def _check_deadline(self):
        for feedback in self:
            if feedback.date_deadline < fields.Date.today():
                raise UserError(
                    self.env._("Leave the raters time: choose a day from today on.")
                )
            if feedback.state == "closed":
                raise UserError(
                    self.env._("The round is closed: its answers were scored.")
                )

    def _check_can_close(self):
        waiting = any(one.state == "invited" for one in self.invitation_ids)
        if waiting and fields.Date.today() <= self.date_deadline:
            raise UserError(
                self.env._(
                    "“%(round)s”: raters may answer until %(date)s. Wait, or bring the"
                    " deadline forward.",
                    round=self.display_name,
                    date=format_date(self.env, self.date_deadline),
                )
            )

    def _prepare_round(self):
        """Take over the policy of the cycle; ask the obvious people."""
        names = self._get_feedback_policy_fields()
        self.write({name: self.cycle_id[name] for name in names})
        people = {"self": self.responsible_id, "manager": self.appraiser_id}
        reports = self.employee_id.child_ids.user_id.filtered(
            lambda user: not user.share and self.company_id in user.company_ids
        )
        people["reports"] = reports - self.responsible_id - self.appraiser_id
        self.env["bsc.feedback.invitation"].create(
            [
                {"feedback_id": self.id, "rater_group": group, "user_id": user.id}
                for group, users in people.items()
                for user in users
            ]
        )
        self._ask(self.responsible_id, self.env._("Name who should be asked about %s"))

    def _do_start(self):
        self._check_deadline()
        competencies = self.env["bsc.competency"]._get_competencies(self.company_id)
        others = self.invitation_ids.filtered(lambda one: one.rater_group != "self")
        if not competencies:
            raise UserError(
                self.env._("There is nothing to ask: add competencies first.")
            )
        if not others:
            raise UserError(
                self.env._(
                    "Nobody would be asked about %s: name colleagues first.",
                    self.employee_id.name,
                )
            )
        asked = {}
        for invitation in self.invitation_ids.sorted("name"):
            asked.setdefault(invitation.rater_group, []).append(invitation.name)
        names = self._get_feedback_policy_fields()
        self.write(
            {
                "state": "collecting",
                "date_started": fields.Date.today(),
                "competency_ids": competencies.ids,
                "asked": {
                    group: ", ".join(asked[group])
                    for group in self._get_group_labels()
                    if group in asked
                },
                **{name: self.cycle_id[name] for name in names},
            }
        )
        self.activity_unlink(["mail.mail_activity_data_todo"])
        self.invitation_ids._invite()

    def _ask(self, user, summary):
        """Put the next step before the person whose turn it is.

        :param summary: with a placeholder for the employee
        """
        self.activity_unlink(["mail.mail_activity_data_todo"])
        if user:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=fields.Date.add(fields.Date.today(), days=5),
                summary=summary % self.employee_id.name,
                user_id=user.id,
            )
