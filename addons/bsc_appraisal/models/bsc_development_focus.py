from odoo import api, fields, models
from odoo.exceptions import ValidationError


class BscDevelopmentFocus(models.Model):
    """An indicator that a development plan works on, before and after."""

    _name = "bsc.development.focus"
    _description = "Focus of a Development Plan"
    _inherit = ["bsc.development.part.mixin"]
    _order = "plan_id, points_lost desc, id"
    _rec_name = "indicator_id"
    _check_company_auto = True

    _PROTECTED = frozenset({"points_lost", "points_before", "indicator_id"})

    scorecard_id = fields.Many2one(related="plan_id.scorecard_id")
    line_id = fields.Many2one(
        "bsc.scorecard.line",
        string="Line of the Result",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('scorecard_id', '=', scorecard_id)]",
        check_company=True,
    )
    indicator_id = fields.Many2one(
        related="line_id.indicator_id", store=True, precompute=True, index=True
    )
    points_before = fields.Float(
        string="Before (%)", related="line_id.points", digits=(16, 2)
    )
    points_lost = fields.Float(
        digits=(16, 2),
        readonly=True,
        help="What it cost of the total score: what is missing to 100 % × weight.",
    )
    cause = fields.Char(help="Why it was weak: knowledge, practice, tools, time?")
    points_after = fields.Float(
        string="After (%)",
        digits=(16, 2),
        compute="_compute_effect",
        help="On the result that re-assessed it.",
    )
    effect = fields.Float(string="Change", digits=(16, 2), compute="_compute_effect")
    is_measured = fields.Boolean(compute="_compute_effect")

    _line_uniq = models.UniqueIndex(
        "(plan_id, line_id)", "The plan works on this indicator already."
    )

    @api.depends("plan_id.reassessment_id.line_ids.points", "indicator_id", "line_id")
    def _compute_effect(self):
        for focus in self:
            line = focus.plan_id.reassessment_id.line_ids.filtered(
                lambda line, focus=focus: (
                    line.indicator_id == focus.indicator_id
                    and line.status == "reported"
                )
            )[:1]
            focus.is_measured = bool(line)
            focus.points_after = line.points
            focus.effect = line.points - focus.points_before if line else 0.0

    @api.constrains("line_id", "plan_id")
    def _check_line(self):
        for row in self:
            if row.line_id.scorecard_id != row.plan_id.scorecard_id:
                raise ValidationError(
                    self.env._(
                        "“%s” is no line of the result that the plan follows.",
                        row.indicator_id.display_name,
                    )
                )

    def write(self, vals):
        self.plan_id._check_content_open()
        result = super().write(vals)
        self._note_change()
        return result
