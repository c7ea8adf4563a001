from odoo import fields, models


class PerformanceBudgetControlBand(models.Model):
    """One step of a control rule: from this usage on, this happens."""

    _name = "performance.budget.control.band"
    _description = "Budget Control Band"
    _inherit = ["performance.budget.cached"]
    _order = "usage_rate, id"
    _rec_name = "action"

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
