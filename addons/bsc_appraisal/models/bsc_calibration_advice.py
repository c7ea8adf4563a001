from collections import Counter

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools.misc import formatLang

from ..tools.calibration import (
    ABOUT,
    FEWEST,
    allowed,
    leniency_shift,
    quotas,
    suggest,
    third,
)
from .bsc_calibration_line import LEVELS

TABLE = Markup('<table class="table table-sm mb-0"><thead>%s</thead>%s</table>')


class BscCalibration(models.Model):
    """What a session is shown as a help: distribution, nine boxes, lenient appraisers.

    All of it speaks of the people as a whole; only those who joined, officers and
    auditors get to see it.
    """

    _inherit = "bsc.calibration"

    distribution = fields.Html(compute="_compute_advice")
    nine_box = fields.Html(compute="_compute_advice")
    leniency = fields.Html(compute="_compute_advice")

    @api.depends("line_ids.rating_id", "line_ids.potential", "line_ids.score")
    @api.depends_context("uid", "lang")
    def _compute_advice(self):
        seen = self.env["bsc.calibration.line"].search(
            [("calibration_id", "in", self.ids)]
        )
        by_session = seen.grouped("calibration_id")
        for session in self:
            # Not the field: what others have read in this transaction is in its cache.
            lines = by_session.get(session, seen.browse())
            session.distribution = bool(lines) and session._render_distribution(lines)
            session.nine_box = bool(lines) and session._render_nine_box(lines)
            session.leniency = bool(lines) and session._render_leniency(lines)

    def _get_grades(self):
        """Return the company's grades, the best first."""
        bands = self.env["bsc.grade"]._get_bands(self.company_id)
        ordered = sorted(bands, reverse=True)
        return self.env["bsc.grade"].browse([grade_id for _score, grade_id in ordered])

    def _get_performance_levels(self):
        """Return for each grade whether it is a low, medium or high one, by id."""
        grades = self._get_grades()
        return {
            grade.id: LEVELS[third(place, len(grades))][0]
            for place, grade in enumerate(grades)
        }

    def _get_limits(self, count):
        """Return {grade: (fewest, most)} for the grades that have a guideline."""
        guidelines = self.guideline_ids
        about = guidelines.filtered(lambda one: one.kind == ABOUT)
        sizes = {}
        if about and about == guidelines:
            sizes = dict(zip(about, quotas(count, about.mapped("share")), strict=True))
        return {
            one.grade_id: allowed(count, one.kind, one.share, sizes.get(one))
            for one in guidelines
        }

    def _get_deviations(self, lines=None) -> list[str]:
        """Say which grades have more or fewer people than the guideline allows."""
        lines = self.line_ids if lines is None else lines
        found = Counter(line.rating_id for line in lines)
        texts = []
        for grade, (fewest, most) in self._get_limits(len(lines)).items():
            if not fewest <= found[grade] <= most:
                texts.append(
                    self.env._(
                        "%(grade)s: %(found)s people, the guideline says %(limits)s",
                        grade=grade.display_name,
                        found=found[grade],
                        limits=self._format_limits(fewest, most, len(lines)),
                    )
                )
        return texts

    def _get_suggestions(self, lines):
        """Return {line: grade} as the guideline alone would have it; never applied."""
        guidelines = self.guideline_ids
        if len(lines) < FEWEST or set(guidelines.mapped("kind")) != {ABOUT}:
            return {}
        ordered = guidelines.sorted("score_min", reverse=True)
        sizes = quotas(len(lines), ordered.mapped("share"))
        places = suggest(lines.mapped("score"), sizes)
        return {
            line: ordered[place].grade_id
            for line, place in zip(lines, places, strict=True)
        }

    def _format_limits(self, fewest, most, count) -> str:
        if fewest == most:
            return str(fewest)
        if not fewest:
            return self.env._("at most %s", most)
        if most >= count:
            return self.env._("at least %s", fewest)
        return f"{fewest}–{most}"

    def _render_distribution(self, lines):
        found = Counter(line.rating_id for line in lines)
        before = Counter(line.proposed_rating_id for line in lines)
        suggested = Counter(self._get_suggestions(lines).values())
        limits = self._get_limits(len(lines))
        rows = []
        for grade in self._get_grades():
            fewest, most = limits.get(grade, (0, len(lines)))
            is_off = len(lines) >= FEWEST and not fewest <= found[grade] <= most
            rows.append(
                self._render_row(
                    [
                        grade.display_name,
                        before[grade],
                        found[grade],
                        f"{100 * found[grade] / len(lines):.0f} %",
                        self._format_limits(fewest, most, len(lines))
                        if grade in limits
                        else "",
                        suggested[grade] if suggested else "",
                    ],
                    "table-warning" if is_off else "",
                )
            )
        heads = (
            self.env._("Rating"),
            self.env._("Before"),
            self.env._("Now"),
            self.env._("Share"),
            self.env._("Guideline"),
            self.env._("By Rank Alone"),
        )
        return self._render_table(heads, rows)

    def _render_nine_box(self, lines):
        boxes = {}
        for line in lines.filtered("potential"):
            boxes.setdefault((line.potential, line.performance), []).append(line.name)
        names = dict(
            self.line_ids._fields["potential"]._description_selection(self.env)
        )
        rows = [
            self._render_row(
                [
                    names[potential],
                    *(
                        ", ".join(boxes.get((potential, performance), []))
                        for performance, _label in LEVELS
                    ),
                ]
            )
            for potential, _label in reversed(LEVELS)
        ]
        heads = (
            self.env._("Potential ↓ Performance →"),
            *(names[performance] for performance, _label in LEVELS),
        )
        return self._render_table(heads, rows)

    def _render_leniency(self, lines):
        whole = sum(lines.mapped("score")) / len(lines)
        rows = []
        for appraiser, team in lines.grouped("appraiser_id").items():
            scores = team.mapped("score")
            shift = leniency_shift(scores, whole)
            rows.append(
                self._render_row(
                    [
                        appraiser.name or "",
                        len(team),
                        formatLang(self.env, sum(scores) / len(team), digits=2),
                        f"{shift:+.2f}",
                    ]
                )
            )
        heads = (
            self.env._("Appraiser"),
            self.env._("People"),
            self.env._("Mean Score"),
            self.env._("Above the Whole"),
        )
        return self._render_table(heads, rows)

    def _render_table(self, heads, rows):
        head = Markup("<tr>%s</tr>") % Markup("").join(
            Markup("<th>%s</th>") % one for one in heads
        )
        return TABLE % (head, Markup("").join(rows))

    def _render_row(self, cells, css=""):
        return Markup('<tr class="%s">%s</tr>') % (
            css,
            Markup("").join(Markup("<td>%s</td>") % cell for cell in cells),
        )
