from odoo import fields, models


class BscStrategyItemMixin(models.AbstractModel):
    """What stands in a perspective of a company's strategy: objective or indicator."""

    _name = "bsc.strategy.item.mixin"
    _description = "Part of the Strategy"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "perspective_id, sequence, id"

    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    perspective_id = fields.Many2one(
        "bsc.perspective",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        tracking=True,
    )
    color = fields.Integer(related="perspective_id.color")
