from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools.misc import formatLang

TILE = Markup(
    '<div class="%(columns)s"><div class="border rounded p-2 h-100">'
    '<div class="text-muted text-truncate">%(name)s</div>'
    '<div class="fs-3 fw-bold">%(score)s</div>'
    '<div class="progress my-1"><div class="progress-bar %(colour)s" '
    'style="width: %(width)d%%"></div></div>'
    '<small class="text-muted">%(text)s</small></div></div>'
)


class BscScorecard(models.Model):
    """The perspectives of a scorecard at a glance."""

    _inherit = "bsc.scorecard"

    perspective_summary = fields.Html(
        compute="_compute_perspective_summary", sanitize_style=True
    )

    @api.depends("line_ids.contribution", "line_ids.weight", "line_ids.status")
    @api.depends_context("lang")
    def _compute_perspective_summary(self):
        for card in self:
            groups = card.line_ids.grouped("perspective_id")
            ordered = sorted(groups, key=lambda one: (one.sequence, one.id))
            # Two by two beside the radar, in one row without it.
            columns = "col-6" if card.perspective_radar else "col-6 col-md-3"
            tiles = [card._render_tile(one, groups[one], columns) for one in ordered]
            card.perspective_summary = (
                Markup('<div class="row g-2">%s</div>') % Markup("").join(tiles)
                if tiles
                else False
            )

    def _render_tile(self, perspective, lines, columns) -> Markup:
        weight = sum(lines.mapped("weight"))
        measured = lines.filtered(lambda line: line.status == "reported")
        effective = sum(measured.mapped("effective_weight"))
        score = sum(measured.mapped("contribution"))
        rate = 100 * score / effective if effective else 0.0
        colour = "bg-success" if rate >= 100 else "bg-warning"
        return TILE % {
            "columns": columns,
            "name": perspective.name,
            "score": formatLang(self.env, score, digits=2) if measured else "–",
            "colour": colour if rate >= 80 else "bg-danger",
            "width": min(100, max(0, rate)),
            "text": self.env._(
                "of %(weight)s %%, %(measured)s of %(count)s measured",
                weight=formatLang(self.env, weight, digits=2),
                measured=len(measured),
                count=len(lines),
            ),
        }
