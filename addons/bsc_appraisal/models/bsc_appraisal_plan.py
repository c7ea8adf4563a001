from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools.occurrence import next_day
from .bsc_cycle_generation_form import FORMS

TRIGGERS = [
    ("hire", "Some months after the hire"),
    ("months", "Every few months"),
    ("year", "Once a year"),
    ("month", "Every month"),
]


class BscAppraisalPlan(models.Model):
    """A rule by which appraisals start by themselves.

    ========  ==========================================  ============================
    Form      What starts                                 What it covers
    ========  ==========================================  ============================
    full      scorecards with targets to agree on, later  the months that follow the
              figures, assessments and the interview      day
    short     the superior judges the competencies of     the months before the day
              the post
    ========  ==========================================  ============================

    People whose day is the same share a cycle; after a hire, those of the same month.
    """

    _name = "bsc.appraisal.plan"
    _description = "Appraisal Plan"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    department_ids = fields.Many2many(
        "hr.department",
        string="Departments",
        check_company=True,
        help="With the departments below them. Empty: the whole company.",
    )
    job_ids = fields.Many2many(
        "hr.job", string="Posts", check_company=True, help="Empty: all posts."
    )
    trigger = fields.Selection(
        TRIGGERS, string="When", required=True, default="year", index=True
    )
    months = fields.Integer(
        default=3, help="How many after the hire, or between two appraisals."
    )
    date_first = fields.Date(
        string="First On",
        required=True,
        default=lambda self: fields.Date.start_of(
            fields.Date.add(fields.Date.context_today(self), months=1), "month"
        ),
        help="The first day of the rule. After a hire: who reached the months before"
        " it is not appraised by this plan.",
    )
    form = fields.Selection(FORMS, required=True, default="full")
    cycle_months = fields.Integer(
        string="Months Covered",
        required=True,
        default=12,
        help="Full form: from the day on. Short form: up to the day before.",
    )
    lead_days = fields.Integer(
        string="Days Ahead",
        default=14,
        help="So many days before the day everything is prepared and people are told.",
    )
    responsible_id = fields.Many2one(
        "res.users",
        required=True,
        domain=[("share", "=", False)],
        default=lambda self: self.env.user,
        check_company=True,
        help="Answers for the cycles that the plan starts.",
    )
    cycle_ids = fields.One2many("bsc.cycle", "plan_id")
    start_ids = fields.One2many("bsc.appraisal.start", "plan_id")
    planned_count = fields.Integer(compute="_compute_counts")
    left_out_count = fields.Integer(compute="_compute_counts")
    cycle_count = fields.Integer(compute="_compute_counts")
    summary = fields.Char(compute="_compute_summary")

    _ranges = models.Constraint(
        "CHECK (months BETWEEN 1 AND 120 AND cycle_months BETWEEN 1 AND 36"
        " AND lead_days BETWEEN 0 AND 180)",
        "Out of range: 1–120 months until the appraisal, 1–36 months covered, 0–180"
        " days ahead.",
    )

    @api.depends("start_ids.state", "cycle_ids")
    def _compute_counts(self):
        rows = self.env["bsc.appraisal.start"]._read_group(
            [("plan_id", "in", self.ids)], ["plan_id", "state"], ["__count"]
        )
        counts = {(plan.id, state): count for plan, state, count in rows}
        for plan in self:
            plan.planned_count = counts.get((plan.id, "planned"), 0)
            plan.left_out_count = counts.get((plan.id, "left_out"), 0)
            plan.cycle_count = len(plan.cycle_ids)

    @api.depends("trigger", "months", "date_first", "form", "cycle_months")
    @api.depends_context("lang")
    def _compute_summary(self):
        for plan in self:
            first = format_date(self.env, plan.date_first)
            plan.summary = {
                "hire": self.env._("%s months after the hire", plan.months),
                "months": self.env._(
                    "every %(months)s months from %(first)s",
                    months=plan.months,
                    first=first,
                ),
                "year": self.env._("every year from %s", first),
                "month": self.env._("every month from %s", first),
            }.get(plan.trigger, "")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for plan in self:
            if plan.cycle_ids:
                raise UserError(
                    self.env._(
                        "“%s” has started appraisals: archive it instead.", plan.name
                    )
                )

    def write(self, vals):
        fixed = {"company_id", "trigger", "form"} & vals.keys()
        for plan in self if fixed else ():
            if plan.cycle_ids and any(
                plan._fields[name].convert_to_write(plan[name], plan) != vals[name]
                for name in fixed
            ):
                raise UserError(
                    self.env._(
                        "“%s” has started appraisals: archive it and make another plan"
                        " instead of changing when or how it appraises.",
                        plan.name,
                    )
                )
        return super().write(vals)

    def action_preview(self):
        """Work out who is appraised next and when, and show it."""
        self.check_access("read")
        self._check_may_plan()
        plans_sudo = self.sudo()  # days are written by the plan only, checked above
        for plan_sudo in plans_sudo:
            plan_sudo._schedule()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "bsc_appraisal.bsc_appraisal_start_action"
        )
        return {
            **action,
            "domain": [("plan_id", "in", self.ids)],
            "context": {"search_default_waiting": 1},
        }

    def action_open_cycles(self):
        """Open the cycles that the plans started."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "bsc_appraisal.bsc_cycle_action"
        )
        return {**action, "domain": [("plan_id", "in", self.ids)], "context": {}}

    def _check_may_plan(self):
        if not self.env.su and not self.env.user.has_group(
            "bsc_appraisal.group_appraisal_officer"
        ):
            raise UserError(self.env._("Appraisal officers work with appraisal plans."))

    def _get_next_day(self, today, after=None, hired=None):
        """Return the next day of a person, None if none comes.

        :param after: the last day that is done with
        """
        if self.trigger == "hire":
            return None if after else self._next_day(hired=hired)
        since = fields.Date.add(after, days=1) if after else today
        return self._next_day(since=max(since, today), hired=hired)

    def _next_day(self, **bounds):
        return next_day(self.trigger, self.date_first, self.months, **bounds)

    def _get_period(self, day):
        """Return first and last day of what an appraisal on this day covers."""
        start = fields.Date.start_of(day, "month") if self.trigger == "hire" else day
        if self.form == "short":
            first = fields.Date.subtract(start, months=self.cycle_months)
            return first, fields.Date.subtract(start, days=1)
        end = fields.Date.add(start, months=self.cycle_months)
        return start, fields.Date.subtract(end, days=1)

    def _find_cycle(self, day):
        first = self._get_period(day)[0]
        return self.cycle_ids.filtered(lambda one: one.date_from == first)

    def _get_cycle(self, day):
        """Return the cycle of the day, made if it is the first, in sudo."""
        if cycle := self._find_cycle(day):
            return cycle
        first, last = self._get_period(day)
        before = self.cycle_ids.filtered(lambda one: one.date_from < first)
        return self.env["bsc.cycle"].create(
            {
                "name": f"{self.name} {first:%Y-%m}",
                "plan_id": self.id,
                "form": self.form,
                "company_id": self.company_id.id,
                "responsible_id": self.responsible_id.id,
                "previous_id": before.sorted("date_from")[-1:].id,
                "date_from": first,
                "date_to": last,
                "state": "assess" if self.form == "short" else "plan",
            }
        )
