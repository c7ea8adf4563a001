from odoo import fields, models


class ResCompany(models.Model):
    """When the nightly audit calls a reservation old."""

    _inherit = "res.company"

    budget_stale_days = fields.Integer(
        string="Old Reservations",
        default=60,
        help="The nightly audit names documents that have held money on a budget line"
        " for more days than this without moving. Zero: never.",
    )

    _budget_stale_days_positive = models.Constraint(
        "CHECK (budget_stale_days >= 0)", "Days are counted from zero."
    )
