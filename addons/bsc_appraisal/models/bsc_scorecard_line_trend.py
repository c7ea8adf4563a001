from itertools import accumulate

from odoo import api, fields, models
from odoo.tools import format_date

# Calculations that look at limits or points instead of one target.
WITHOUT_TARGET = ("range", "steps", "piecewise")


class BscScorecardLine(models.Model):
    """How the figures behind a line went, period by period.

    Figures that are summed up stand there as they mounted up, for that is what the
    target is held against.
    """

    _inherit = "bsc.scorecard.line"

    trend = fields.Json(compute="_compute_trend")

    @api.depends("actual", "target")
    @api.depends_context("lang", "uid")
    def _compute_trend(self):
        courses = self._get_courses()
        for line in self:
            course = courses.get(line._get_figure_key(), [])
            has_target = line.has_target and line.calculation not in WITHOUT_TARGET
            values = [value for _day, value in course]
            if line.indicator_id.aggregation == "sum":
                values = accumulate(values)
            line.trend = bool(course) and {
                "points": [
                    [format_date(self.env, day), value]
                    for (day, _value), value in zip(course, values, strict=True)
                ],
                "target": line.target if has_target else None,
            }

    def _get_courses(self):
        """Return [(end of period, value), …] of the verified figures that the reader
        may read, by indicator, subject and cycle, in one query.
        """
        cycles = self.cycle_id
        if not cycles:
            return {}
        figures = self.env["bsc.measurement"].search_fetch(
            [
                ("indicator_id", "in", self.indicator_id.ids),
                ("subject_key", "in", self.scorecard_id.mapped("subject_key")),
                ("company_id", "in", self.company_id.ids),
                ("state", "=", "verified"),
                ("is_current", "=", True),
                ("answer", "!=", "not_applicable"),
                ("date_from", ">=", min(cycles.mapped("date_from"))),
                ("date_to", "<=", max(cycles.mapped("date_to"))),
            ],
            [
                "indicator_id",
                "subject_key",
                "company_id",
                "date_from",
                "date_to",
                "value",
            ],
            order="date_to, id",
        )
        courses = {}
        for figure in figures:
            for cycle in cycles:
                if (
                    figure.company_id == cycle.company_id
                    and cycle.date_from <= figure.date_from
                    and figure.date_to <= cycle.date_to
                ):
                    key = (figure.indicator_id.id, figure.subject_key, cycle.id)
                    courses.setdefault(key, []).append((figure.date_to, figure.value))
        return courses

    def _get_figure_key(self):
        return (
            self.indicator_id.id,
            self.scorecard_id.subject_key,
            self.cycle_id.id,
        )
