from types import SimpleNamespace

from odoo import fields, models
from odoo.exceptions import ValidationError

from ..tools.achievement import RuleError, check
from ..tools.explanation import number

RANGE = ("low", "high", "zero_low", "zero_high")


class BscLimitsMixin(models.AbstractModel):
    """The range in which a figure is best, and where it is worth nothing.

    An indicator that is best inside a range has these limits in place of one target:
    they are proposed, agreed and changed as a target is.
    """

    _name = "bsc.limits.mixin"
    _description = "Limits of a Range"

    low = fields.Float(string="Range From", digits=(16, 4))
    high = fields.Float(string="Range To", digits=(16, 4))
    zero_low = fields.Float(
        string="Nothing Below",
        digits=(16, 4),
        help="The score falls from the edge of the range to zero here. Both zero:"
        " nothing outside the range.",
    )
    zero_high = fields.Float(string="Nothing Above", digits=(16, 4))

    def _get_limits(self) -> dict[str, float]:
        return {name: self[name] for name in RANGE}

    def _describe_range(self) -> str:
        """Return the limits as people say them."""
        limits = {name: number(self[name]) for name in RANGE}
        if not self.zero_low and not self.zero_high:
            return self.env._("%(low)s to %(high)s", **limits)
        return self.env._(
            "%(low)s to %(high)s, nothing below %(zero_low)s or above %(zero_high)s",
            **limits,
        )

    def _describe_aim(self, calculation, value) -> str:
        """Return what is aimed at: the limits of a range, else the target."""
        return self._describe_range() if calculation == "range" else number(value)

    def _check_range(self, indicator):
        """:raise ValidationError: the indicator cannot be scored by these limits"""
        numbers = SimpleNamespace(
            target=0.0, has_target=False, baseline=0.0, **self._get_limits()
        )
        try:
            check(indicator._get_rule(numbers))
        except RuleError as error:
            message = self.env["bsc.scorecard.line"]._describe_error(error.code)
            raise ValidationError(message) from None
