from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.achievement import Rule, RuleError, parse_points

DIRECTIONS = {"higher": 1, "lower": -1}


class BscIndicator(models.Model):
    """How an indicator is scored: the settings behind its calculation."""

    _inherit = "bsc.indicator"

    # Frozen with what is measured: results rest on them.
    _SCORING = frozenset(
        {
            "calculation",
            "aggregation",
            "has_floor",
            "score_floor",
            "has_cap",
            "score_cap",
            "decimals",
            "tolerance",
            "deviation_unit",
            "zero_passes",
            "score_points",
        }
    )

    calculation = fields.Selection(
        [
            ("ratio", "Actual ÷ target"),
            ("inverse", "Target ÷ actual"),
            ("baseline", "Way from the baseline to the target"),
            ("closeness", "Distance from the target"),
            ("range", "Inside a range"),
            ("steps", "Steps"),
            ("piecewise", "Lines between points"),
            ("pass_fail", "Reached or not"),
        ],
        required=True,
        default="ratio",
        tracking=True,
        help="How the actual value becomes a percentage. A ratio where lower is better"
        " is 2 − actual ÷ target.",
    )
    has_floor = fields.Boolean(default=True)
    score_floor = fields.Float(
        string="Floor (%)",
        digits=(16, 2),
        tracking=True,
        help="The least an indicator can score, however bad the figure.",
    )
    has_cap = fields.Boolean(default=True)
    score_cap = fields.Float(
        string="Cap (%)",
        digits=(16, 2),
        default=120.0,
        tracking=True,
        help="The most an indicator can score, however good the figure.",
    )
    decimals = fields.Integer(
        default=2, help="Figures are rounded to these before they meet a step."
    )
    tolerance = fields.Float(
        digits=(16, 4), help="How far from the target is worth nothing."
    )
    deviation_unit = fields.Float(
        string="Unit of Deviation",
        digits=(16, 4),
        help="With a target of zero: the deviation that costs or earns 100 %.",
    )
    zero_passes = fields.Boolean(
        string="Zero Target Is Reached or Not",
        help="With a target of zero and no other way: reached is 100 %, missed is 0.",
    )
    score_points = fields.Text(
        help="One step or point per line: figure, a colon, percentage. For example"
        " “60: 80”.",
    )
    aggregation = fields.Selection(
        [
            ("last", "The last one"),
            ("sum", "Their sum"),
            ("average", "Their average"),
        ],
        string="Figures of Several Periods",
        required=True,
        default="last",
        help="What counts when a scorecard covers several periods. Only targets of"
        " sums can be divided among departments.",
    )

    _decimals_range = models.Constraint(
        "CHECK (decimals BETWEEN 0 AND 6)", "A figure has zero to six decimals."
    )
    _limits_in_order = models.Constraint(
        "CHECK (NOT has_floor OR NOT has_cap OR score_floor <= score_cap)",
        "The floor of an indicator lies below its cap.",
    )

    @api.constrains("score_points", "calculation")
    def _check_score_points(self):
        for indicator in self:
            if not indicator.score_points:
                continue
            try:
                indicator._get_score_points()
            except RuleError:
                raise ValidationError(
                    self.env._(
                        "%s: give the points one per line, rising, as “figure:"
                        " percentage”.",
                        indicator.display_name,
                    )
                ) from None

    def _check_definition_is_open(self, vals):
        result = super()._check_definition_is_open(vals)
        changing = self._SCORING & vals.keys()
        self._raise_frozen(
            self.filtered(
                lambda indicator: (
                    indicator.state != "draft"
                    and any(
                        (indicator[name] or False) != (vals[name] or False)
                        for name in changing
                    )
                )
            )
        )
        return result

    def _get_definition_gaps(self) -> list[str]:
        gaps = super()._get_definition_gaps()
        if self.calculation in ("steps", "piecewise") and not self.score_points:
            gaps.append(self.env._("Points: which figure is worth which percentage?"))
        if self.calculation == "closeness" and not self.tolerance > 0:
            gaps.append(self.env._("Tolerance: how far from the target is nothing?"))
        return gaps

    def _get_score_points(self):
        if self.calculation not in ("steps", "piecewise") or not self.score_points:
            return ()
        return parse_points(self.score_points)

    def _get_rule(self, numbers) -> Rule:
        """Return the rule by which a line of this indicator is scored.

        :param numbers: anything with the attributes of a line's limits: ``target``,
            ``has_target``, ``baseline``, ``low``, ``high``, ``zero_low``, ``zero_high``
        """
        kind = self.calculation
        has_edges = bool(numbers.zero_low or numbers.zero_high)
        # Numbers of a line have no "empty": a ratio starts from a baseline only when
        # it is not zero, which would say nothing there.
        baseline = numbers.baseline
        return Rule(
            kind=kind,
            direction=DIRECTIONS.get(self.direction, 0),
            target=numbers.target if numbers.has_target else None,
            baseline=baseline if baseline or kind == "baseline" else None,
            tolerance=self.tolerance or None,
            deviation_unit=self.deviation_unit or None,
            zero_passes=self.zero_passes,
            low=numbers.low,
            high=numbers.high,
            zero_low=numbers.zero_low if has_edges else None,
            zero_high=numbers.zero_high if has_edges else None,
            points=self._get_score_points(),
            floor=self.score_floor if self.has_floor else None,
            cap=self.score_cap if self.has_cap else None,
            decimals=self.decimals,
        )
