from odoo import fields, models
from odoo.tools import SQL


class PerformanceBudgetUncovered(models.Model):
    """What was spent outside the budget, by posted item.

    Expense items of a company that has a budget in force for their date, and no line
    for their account, or none for a cost centre or project they are distributed to.
    Documents that the company lets pass in silence are left out, and depreciation:
    nobody spends it.
    """

    _name = "performance.budget.uncovered"
    _description = "Spent Outside the Budget"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "move_id"
    _depends = {
        "account.move": [
            *("move_type", "journal_id", "origin_payment_id", "statement_line_id"),
            "tax_cash_basis_origin_move_id",
        ],
        "account.move.line": [
            *("balance", "analytic_distribution", "date", "account_id", "expense_id"),
        ],
        "performance.budget": ["state", "date_from", "date_to"],
        "performance.budget.line": ["analytic_key", "position_id", "is_reserve"],
        "performance.budget.position": ["account_ids", "parent_path"],
        "res.company": [
            *("budget_uncovered_bill", "budget_uncovered_entry"),
            *("budget_uncovered_expense", "currency_exchange_journal_id"),
        ],
    }

    move_line_id = fields.Many2one(
        "account.move.line", string="Journal Item", readonly=True
    )
    move_id = fields.Many2one("account.move", string="Document", readonly=True)
    account_id = fields.Many2one("account.account", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(readonly=True)
    reason = fields.Selection(
        [
            ("account", "No line for the account"),
            ("centre", "No line for the cost centre or project"),
        ],
        readonly=True,
    )
    amount = fields.Monetary(
        readonly=True, help="The part of the item that no budget line covers."
    )

    @property
    def _table_query(self):
        return SQL(
            """WITH cover AS (%s)
               SELECT item.id, item.id AS move_line_id, item.move_id, item.account_id,
                      item.partner_id, item.company_id, item.date,
                      ROUND(item.balance * part.percent / 100, currency.decimal_places)
                          AS amount,
                      CASE WHEN EXISTS (
                           SELECT FROM cover
                            WHERE cover.account_id = item.account_id
                              AND cover.company_id = item.company_id
                              AND item.date BETWEEN cover.date_from AND cover.date_to)
                           THEN 'centre' ELSE 'account' END AS reason
                 FROM account_move_line item
                 JOIN account_account account ON account.id = item.account_id
                 JOIN account_move move ON move.id = item.move_id
                 JOIN res_company company ON company.id = item.company_id
                 JOIN res_currency currency ON currency.id = company.currency_id
           CROSS JOIN LATERAL (
                      SELECT SUM(value::numeric) AS percent
                        FROM jsonb_each_text(COALESCE(
                             NULLIF(item.analytic_distribution, '{}'), '{"": 100}'))
                             AS share(accounts, value)
                       WHERE NOT EXISTS (
                             SELECT FROM cover
                              WHERE cover.account_id = item.account_id
                                AND cover.company_id = item.company_id
                                AND item.date BETWEEN cover.date_from AND cover.date_to
                                AND cover.key <@ string_to_array(
                                    share.accounts, ',')::int[])) part
                WHERE item.parent_state = 'posted'
                  AND item.balance <> 0
                  AND account.account_type IN (
                      'expense', 'expense_direct_cost', 'expense_other')
                  AND part.percent <> 0
                  AND %s <> 'ignore'
                  AND EXISTS (
                      SELECT FROM performance_budget budget
                       WHERE budget.company_id = item.company_id
                         AND budget.state IN ('approved', 'closed')
                         AND item.date BETWEEN budget.date_from AND budget.date_to)""",
            self._cover(),
            self._policy(),
        )

    def _policy(self):
        """Return what the company does to the document of an item, as a query.

        The types are those of ``_get_budget_document_types`` of journal entries.
        """
        return SQL(
            """CASE WHEN move.move_type IN ('in_invoice', 'in_refund', 'in_receipt')
                      OR move.move_type = 'entry'
                    THEN CASE WHEN EXISTS (
                                   SELECT FROM account_move_line claimed
                                    WHERE claimed.move_id = move.id
                                      AND claimed.expense_id IS NOT NULL)
                              THEN company.budget_uncovered_expense
                              WHEN move.move_type <> 'entry'
                              THEN company.budget_uncovered_bill
                              WHEN move.origin_payment_id IS NULL
                               AND move.statement_line_id IS NULL
                               AND move.tax_cash_basis_origin_move_id IS NULL
                               AND move.journal_id IS DISTINCT FROM
                                   company.currency_exchange_journal_id
                              THEN company.budget_uncovered_entry
                              ELSE 'ignore' END
                    ELSE 'ignore' END"""
        )

    def _cover(self):
        """Return a query of what the lines in force cover: account, dates, accounts."""
        return SQL(
            """SELECT DISTINCT rel.account_id, line.company_id, budget.date_from,
                      budget.date_to, string_to_array(
                          COALESCE(line.analytic_key, ''), ',')::int[] AS key
                 FROM performance_budget_position_account_rel rel
                 JOIN performance_budget_position leaf ON leaf.id = rel.position_id
                 JOIN performance_budget_line line ON line.position_id = ANY(
                      string_to_array(rtrim(leaf.parent_path, '/'), '/')::int[])
                 JOIN performance_budget budget ON budget.id = line.budget_id
                WHERE line.is_reserve IS NOT TRUE
                  AND budget.state IN ('approved', 'closed')"""
        )

    def action_open_document(self):
        """Open the bill or journal entry."""
        self.ensure_one()
        return self.move_id._get_records_action()
