from odoo import api, fields, models
from odoo.exceptions import UserError


class BscDevelopmentPlan(models.Model):
    """How a plan is agreed, carried out, finished or given up."""

    _inherit = "bsc.development.plan"

    is_mine = fields.Boolean(compute="_compute_can_move")
    can_edit = fields.Boolean(compute="_compute_can_move")
    can_agree = fields.Boolean(compute="_compute_can_move")
    can_lead = fields.Boolean(compute="_compute_can_move")
    waiting_for = fields.Char(compute="_compute_waiting_for")

    @api.depends("state", "employee_agreed_date", "manager_agreed_date")
    @api.depends_context("uid")
    def _compute_can_move(self):
        for plan in self:
            leads = plan._is_lead()
            plan.is_mine = plan.user_id == self.env.user
            plan.can_lead = leads
            plan.can_edit = not plan.id or (leads and plan.state == "draft")
            mine = plan.is_mine and not plan.employee_agreed_date
            theirs = leads and not plan.manager_agreed_date
            plan.can_agree = plan.state == "draft" and (mine or theirs)

    @api.depends("state", "employee_agreed_date", "manager_agreed_date", "action_ids")
    @api.depends_context("lang")
    def _compute_waiting_for(self):
        for plan in self:
            plan.waiting_for = plan._describe_waiting()

    def action_agree(self):
        """Agree as the employee, or for the company as appraiser or officer.

        :raise UserError: not draft, not his to agree, or there is nothing to do in it
        """
        for plan in self:
            plan.check_access("read")
            plan._check_can_agree()
            today = fields.Date.context_today(plan)
            if plan.user_id == self.env.user:
                values = {"employee_agreed_date": today}
            else:
                values = {
                    "manager_agreed_date": today,
                    "manager_agreed_id": self.env.uid,
                }
            plan.sudo()._do_agree(values)  # closed to clients, checked above

    def action_reopen(self):
        """Make a draft of an agreed plan: both agree again."""
        self._check_lead()
        self._check_state("agreed")
        for plan_sudo in self.sudo():  # closed to clients, checked above
            plan_sudo.state = "draft"
            plan_sudo._void_agreement()
            plan_sudo._note_outcome("proposed")

    def action_finish(self):
        """Finish the plans whose steps are all done or dropped.

        :raise UserError: not agreed, steps are open, or not his to finish
        """
        self._check_lead()
        self._check_state("agreed")
        for plan in self:
            left = plan.action_ids.filtered(lambda step: step.state == "todo")
            if left:
                raise UserError(
                    self.env._(
                        "“%(plan)s” is not finished: %(steps)s. Complete these steps,"
                        " or drop them.",
                        plan=plan.display_name,
                        steps=", ".join(left.mapped("name")),
                    )
                )
            if "done" not in plan.action_ids.mapped("state"):
                raise UserError(
                    self.env._(
                        "Every step of “%s” was dropped: cancel the plan instead.",
                        plan.display_name,
                    )
                )
        plans_sudo = self.sudo()  # closed to clients, checked above
        plans_sudo.write(
            {"state": "done", "date_done": fields.Date.context_today(self)}
        )
        plans_sudo._note_outcome("applied")
        plans_sudo.activity_unlink(["mail.mail_activity_data_todo"])
        plans_sudo._link_reassessments()

    def action_cancel(self):
        """Give plans up; their results are without a consequence again."""
        self._check_lead()
        self._check_state("draft", "agreed")
        plans_sudo = self.sudo()  # closed to clients, checked above
        plans_sudo.state = "cancelled"
        plans_sudo._note_outcome("dropped")
        plans_sudo.activity_unlink(["mail.mail_activity_data_todo"])

    def _is_lead(self):
        """Tell whether the user prepares and finishes the plan: never the employee."""
        if self.user_id == self.env.user:
            return False
        return self.appraiser_id == self.env.user or self.env.user.has_group(
            "bsc_appraisal.group_appraisal_officer"
        )

    def _check_lead(self):
        self.check_access("read")
        for plan in self:
            if not plan._is_lead():
                raise UserError(
                    self.env._(
                        "Only the appraiser or an appraisal officer does this, and"
                        " nobody for himself."
                    )
                )

    def _check_state(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for plan in self:
            if plan.state not in states:
                raise UserError(
                    self.env._(
                        "“%(plan)s” is %(state)s; this starts from: %(sources)s.",
                        plan=plan.display_name,
                        state=labels[plan.state],
                        sources=", ".join(labels[state] for state in states),
                    )
                )

    def _check_can_agree(self):
        self._check_state("draft")
        if not self.action_ids:
            raise UserError(
                self.env._(
                    "“%s” has no steps yet: say who does what by when, then agree.",
                    self.display_name,
                )
            )
        if self.user_id != self.env.user:
            self._check_lead()

    def _do_agree(self, values):
        """Note one agreement; with both the plan is in force. In sudo."""
        self.write(values)
        self.activity_unlink(["mail.mail_activity_data_todo"])
        if self.manager_agreed_date and (self.employee_agreed_date or not self.user_id):
            self.state = "agreed"
            self._note_outcome("approved")
            return
        other = self.appraiser_id if self.employee_agreed_date else self.user_id
        if other:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=other.id,
                summary=self.env._("Agree on the development plan"),
            )

    def _note_outcome(self, state):
        for plan in self:
            plan.scorecard_id._set_outcome("training", state, plan)

    def _describe_waiting(self):
        if self.state == "draft" and not self.action_ids:
            return self.env._("steps to be planned")
        if self.state == "draft":
            missing = []
            if self.user_id and not self.employee_agreed_date:
                missing.append(self.env._("the employee's agreement"))
            if not self.manager_agreed_date:
                missing.append(self.env._("the appraiser's agreement"))
            return ", ".join(missing)
        if self.state == "agreed":
            left = self.action_ids.filtered(lambda step: step.state == "todo")
            if left:
                return self.env._("open steps: %s", len(left))
            return self.env._("the appraiser's confirmation")
        if self.state == "done" and not self.reassessment_id:
            return self.env._("the next published result")
        return ""
