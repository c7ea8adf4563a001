from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.explanation import number
from .bsc_limits_mixin import RANGE
from .bsc_scorecard_agreement import IS_AGREED


class BscScorecardLine(models.Model):
    """What a figure is held against where that is not one target.

    A range is agreed as a target is. Steps and points belong to the indicator and are
    the same for everybody: they are shown, and there is nothing to agree on.
    """

    _inherit = "bsc.scorecard.line"

    limits_text = fields.Char(
        string="Limits",
        compute="_compute_limits_text",
        help="What stands in the place of one target: a range that is agreed, or the"
        " steps of the indicator, which are the same for everybody.",
    )

    @api.depends("indicator_id.calculation", "indicator_id.score_points", *RANGE)
    @api.depends_context("lang")
    def _compute_limits_text(self):
        for line in self:
            line.limits_text = line._describe_limits()

    def _check_is_agreed(self):
        """:raise ValidationError: the indicator leaves nothing to agree on"""
        if self.calculation not in IS_AGREED:
            raise ValidationError(
                self.env._(
                    "“%s” is scored by the steps of the indicator, the same for"
                    " everybody: there is no target to agree on. They change with the"
                    " indicator.",
                    self.indicator_id.display_name,
                )
            )

    def _describe_limits(self) -> str:
        """Return what the figure is held against, where that is not one target."""
        if self.calculation == "range":
            return self._describe_range() if any(self._get_limits().values()) else ""
        points = self.indicator_id._get_score_points()
        if not points:
            return ""
        steps = ", ".join(f"{number(at)}: {number(worth)} %" for at, worth in points)
        return self.env._("By the indicator: %s", steps)
