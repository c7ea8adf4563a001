from odoo import api, fields, models
from odoo.exceptions import ValidationError


class BscCycle(models.Model):
    """A span of time for which people, departments and the company are assessed."""

    _name = "bsc.cycle"
    _description = "Performance Cycle"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    responsible_id = fields.Many2one(
        "res.users",
        required=True,
        domain=[("share", "=", False)],
        default=lambda self: self.env.user,
        check_company=True,
        tracking=True,
        help="Hears of what is late and decides targets nobody agreed on.",
    )
    date_from = fields.Date(required=True, tracking=True)
    date_to = fields.Date(required=True, tracking=True)
    date_plan_end = fields.Date(
        string="Targets Agreed By",
        compute="_compute_stage_dates",
        store=True,
        readonly=False,
        precompute=True,
        help="After this day open targets are put before the responsible person.",
    )
    date_assess_end = fields.Date(
        string="Figures Complete By",
        compute="_compute_stage_dates",
        store=True,
        readonly=False,
        precompute=True,
    )
    date_feedback_end = fields.Date(
        string="Feedback Given By",
        compute="_compute_stage_dates",
        store=True,
        readonly=False,
        precompute=True,
    )
    previous_id = fields.Many2one(
        "bsc.cycle",
        string="Previous Cycle",
        check_company=True,
        copy=False,
        index="btree_not_null",
        help="Its scorecards are the starting point, its scores the comparison.",
    )
    days_to_report = fields.Integer(
        string="Days to Report",
        default=5,
        help="Figures are due this many days after the end of their period.",
    )
    days_to_lock = fields.Integer(
        string="Days to Lock",
        default=10,
        help="This many days later they are locked: then only a new version with a"
        " reason corrects them.",
    )
    max_indicators = fields.Integer(
        string="Most Indicators", default=30, help="A scorecard with more is refused."
    )
    over_capacity = fields.Float(
        string="Challenge Above Capacity (%)",
        digits=(7, 2),
        default=20.0,
        help="A target this much above the assessed capacity is questioned.",
    )
    min_coverage = fields.Float(
        string="Required Coverage (%)",
        digits=(5, 2),
        default=70.0,
        help="A score of which less was measured cannot become final.",
    )
    target_policy = fields.Selection(
        [("latest", "The latest target"), ("days", "Each target by its days")],
        required=True,
        default="latest",
        help="What counts when a target was changed during the cycle.",
    )
    is_generating = fields.Boolean(copy=False, readonly=True)
    scorecard_ids = fields.One2many("bsc.scorecard", "cycle_id")
    scorecard_count = fields.Integer(compute="_compute_scorecard_count")
    agreed_count = fields.Integer(compute="_compute_scorecard_count")
    pending_employee_count = fields.Integer(compute="_compute_pending_employee_count")

    _dates = models.Constraint(
        "CHECK (date_from <= date_to)", "A cycle cannot end before it starts."
    )
    _limits = models.Constraint(
        "CHECK (max_indicators BETWEEN 1 AND 200 AND min_coverage BETWEEN 0 AND 100"
        " AND over_capacity BETWEEN 0 AND 1000 AND days_to_report BETWEEN 0 AND 365"
        " AND days_to_lock BETWEEN 0 AND 365)",
        "Out of range: 1–200 indicators, 0–100 % coverage, 0–1,000 % above capacity,"
        " 0–365 days.",
    )

    @api.depends("date_from", "date_to")
    def _compute_stage_dates(self):
        for cycle in self:
            start, end = cycle.date_from, cycle.date_to
            cycle.date_plan_end = start and fields.Date.add(start, days=14)
            cycle.date_assess_end = end and fields.Date.add(end, days=15)
            cycle.date_feedback_end = end and fields.Date.add(end, days=30)

    @api.depends("scorecard_ids.state")
    def _compute_scorecard_count(self):
        counts = {}
        for cycle, state, count in self.env["bsc.scorecard"]._read_group(
            [("cycle_id", "in", self.ids)], ["cycle_id", "state"], ["__count"]
        ):
            counts.setdefault(cycle, {})[state] = count
        for cycle in self:
            by_state = counts.get(cycle._origin, {})
            cycle.scorecard_count = sum(by_state.values())
            cycle.agreed_count = cycle.scorecard_count - by_state.get("draft", 0)

    @api.depends("is_generating")
    def _compute_pending_employee_count(self):
        for cycle in self:
            cycle.pending_employee_count = (
                self.env["hr.employee"]
                .sudo()  # a count of people; HR officers need not be in the HR app
                .search_count(cycle._get_pending_employee_domain())
                if cycle.is_generating
                else 0
            )

    @api.constrains("date_from", "date_to")
    def _check_length(self):
        for cycle in self:
            if (cycle.date_to - cycle.date_from).days > 3660:
                raise ValidationError(self.env._("A cycle lasts ten years at most."))

    def action_open_scorecards(self):
        """Open the scorecards of the cycle."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "bsc_appraisal.bsc_scorecard_action"
        )
        context = {"default_cycle_id": self.id}
        return {**action, "domain": [("cycle_id", "=", self.id)], "context": context}

    def _check_target_day(self, day):
        """:raise ValidationError: targets of the cycle do not count from this day"""
        if not self.date_from <= day <= self.date_to:
            raise ValidationError(
                self.env._(
                    "A target of “%(cycle)s” counts from a day between %(first)s and"
                    " %(last)s.",
                    cycle=self.name,
                    first=self.date_from,
                    last=self.date_to,
                )
            )
