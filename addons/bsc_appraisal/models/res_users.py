from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    bsc_reminded_on = fields.Date(
        string="Reminded of Appraisals On",
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="So that nobody gets two reminders by mail on the same day.",
    )
