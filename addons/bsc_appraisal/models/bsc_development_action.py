from odoo import api, fields, models
from odoo.exceptions import UserError

REMIND_DAYS = 7
BATCH = 200


class BscDevelopmentAction(models.Model):
    """One step of a development plan: who does what by when, and what shows it.

    Steps are planned by the appraiser or an appraisal officer while the plan is a
    draft. Afterwards the employee and whoever supports him write the evidence and
    complete them; a supporter sees his steps, not the plan and its result.
    """

    _name = "bsc.development.action"
    _description = "Development Step"
    _inherit = ["bsc.development.part.mixin", "bsc.confidential.mixin"]
    _order = "date_deadline, id"
    _check_company_auto = True

    _PROTECTED = frozenset(
        {
            *("state", "date_done", "resume_line_id", "is_reminded"),
            *("employee_id", "department_id", "user_id"),
        }
    )
    _EVIDENCE = frozenset({"evidence", "evidence_file", "evidence_filename"})

    employee_id = fields.Many2one(
        related="plan_id.employee_id", store=True, precompute=True, index=True
    )
    user_id = fields.Many2one(
        related="plan_id.user_id",
        string="User of the Employee",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    department_id = fields.Many2one(
        related="plan_id.department_id",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    plan_state = fields.Selection(related="plan_id.state", string="Plan Is")
    name = fields.Char(string="Step", required=True)
    kind = fields.Selection(
        [
            ("course", "Course"),
            ("coaching", "Coaching"),
            ("study", "Self-Study"),
            ("task", "Task on the Job"),
        ],
        required=True,
        default="course",
        help="A completed course appears in the résumé of the employee.",
    )
    focus_id = fields.Many2one(
        "bsc.development.focus",
        string="For",
        ondelete="set null",
        domain="[('plan_id', '=', plan_id)]",
        help="Which of the weak indicators it shall improve.",
    )
    owner_id = fields.Many2one(
        "res.users",
        string="Supported By",
        domain=[("share", "=", False)],
        check_company=True,
        help="Who sees to it: the coach, the trainer, HR. Empty: the employee alone.",
    )
    date_deadline = fields.Date(string="By", required=True)
    evidence = fields.Text(help="What shows that it was done.")
    evidence_file = fields.Binary(string="Proof", attachment=True)
    evidence_filename = fields.Char()
    state = fields.Selection(
        [("todo", "To Do"), ("done", "Done"), ("dropped", "Dropped")],
        required=True,
        default="todo",
        readonly=True,
        copy=False,
        index=True,
    )
    date_done = fields.Date(string="Done On", readonly=True, copy=False)
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")
    is_reminded = fields.Boolean(readonly=True, copy=False)
    resume_line_id = fields.Many2one(
        "hr.resume.line",
        string="Résumé Line",
        readonly=True,
        copy=False,
        ondelete="set null",
        groups="bsc_appraisal.group_appraisal_officer",
    )
    can_complete = fields.Boolean(compute="_compute_can_complete")

    @api.depends("date_deadline", "state")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for step in self:
            step.is_late = (
                step.state == "todo"
                and bool(step.date_deadline)
                and step.date_deadline < today
            )

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = fields.Domain("state", "=", "todo") & fields.Domain(
            "date_deadline", "<", fields.Date.context_today(self)
        )
        domains = {True: late, False: ~late}
        return fields.Domain.OR(domains[bool(one)] for one in value)

    @api.depends("state", "plan_id.state")
    @api.depends_context("uid")
    def _compute_can_complete(self):
        for step in self:
            step.can_complete = (
                step.state == "todo"
                and step.plan_state == "agreed"
                and step._is_participant()
            )

    def write(self, vals):
        if not self.env.su:
            self._check_may_write(vals)
        result = super().write(vals)
        if not self.env.su and vals.keys() - self._EVIDENCE:
            self._note_change()
        return result

    def _get_possible_followers(self):
        return self.user_id | self.owner_id

    def action_complete(self):
        """Note that the steps are done; a course is added to the résumé.

        :raise UserError: the plan is not in force, or nothing shows it
        """
        self._check_can_complete()
        for step in self:
            if not (step.evidence or "").strip() and not step.evidence_file:
                raise UserError(
                    self.env._(
                        "Say what shows that “%s” is done: fill in the evidence, or add"
                        " a proof.",
                        step.name,
                    )
                )
        steps_sudo = self.sudo()  # closed to clients, checked above
        steps_sudo.write(
            {"state": "done", "date_done": fields.Date.context_today(self)}
        )
        steps_sudo.activity_unlink(["mail.mail_activity_data_todo"])
        steps_sudo._add_to_resume()
        steps_sudo._ask_confirmation()

    def action_open_step(self):
        """Open the step: there its evidence is written."""
        return self._get_records_action()

    def action_drop(self):
        """Give steps up that are not needed any more; the plan's lead does."""
        self._check_can_complete()
        self.sudo().plan_id._check_lead()  # a supporter cannot read the plan
        self.sudo().state = "dropped"  # closed to clients, checked above
        self.sudo()._ask_confirmation()  # a task of the lead

    def _is_participant(self):
        # sudo: a supporter cannot read the plan
        leads = self.sudo().plan_id._is_lead()
        return leads or self.env.user in self.user_id | self.owner_id

    def _check_can_complete(self):
        self.check_access("read")
        for step in self:
            if not step._is_participant():
                raise UserError(
                    self.env._(
                        "The employee, who supports him, the appraiser or an appraisal"
                        " officer completes a step."
                    )
                )
            if step.state != "todo" or step.plan_state != "agreed":
                raise UserError(
                    self.env._(
                        "“%s” is not open: steps are completed while their plan is"
                        " agreed and not finished.",
                        step.name,
                    )
                )

    def _check_may_write(self, vals):
        """Evidence is written while the plan runs, everything else while a draft."""
        if not vals.keys() - self._EVIDENCE:
            if set(self.mapped("plan_state")) & {"done", "cancelled"}:
                raise UserError(self.env._("The plan is over: its evidence stays."))
            return
        self.sudo().plan_id._check_lead()  # a supporter cannot read the plan
        self.plan_id._check_content_open()

    def _add_to_resume(self):
        """Add completed courses to the résumés, in sudo."""
        kind = self.env["hr.resume.line.type"].search(
            [("is_course", "=", True)], limit=1
        )
        for step in self.filtered(lambda step: step.kind == "course"):
            step.resume_line_id = self.env["hr.resume.line"].create(
                {
                    "employee_id": step.employee_id.id,
                    "name": step.name,
                    "line_type_id": kind.id,
                    "date_start": step.date_done,
                    "date_end": step.date_done,
                }
            )

    def _ask_confirmation(self):
        """Ask the appraiser to finish the plans whose last step was done, in sudo."""
        for plan in self.plan_id:
            if "todo" in plan.action_ids.mapped("state"):
                continue
            lead = plan.appraiser_id or plan.manager_agreed_id
            if lead:
                plan.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=lead.id,
                    summary=self.env._("Finish the development plan"),
                )

    @api.model
    def _cron_remind(self):
        """Remind of steps that are due soon, once, a batch per commit."""
        today = fields.Date.context_today(self)
        waiting = [
            ("state", "=", "todo"),
            ("plan_id.state", "=", "agreed"),
            ("is_reminded", "=", False),
            ("date_deadline", "<=", fields.Date.add(today, days=REMIND_DAYS)),
        ]
        while steps := self.search(waiting, limit=BATCH, order="id"):
            steps._remind()
            left = self.env["ir.cron"]._commit_progress(
                len(steps), remaining=self.search_count(waiting)
            )
            if not left:
                return

    def _remind(self):
        for step in self:
            for user in step.user_id | step.owner_id:
                step.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=user.id,
                    date_deadline=step.date_deadline,
                    summary=self.env._("Due soon: %s", step.name),
                )
        self.is_reminded = True
