from odoo import api, fields, models

BATCH = 500
# Who was left out is tried again for so many days.
RETRY_DAYS = 60


class BscAppraisalPlan(models.Model):
    """Writes down whose turn it is when, and starts what is due.

    Every person has one day ahead of him by each plan. Nothing starts twice: a person
    has one row by plan and day, one scorecard by cycle, a plan one cycle by period.
    Of two who work at a plan at the same time, the second passes it over.
    """

    _inherit = "bsc.appraisal.plan"

    @api.model
    def _cron_start(self):
        """Plan ahead and start what is due, a batch per commit."""
        self._schedule_all()
        Start = self.env["bsc.appraisal.start"]
        due = Start.search(self._get_due_domain(), order="date_due, id").ids
        # what is locked is read anew: nothing another job has done meanwhile is missed
        self.env["ir.cron"]._commit_progress(remaining=len(due))
        for position in range(0, len(due), BATCH):
            Start.browse(due[position : position + BATCH])._start_free()
            left = self.env["ir.cron"]._commit_progress(
                min(BATCH, len(due) - position),
                remaining=max(len(due) - position - BATCH, 0),
            )
            if not left:
                return
        self._schedule_all()  # those who were started have a next day now

    @api.model
    def _schedule_all(self):
        """Bring the days of all plans up to date, a plan per commit."""
        plans = self.search([("active", "=", True)])
        self.env["ir.cron"]._commit_progress()  # as in _cron_start
        for plan in plans:
            plan._schedule()
            self.env["ir.cron"]._commit_progress()

    @api.model
    def _get_due_domain(self):
        today = fields.Date.context_today(self)
        oldest = fields.Date.subtract(today, days=RETRY_DAYS)
        due = fields.Domain("date_start", "<=", today) & fields.Domain(
            "plan_id.active", "=", True
        )
        again = fields.Domain("state", "=", "left_out") & fields.Domain(
            "date_due", ">=", oldest
        )
        return due & (fields.Domain("state", "=", "planned") | again)

    def _schedule(self):
        """Bring the planned days up to date, in sudo: new people get one, who is not
        meant any more loses it, and a changed rule moves it.
        """
        self.ensure_one()
        if not self._try_lock():
            return  # whoever works at it does the same
        today = fields.Date.context_today(self)
        employees = self._find_people()
        planned, done = self._get_known_days()
        hired = self._get_hire_dates(employees)
        missing = []
        for employee in employees:
            row = planned.pop(employee, None)
            if row and row.date_start <= today:
                continue
            day = self._get_next_day(today, done.get(employee), hired.get(employee.id))
            vals = self._prepare_start(employee, day) if day else {}
            if row and day:
                row._update(vals)
            elif row:
                row.unlink()
            elif day:
                missing.append(vals)
        # the departed stay until their day, to be seen as left out
        for employee, row in planned.items():
            if employee.active:
                row.unlink()
        self.env["bsc.appraisal.start"].create(missing)

    def _try_lock(self):
        """Return the plans that nobody else works at, locked until the commit."""
        return self.try_lock_for_update(allow_referencing=True)

    def _get_known_days(self):
        """Return (planned row, last day that is done with), each by employee."""
        Start = self.env["bsc.appraisal.start"]
        planned = Start.search([("plan_id", "=", self.id), ("state", "=", "planned")])
        done = Start._read_group(
            [("plan_id", "=", self.id), ("state", "!=", "planned")],
            ["employee_id"],
            ["date_due:max"],
        )
        return {row.employee_id: row for row in planned}, dict(done)

    def _prepare_start(self, employee, day):
        return {
            "plan_id": self.id,
            "employee_id": employee.id,
            "department_id": employee.department_id.id,
            "date_due": day,
            "date_start": fields.Date.subtract(day, days=self.lead_days),
        }

    def _find_people(self):
        domain = fields.Domain("company_id", "=", self.company_id.id)
        if self.department_ids:
            domain &= fields.Domain(
                "department_id", "child_of", self.department_ids.ids
            )
        if self.job_ids:
            domain &= fields.Domain("job_id", "in", self.job_ids.ids)
        return self.env["hr.employee"].search(domain, order="id")

    @api.model
    def _get_hire_dates(self, employees) -> dict:
        """Return by employee id when each came: the first contract, else the first
        version.
        """
        rows = self.env["hr.version"]._read_group(
            [("employee_id", "in", employees.ids)],
            ["employee_id"],
            ["contract_date_start:min", "date_version:min"],
        )
        return {
            employee.id: contract or version for employee, contract, version in rows
        }
