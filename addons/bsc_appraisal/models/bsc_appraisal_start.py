from odoo import api, fields, models

from .bsc_cycle_generation_launch import OBSTACLES


class BscAppraisalStart(models.Model):
    """Whose appraisal a plan starts on which day, and what became of it.

    Written by plans only. Who was left out is tried again every day for two months;
    afterwards the row says for good why nothing started.
    """

    _name = "bsc.appraisal.start"
    _description = "Planned Appraisal"
    _order = "date_due, employee_id, id"
    _rec_name = "employee_id"
    _check_company_auto = True

    plan_id = fields.Many2one(
        "bsc.appraisal.plan",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="plan_id.company_id", store=True, precompute=True, index=True
    )
    employee_id = fields.Many2one(
        "hr.employee", required=True, readonly=True, index=True, ondelete="cascade"
    )
    department_id = fields.Many2one(
        "hr.department", readonly=True, index="btree_not_null"
    )
    date_due = fields.Date(string="Day", required=True, readonly=True, index=True)
    date_start = fields.Date(
        string="Prepared On", required=True, readonly=True, index=True
    )
    state = fields.Selection(
        [("planned", "To Start"), ("started", "Started"), ("left_out", "Left Out")],
        required=True,
        readonly=True,
        default="planned",
        index=True,
    )
    reason = fields.Selection(OBSTACLES, readonly=True)
    names = fields.Char(readonly=True)
    explanation = fields.Char(compute="_compute_explanation")
    scorecard_id = fields.Many2one(
        "bsc.scorecard", readonly=True, index="btree_not_null", ondelete="set null"
    )

    _once = models.UniqueIndex(
        "(plan_id, employee_id, date_due)",
        "A plan appraises a person once a day.",
    )

    @api.depends("reason", "names")
    @api.depends_context("lang")
    def _compute_explanation(self):
        for row in self:
            row.explanation = self.env["bsc.cycle"]._describe_obstacle(
                row.reason, row.names
            )

    def action_open_scorecard(self):
        """Open the scorecard that was started."""
        self.ensure_one()
        return self.scorecard_id._get_records_action()

    def _update(self, vals):
        """Write what differs."""
        changed = {
            name: value
            for name, value in vals.items()
            if self._fields[name].convert_to_write(self[name], self) != value
        }
        if changed:
            self.write(changed)

    def _start_free(self):
        """Start what nobody else is starting, in sudo: whole plans, as the rows of one
        share cycles.
        """
        plans = self.plan_id._try_lock()
        rows = self.filtered(lambda row: row.plan_id in plans).try_lock_for_update()
        rows.filtered(lambda row: row.state != "started")._start()

    def _start(self):
        """Start the appraisals that are due, in sudo; say why where it cannot be."""
        periods = self.grouped(lambda row: (row.plan_id, row._get_period_start()))
        for (plan, _first), rows in periods.items():
            obstacles = plan._find_obstacles(rows)
            for row in rows.filtered(lambda one, o=obstacles: one in o):
                reason, names = obstacles[row]
                row._update({"state": "left_out", "reason": reason, "names": names})
            rows.filtered(lambda one, o=obstacles: one not in o)._launch(plan)

    def _get_period_start(self):
        return self.plan_id._get_period(self.date_due)[0]

    def _launch(self, plan):
        """Prepare the scorecards of one cycle and tell the two of each."""
        if not self:
            return
        cycle = plan._get_cycle(self[0].date_due)
        new = cycle._launch(self.employee_id)
        cards = self.env["bsc.scorecard"].search(
            [("cycle_id", "=", cycle.id), ("employee_id", "in", self.employee_id.ids)]
        )
        by_employee = {card.employee_id: card for card in cards}
        for row in self:
            row.write(
                {
                    "state": "started",
                    "reason": False,
                    "names": False,
                    "scorecard_id": by_employee[row.employee_id].id,
                }
            )
        new._announce_start()
