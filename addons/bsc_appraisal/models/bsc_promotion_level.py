from odoo import fields, models


class BscPromotionLevel(models.Model):
    """A group whose members decide on promotions, one level after the other."""

    _name = "bsc.promotion.level"
    _description = "Promotion Approval Level"
    _inherit = ["performance.budget.level"]

    group_id = fields.Many2one(required=True)

    _only_groups = models.Constraint(
        "CHECK (approver = 'group')", "Promotions are decided by groups."
    )
