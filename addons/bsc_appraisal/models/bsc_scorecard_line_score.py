from odoo import api, fields, models

from ..tools.achievement import RuleError, achieve
from ..tools.explanation import explain

GOOD, FAIR = 100, 80


class BscScorecardLine(models.Model):
    """What a line brought, written by the scoring alone, and why."""

    _inherit = "bsc.scorecard.line"

    actual = fields.Float(digits=(16, 4), copy=False, readonly=True)
    status = fields.Selection(
        [
            ("reported", "Measured"),
            ("not_applicable", "Not applicable"),
            ("missing", "Not reported"),
            ("failed", "No score"),
        ],
        string="Figure Is",
        default="missing",
        copy=False,
        readonly=True,
        index=True,
    )
    missing_periods = fields.Integer(
        copy=False, readonly=True, help="Figures that are due and not verified yet."
    )
    raw_points = fields.Float(
        string="Achievement (%)",
        digits=(16, 4),
        copy=False,
        readonly=True,
        aggregator="avg",
        help="Before floor and cap.",
    )
    points = fields.Float(
        digits=(16, 4),
        copy=False,
        readonly=True,
        aggregator="avg",
        help="Achievement after floor and cap.",
    )
    effective_weight = fields.Float(
        string="Weight in Effect (%)",
        digits=(16, 4),
        copy=False,
        readonly=True,
        help="With what it took over from lines that were not measured.",
    )
    contribution = fields.Float(
        string="Score",
        digits=(16, 4),
        copy=False,
        readonly=True,
        help="Points × weight in effect: what the line brings to the total.",
    )
    score_error = fields.Char(copy=False, readonly=True)
    grade_id = fields.Many2one(related="scorecard_id.grade_id", string="Grade")
    light = fields.Selection(
        [("good", "On target"), ("fair", "Near target"), ("poor", "Off target")],
        compute="_compute_light",
        search="_search_light",
    )
    explanation = fields.Char(compute="_compute_explanation")

    @api.depends("status", "points")
    def _compute_light(self):
        for line in self:
            if line.status != "reported":
                line.light = False
            elif line.points >= GOOD:
                line.light = "good"
            else:
                line.light = "fair" if line.points >= FAIR else "poor"

    def _search_light(self, operator, value):
        if operator != "in":
            return NotImplemented
        reported = fields.Domain("status", "=", "reported")
        good = reported & fields.Domain("points", ">=", GOOD)
        poor = reported & fields.Domain("points", "<", FAIR)
        domains = {
            "good": good,
            "poor": poor,
            "fair": reported & ~fields.Domain("points", ">=", GOOD) & ~poor,
            False: fields.Domain("status", "!=", "reported"),
        }
        return fields.Domain.OR(domains[light] for light in value if light in domains)

    @api.depends("status", "actual", "points", "contribution", "score_error")
    @api.depends_context("lang")
    def _compute_explanation(self):
        for line in self:
            line.explanation = line._explain()

    def action_open_measurements(self):
        """Open the figures behind the line."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "bsc_appraisal.bsc_measurement_action"
        )
        card = self.scorecard_id
        domain = [
            ("indicator_id", "=", self.indicator_id.id),
            ("subject_key", "=", card.subject_key),
            ("company_id", "=", card.company_id.id),
            ("date_from", ">=", card.cycle_id.date_from),
            ("date_to", "<=", card.cycle_id.date_to),
        ]
        return {**action, "domain": domain, "context": {}}

    def _explain(self) -> str:
        """Return the calculation of the score, or why there is none."""
        if self.status == "not_applicable":
            return self.env._(
                "Not applicable: its weight goes to the rest of its perspective."
            )
        if self.status == "failed":
            return self._describe_error(self.score_error)
        if self.status != "reported":
            return self.env._("Not reported yet: not zero, but not known.")
        rule = self.indicator_id._get_rule(self)
        try:
            result = achieve(rule, self.actual)
        except RuleError:
            # The settings changed after a score that is final.
            return f"AV {self.actual:g}: {self.points:.2f} %"
        return explain(
            rule, self.actual, result, self.effective_weight, self.contribution
        )

    def _describe_error(self, code) -> str:
        messages = {
            "no_target": self.env._("No target is set."),
            "zero_target": self.env._(
                "The target is zero: a ratio to zero says nothing. Give a baseline or a"
                " unit of deviation, or let the indicator pass or fail."
            ),
            "no_baseline": self.env._("No baseline is set."),
            "flat_baseline": self.env._(
                "Baseline and target are the same: there is no way to go."
            ),
            "no_tolerance": self.env._(
                "The indicator has no tolerance above zero: say how far from the target"
                " is worth nothing."
            ),
            "bad_range": self.env._(
                "The limits of the range are not in order: nothing below ≤ from ≤ to ≤"
                " nothing above."
            ),
            "bad_points": self.env._(
                "The indicator has no steps, or they do not rise from one to the next."
            ),
            "bad_limits": self.env._("The floor of the indicator is above its cap."),
            "not_positive": self.env._(
                "Target ÷ actual needs both above zero: choose another calculation."
            ),
            "not_a_number": self.env._("The figure is out of every reasonable size."),
        }
        return messages.get(code) or self.env._("There is no such calculation.")
