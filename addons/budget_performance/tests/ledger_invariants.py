"""What must hold of the ledger at any moment, as SQL; loaded by its path, too."""

# Every row that these return breaks an invariant.
SQL_INVARIANTS = {
    "I1: a month shows the sum of its entries": """
        SELECT allocation.line_id, allocation.month, kind.name, kind.shown, sums.amount
          FROM performance_budget_allocation allocation
          LEFT JOIN LATERAL (SELECT COALESCE(SUM(amount_reserved), 0) AS reserved,
                                    COALESCE(SUM(amount_committed), 0) AS committed,
                                    COALESCE(SUM(amount_actual), 0) AS actual
                               FROM performance_budget_pending pending
                              WHERE pending.line_ref = allocation.line_id
                                AND pending.month = allocation.month) way ON TRUE
         CROSS JOIN LATERAL (VALUES
                   ('reserved', allocation.amount_reserved + way.reserved),
                   ('committed', allocation.amount_committed + way.committed),
                   ('actual', allocation.amount_actual + way.actual)
               ) AS kind(name, shown)
          LEFT JOIN LATERAL (SELECT COALESCE(SUM(amount), 0) AS amount
                               FROM performance_budget_entry entry
                              WHERE entry.line_id = allocation.line_id
                                AND entry.month = allocation.month
                                AND entry.kind = kind.name) sums ON TRUE
         WHERE kind.shown <> sums.amount""",
    "I1: every entry has its month": """
        SELECT entry.id FROM performance_budget_entry entry
          LEFT JOIN performance_budget_allocation allocation
            ON allocation.line_id = entry.line_id AND allocation.month = entry.month
         WHERE allocation.id IS NULL""",
    "I1: a line shows the sum of its months": """
        SELECT line.id FROM performance_budget_line line
          JOIN performance_budget_balance balance ON balance.id = line.balance_id
          LEFT JOIN (SELECT line_id, SUM(amount_planned) AS planned,
                            SUM(amount_reserved) AS reserved,
                            SUM(amount_committed) AS committed,
                            SUM(amount_actual) AS actual
                       FROM performance_budget_allocation GROUP BY line_id) months
            ON months.line_id = line.id
         WHERE (balance.amount_planned, balance.amount_reserved,
                balance.amount_committed, balance.amount_actual)
               IS DISTINCT FROM
               (COALESCE(planned, 0), COALESCE(reserved, 0),
                COALESCE(committed, 0), COALESCE(actual, 0))
            OR balance.amount_used <> balance.amount_reserved
               + balance.amount_committed + balance.amount_actual
            OR balance.amount_available <> balance.amount_planned
               - balance.amount_used - balance.amount_pending""",
    "what is pending was taken by somebody": """
        SELECT line.id FROM performance_budget_line line
          JOIN performance_budget_balance balance ON balance.id = line.balance_id
         WHERE balance.amount_pending <> (
               SELECT COALESCE(SUM(amount_taken), 0) FROM performance_budget_pending
                WHERE line_ref = line.id)""",
    "I2: nothing open is negative": """
        SELECT line_id, month FROM performance_budget_allocation
         WHERE amount_reserved < 0 OR amount_committed < 0
         UNION ALL
        SELECT line_id, month FROM performance_budget_entry
         WHERE res_model = 'hr.expense'
         GROUP BY res_id, line_id, month, kind HAVING SUM(amount) < 0""",
    "closed and deleted documents hold exactly nothing": """
        SELECT entry.res_id, SUM(entry.amount) FROM performance_budget_entry entry
          LEFT JOIN hr_expense expense ON expense.id = entry.res_id
         WHERE entry.res_model = 'hr.expense'
           AND (expense.id IS NULL OR expense.approval_state IS NULL
                OR expense.approval_state = 'refused'
                OR EXISTS (SELECT FROM account_move move
                             JOIN account_move_line item ON item.move_id = move.id
                            WHERE move.id = expense.account_move_id
                              AND move.state = 'posted'
                              AND item.expense_id = expense.id))
         GROUP BY entry.res_id, entry.line_id, entry.month, entry.kind
        HAVING SUM(entry.amount) <> 0""",
    "a correction points to a row of its own position that it takes back": """
        SELECT entry.id FROM performance_budget_entry entry
          JOIN performance_budget_entry taken ON taken.id = entry.reversed_id
         WHERE (entry.res_model, entry.res_id, entry.line_id, entry.month, entry.kind)
               <> (taken.res_model, taken.res_id, taken.line_id, taken.month,
                   taken.kind)
            OR entry.amount * taken.amount >= 0 OR taken.id >= entry.id""",
    "an entry belongs to the company and budget of its line": """
        SELECT entry.id FROM performance_budget_entry entry
          JOIN performance_budget_line line ON line.id = entry.line_id
         WHERE entry.company_id <> line.company_id
            OR entry.budget_id <> line.budget_id""",
}
