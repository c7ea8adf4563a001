from odoo import fields, models


class ResCompany(models.Model):
    """Who may propose when the next budget is planned."""

    _inherit = "res.company"

    budget_grant_heads = fields.Boolean(
        string="Heads Become Budget Owners",
        default=True,
        help="Who leads a department that is asked to propose gets the right Budget"
        " Owner, which shows him his own departments only.",
    )
