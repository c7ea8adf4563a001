from odoo import api, fields, models
from odoo.exceptions import UserError

REMIND_DAYS = 3
BATCH = 200
DECIDED = ("accepted", "partly", "refused")


class BscAppeal(models.Model):
    """Who decides an appeal, and what happens when nobody does."""

    _inherit = "bsc.appeal"

    can_decide = fields.Boolean(compute="_compute_can_decide")
    can_withdraw = fields.Boolean(compute="_compute_can_decide")

    @api.depends("state", "decider_id")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        for appeal in self:
            is_open = appeal.state == "open"
            appeal.can_decide = is_open and appeal.decider_id == self.env.user
            appeal.can_withdraw = is_open and appeal.user_id == self.env.user

    def action_decide(self):
        """Open the dialog that asks for the decision and its reasons."""
        self.ensure_one()
        self._check_can_decide()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "bsc_appraisal.bsc_appeal_decide_action"
        )
        return {**action, "context": {"default_appeal_id": self.id}}

    def action_withdraw(self):
        """Give the appeal up; a new one can be submitted while there is time."""
        self.check_access("read")
        for appeal in self:
            if appeal.user_id != self.env.user or appeal.state != "open":
                raise UserError(
                    self.env._("Who appealed withdraws it, while it is open.")
                )
        appeals_sudo = self.sudo()  # closed to clients, checked above
        appeals_sudo.state = "withdrawn"
        appeals_sudo.activity_unlink(["mail.mail_activity_data_todo"])

    def _get_conflicts(self, user) -> list[str]:
        """Say what keeps this user from deciding or voting. Call it in sudo.

        Having answered in the feedback of many is no conflict: saying so would tell
        who answered.
        """
        card = self.scorecard_id
        reasons = []
        if not user.has_group("bsc_appraisal.group_appraisal_officer"):
            reasons.append(self.env._("%s is not an appraisal officer.", user.name))
        if self.company_id not in user.company_ids:
            reasons.append(self.env._("%s does not work for this company.", user.name))
        if user == self.user_id or user in card.employee_id.user_id:
            reasons.append(self.env._("Nobody decides on his own appeal."))
        if user == card.appraiser_id or user in self._get_manager_users():
            reasons.append(
                self.env._(
                    "%s appraised or manages the person: choose somebody else.",
                    user.name,
                )
            )
        if user in card.rating_change_ids.user_id:
            reasons.append(
                self.env._("%s set the rating: choose somebody else.", user.name)
            )
        return reasons

    def _get_manager_users(self):
        """Return everybody above the employee, also where superiors go in circles."""
        employee = self.scorecard_id.employee_id
        heads = superiors = self.env["hr.employee"]
        department = employee.department_id
        passed = department.browse()
        while department and department not in passed:
            passed |= department
            heads |= department.manager_id
            department = department.parent_id
        superior = employee.parent_id
        while superior and superior not in superiors:
            superiors |= superior
            superior = superior.parent_id
        return (heads | superiors).user_id

    def _check_can_decide(self):
        self.check_access("read")
        if self.state != "open":
            raise UserError(self.env._("This appeal is decided already."))
        if self.decider_id != self.env.user:
            raise UserError(
                self.env._("Only the person it was assigned to decides on an appeal.")
            )
        reasons = self.sudo()._get_conflicts(self.env.user)  # people up the tree
        if reasons:
            raise UserError("\n".join(reasons))

    def _decide(self, outcome, reason, rating=None, measurement=None):
        """Decide once: change the rating or point to the corrected figure.

        :param outcome: "accepted", "partly" or "refused"
        :raise UserError: no right, no reason, or a consent that changes nothing
        """
        self.ensure_one()
        self._check_can_decide()
        appeal_sudo = self.sudo()  # closed to clients, checked above
        appeal_sudo.lock_for_update()
        card_sudo = appeal_sudo.scorecard_id
        before = card_sudo.rating_id
        appeal_sudo._check_decision(outcome, reason, rating, measurement)
        if outcome != "refused" and rating and rating != before:
            # sudo: the rating is written by nobody else, the decision was checked
            card_sudo._change_rating(rating.sudo(), reason, "appeal")
        today = fields.Date.context_today(self)
        appeal_sudo.write(
            {
                "state": outcome,
                "decision_reason": reason.strip(),
                "date_decided": today,
                "days": (today - self.date_submitted).days,
                "rating_before_id": before.id,
                "rating_after_id": card_sudo.rating_id.id,
                "measurement_id": measurement and measurement.id,
            }
        )
        appeal_sudo.activity_unlink(["mail.mail_activity_data_todo"])
        appeal_sudo._tell_decision()

    def _check_decision(self, outcome, reason, rating, measurement):
        if outcome not in DECIDED:
            raise UserError(self.env._("Accept it, accept it partly, or refuse it."))
        if not (reason or "").strip():
            raise UserError(
                self.env._("Say why you decide so: who appealed will read it.")
            )
        card = self.scorecard_id
        if measurement and (
            measurement.state != "verified"
            or measurement.version < 2
            or measurement.subject_key != card.subject_key
            or measurement.company_id != card.company_id
        ):
            raise UserError(
                self.env._(
                    "A corrected figure is a verified new version of a figure of this"
                    " person."
                )
            )
        changes = (rating and rating != card.rating_id) or measurement
        if outcome != "refused" and not changes:
            raise UserError(
                self.env._(
                    "An accepted appeal changes something: choose the new rating or"
                    " the corrected figure."
                )
            )
        if outcome == "refused" and changes:
            raise UserError(
                self.env._("A refused appeal changes nothing: leave the rating as is.")
            )

    def _tell_decision(self):
        """Announce that there is a decision; what it says is not put in a mail."""
        for appeal in self:
            appeal_lang = appeal.with_context(lang=appeal.user_id.lang)
            appeal_lang.message_notify(
                partner_ids=appeal.user_id.partner_id.ids,
                subject=appeal_lang.env._("Your appeal is decided"),
                body=appeal_lang.env._(
                    "Open your appeal to read the decision and its reasons."
                ),
            )

    def _ask_for_decider(self):
        for appeal in self:
            appeal.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=appeal.cycle_id.responsible_id.id,
                date_deadline=appeal.date_due,
                summary=self.env._("Choose who decides on the appeal"),
            )

    def _ask_decider(self):
        """Give the tasks to those who have to act now, and take them from others."""
        self.activity_unlink(["mail.mail_activity_data_todo"])
        self.is_reminded = False
        self.filtered(lambda appeal: not appeal.decider_id)._ask_for_decider()
        for appeal in self.filtered("decider_id"):
            is_vote = appeal.votes_needed and not appeal.date_votes_closed
            for user in appeal._get_awaited():
                appeal.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=user.id,
                    date_deadline=appeal.date_due,
                    summary=self.env._("Vote on the appeal")
                    if is_vote
                    else self.env._("Decide on the appeal"),
                )

    @api.model
    def _cron_remind(self):
        """Remind those who decide when the day comes near, and put late appeals before
        the responsible person of the cycle: each once, a batch per commit.
        """
        today = fields.Date.context_today(self)
        near = fields.Date.add(today, days=REMIND_DAYS)
        work = (
            ("is_escalated", [("date_due", "<", today)]),
            ("is_reminded", [("date_due", "<=", near), ("decider_id", "!=", False)]),
        )
        for flag, domain in work:
            waiting = [("state", "=", "open"), (flag, "=", False), *domain]
            while appeals := self.search(waiting, limit=BATCH, order="id"):
                appeals._remind(flag)
                left = self.env["ir.cron"]._commit_progress(
                    len(appeals), remaining=self.search_count(waiting)
                )
                if not left:
                    return

    def _remind(self, flag):
        late = flag == "is_escalated"
        for appeal in self:
            users = appeal.cycle_id.responsible_id if late else appeal._get_awaited()
            for user in users:
                appeal.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=user.id,
                    date_deadline=appeal.date_due,
                    summary=self.env._("Late appeal: see that it is decided")
                    if late
                    else self.env._("The decision on the appeal is due"),
                )
        self[flag] = True
