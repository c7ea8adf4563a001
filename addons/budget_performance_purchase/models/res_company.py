from odoo import fields, models

from odoo.addons.budget_performance.models.res_company import COVERAGE_POLICY


class ResCompany(models.Model):
    _inherit = "res.company"

    budget_uncovered_order = fields.Selection(
        COVERAGE_POLICY,
        string="Orders That Are Not in the Budget",
        required=True,
        default="warn",
        help="What happens to a purchase order that no approved budget line covers.",
    )
