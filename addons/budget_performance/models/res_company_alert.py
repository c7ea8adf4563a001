from odoo import fields, models


class ResCompany(models.Model):
    """Whether alerts go out by e-mail."""

    _inherit = "res.company"

    budget_alert_email = fields.Boolean(
        string="Budget Alerts by E-mail",
        default=True,
        help="Send an e-mail when a budget line crosses a limit or gets back below it."
        " The activity is made in any case.",
    )
