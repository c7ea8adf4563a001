from odoo import fields, models


class BscRaiseLevel(models.Model):
    """Who decides on raises and bonuses from which cost of the batch on.

    Only HR managers can decide: they alone see pay.
    """

    _name = "bsc.raise.level"
    _description = "Raise Approval Level"
    _inherit = ["performance.budget.level"]

    amount_from = fields.Monetary(help="Batches that cost this or more need the level.")
