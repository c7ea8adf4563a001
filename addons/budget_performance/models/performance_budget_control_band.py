from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import control, money


class PerformanceBudgetControlBand(models.Model):
    """One step of a control rule: from this usage on, this happens."""

    _name = "performance.budget.control.band"
    _description = "Budget Control Band"
    _inherit = ["performance.budget.cached"]
    _order = "usage_rate, tolerance_amount, id"

    rule_id = fields.Many2one(
        "performance.budget.control.rule",
        required=True,
        index=True,
        ondelete="cascade",
    )
    comparison = fields.Selection(
        [("reach", "reaches"), ("exceed", "exceeds")],
        string="When Usage",
        required=True,
        default="reach",
    )
    usage_rate = fields.Float(
        string="Share of the Plan", required=True, digits=(16, 4), default=0.8
    )
    tolerance_amount = fields.Monetary(
        string="Plus Amount",
        help="Added to the share of the plan: 100 % plus 500 begins 500 above the plan."
        " In the currency of the company that the rule names.",
    )
    currency_id = fields.Many2one(related="rule_id.company_id.currency_id")
    action = fields.Selection(
        [
            ("alert", "Alert: let it pass and say so"),
            ("hold", "Hold: stop until authorised"),
            ("block", "Block: refuse"),
        ],
        required=True,
        default="hold",
    )

    _usage_rate_range = models.Constraint(
        "CHECK (usage_rate > 0 AND usage_rate <= 10)",
        "A band begins above 0 % and at 1000 % at most.",
    )
    _tolerance_amount_range = models.Constraint(
        "CHECK (tolerance_amount >= 0 AND tolerance_amount <= 1000000000000)",
        "The amount of a band is zero or more, and not beyond what can be planned.",
    )

    @api.depends("comparison", "usage_rate", "tolerance_amount", "action")
    def _compute_display_name(self):
        Control = self.env["performance.budget.control"]
        for record in self:
            (band,) = record._as_plain_values()
            record.display_name = Control._describe_band(band, record.currency_id)

    @api.constrains("tolerance_amount", "rule_id")
    def _check_tolerance_has_currency(self):
        for band in self:
            if band.tolerance_amount and not band.rule_id.company_id:
                raise ValidationError(
                    self.env._(
                        "“%s”: an amount needs a currency. Choose the company of the"
                        " rule, or leave the amount at zero.",
                        band.rule_id.name,
                    )
                )

    def _as_plain_values(self):
        """Return the bands as :class:`~..tools.control.Band`."""
        return [
            control.Band(
                rate=Decimal(repr(band.usage_rate)),
                action=band.action,
                inclusive=band.comparison == "reach",
                rule_id=band.rule_id.id,
                tolerance=money.exact(band.tolerance_amount, money.FINEST),
            )
            for band in self
        ]
