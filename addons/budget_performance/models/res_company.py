from odoo import fields, models

COVERAGE_POLICY = [
    ("block", "Block"),
    ("warn", "Warn"),
    ("ignore", "Ignore"),
]


class ResCompany(models.Model):
    _inherit = "res.company"

    budget_show_amounts = fields.Boolean(
        string="Show Budget Amounts to Employees",
        default=True,
        help="Tell an employee how much is left on the line his claim uses. Off: he"
        " sees the share of the plan only.",
    )
    budget_uncovered_expense = fields.Selection(
        COVERAGE_POLICY,
        string="Claims That Are Not in the Budget",
        required=True,
        default="block",
        help="What happens to an expense claim that no approved budget line covers."
        " Warn: it passes, and a note on it says so.",
    )
    budget_uncovered_bill = fields.Selection(
        COVERAGE_POLICY,
        string="Bills That Are Not in the Budget",
        required=True,
        default="warn",
        help="What happens to a vendor bill or receipt with expenses that no approved"
        " budget line covers; assets count when a position covers their account.",
    )
    budget_uncovered_entry = fields.Selection(
        COVERAGE_POLICY,
        string="Journal Entries That Are Not in the Budget",
        required=True,
        default="ignore",
        help="What happens to a journal entry with expenses that no approved budget"
        " line covers.",
    )
