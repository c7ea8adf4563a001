from odoo import fields, models
from odoo.tools import SQL


class PerformanceBudgetClaimDifference(models.Model):
    """Claims whose posted entry says another amount than the claim.

    Somebody edited the claim after it was posted, or the entry. The budget follows the
    entry; who approved the claim should know.
    """

    _name = "performance.budget.claim.difference"
    _description = "Claim Unlike Its Entry"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "expense_id"
    _depends = {
        "hr.expense": ["total_amount", "account_move_id"],
        "account.move": ["state", "date"],
        "account.move.line": ["balance", "expense_id", "move_id"],
    }

    expense_id = fields.Many2one("hr.expense", string="Claim", readonly=True)
    move_id = fields.Many2one("account.move", string="Entry", readonly=True)
    employee_id = fields.Many2one("hr.employee", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(string="Posted On", readonly=True)
    amount_claim = fields.Monetary(string="Claimed", readonly=True)
    amount_entry = fields.Monetary(string="Posted", readonly=True)
    amount_difference = fields.Monetary(
        string="Difference", readonly=True, help="Posted less claimed, tax included."
    )

    @property
    def _table_query(self):
        return SQL(
            """SELECT claim.id, claim.id AS expense_id, claim.employee_id,
                      claim.company_id, move.id AS move_id, move.date,
                      claim.total_amount AS amount_claim,
                      COALESCE(item.balance, 0) AS amount_entry,
                      COALESCE(item.balance, 0) - claim.total_amount
                          AS amount_difference
                 FROM hr_expense claim
                 JOIN account_move move ON move.id = claim.account_move_id
            LEFT JOIN (SELECT move_id, expense_id, SUM(balance) AS balance
                         FROM account_move_line
                        WHERE expense_id IS NOT NULL
                     GROUP BY move_id, expense_id) item
                   ON item.move_id = move.id AND item.expense_id = claim.id
                WHERE move.state = 'posted'
                  AND COALESCE(item.balance, 0) <> claim.total_amount"""
        )

    def action_open_claim(self):
        """Open the claim."""
        self.ensure_one()
        return self.expense_id._get_records_action()

    def action_open_entry(self):
        """Open the journal entry."""
        self.ensure_one()
        return self.move_id._get_records_action()
