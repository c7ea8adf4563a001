from odoo import api, models
from odoo.tools import SQL

from ..tools import ledger

AUDIT_BATCH = 500
LISTED = 20


class PerformanceBudgetAudit(models.AbstractModel):
    """Proves the ledger: entries against documents, balances against entries.

    It reads and reports; nothing is repaired without a person who asks for it.
    """

    _name = "performance.budget.audit"
    _description = "Budget Audit"

    @api.model
    def _cron_audit(self):
        """Audit every budget in force and tell its responsible what does not agree."""
        budgets = self.env["performance.budget"].search([("state", "=", "approved")])
        for done, budget in enumerate(budgets, start=1):
            problems = self._find_problems(budget)
            if problems:
                budget._report_problems(problems)
            stale = self._find_stale(budget)
            if stale:
                budget._report_stale(stale)
            self.env["ir.cron"]._commit_progress(
                processed=1, remaining=len(budgets) - done
            )

    @api.model
    def _find_problems(self, budget):
        """Return a sentence for each thing that does not agree, empty when all does."""
        drifts = self._find_drifts(budget)
        problems = [
            self._describe_drift(model, row)
            for model, rows in drifts.items()
            for row in rows
        ]
        return problems + [
            self.env._(
                "The balance of “%s” is not the sum of its entries.", line.display_name
            )
            for line in self._find_unbalanced_lines(budget)
        ]

    @api.model
    def _describe_drift(self, model, row):
        # sudo: who answers for the budget is told the name of any document on it
        document_sudo = self.env[model].sudo().browse(row.res_id).exists()
        line_sudo = self.env["performance.budget.line"].sudo().browse(row.line_id)
        kinds = self.env["performance.budget.entry"]._fields["kind"]
        return self.env._(
            "“%(document)s”: what it holds as %(kind)s on %(line)s in %(month)s should"
            " change by %(amount)s.",
            document=document_sudo.display_name
            or self.env._("deleted document %s", row.res_id),
            kind=dict(kinds._description_selection(self.env))[row.kind],
            line=line_sudo.display_name,
            month=row.month.strftime("%Y-%m"),
            amount=row.amount,
        )

    @api.model
    def _find_drifts(self, budget):
        """Return ``{model: [Difference, …]}`` between documents and the ledger."""
        # sudo: the audit compares all documents; whoever starts it may audit
        Ledger = self.env["performance.budget.ledger"].sudo()
        accounts = (
            budget.sudo().line_ids.position_id._get_covered_accounts()
        )  # as above
        lines = set(budget.sudo().line_ids.ids)  # as above
        drifts = {}
        for model in Ledger._get_document_models():
            Document_sudo = self.env[model].sudo()  # an auditor need not read them
            ids = set(Document_sudo._find_for_backfill(budget, accounts).ids)
            ids |= self._find_booked(model, lines)
            for start in range(0, len(ids), AUDIT_BATCH):
                batch = Document_sudo.browse(sorted(ids)[start : start + AUDIT_BATCH])
                desired = Ledger._get_desired(batch.exists(), ())
                held = Ledger._get_held(model, batch.ids)
                rows = [
                    row
                    for row in ledger.differences(desired, held)
                    if row.line_id in lines
                ]
                if rows:
                    drifts.setdefault(model, []).extend(rows)
                self.env.invalidate_all()
        return drifts

    @api.model
    def _find_booked(self, model, line_ids):
        """Return the ids of the documents with entries on the lines."""
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT res_id FROM performance_budget_entry
                    WHERE res_model = %s AND line_id = ANY(%s)""",
                model,
                list(line_ids),
            )
        )
        return {res_id for (res_id,) in rows}

    @api.model
    def _find_unbalanced_lines(self, budget):
        """Return the lines whose months or totals are not the sums of their entries."""
        rows = self.env.execute_query(
            SQL(
                """WITH booked AS (%(booked)s
                   ), total AS (
                       SELECT allocation.line_id, bool_and(
                                  amount_reserved = COALESCE(reserved, 0)
                                  AND amount_committed = COALESCE(committed, 0)
                                  AND amount_actual = COALESCE(actual, 0)) AS agrees,
                              SUM(amount_planned) AS planned,
                              SUM(amount_reserved) AS reserved,
                              SUM(amount_committed) AS committed,
                              SUM(amount_actual) AS actual
                         FROM performance_budget_allocation allocation
                         JOIN performance_budget_line line
                           ON line.id = allocation.line_id
                    LEFT JOIN booked ON booked.line_id = allocation.line_id
                          AND booked.month = allocation.month
                        WHERE line.budget_id = %(budget)s
                     GROUP BY allocation.line_id
                   )
                   SELECT line.id
                     FROM performance_budget_line line
                     JOIN performance_budget_balance balance
                       ON balance.id = line.balance_id
                     JOIN total ON total.line_id = line.id
                    WHERE NOT total.agrees
                       OR balance.amount_planned <> total.planned
                       OR balance.amount_reserved <> total.reserved
                       OR balance.amount_committed <> total.committed
                       OR balance.amount_actual <> total.actual
                 ORDER BY line.id""",
                budget=budget.id,
                booked=self._booked_query(budget),
            )
        )
        return self.env["performance.budget.line"].browse(row[0] for row in rows)

    @api.model
    def _booked_query(self, budget):
        """Return what the balances should show by line, month and kind.

        That is the sum of the entries, without what is still on its way.
        """
        return SQL(
            """SELECT line_id, month,
                      SUM(amount) FILTER (WHERE kind = 'reserved') AS reserved,
                      SUM(amount) FILTER (WHERE kind = 'committed') AS committed,
                      SUM(amount) FILTER (WHERE kind = 'actual') AS actual
                 FROM (SELECT line_id, month, kind, amount
                         FROM performance_budget_entry
                        WHERE budget_id = %s
                        UNION ALL
                       SELECT line_ref, month, way.kind, -way.amount
                         FROM performance_budget_pending
                        CROSS JOIN LATERAL (VALUES
                              ('reserved', amount_reserved),
                              ('committed', amount_committed),
                              ('actual', amount_actual)) AS way(kind, amount)) entry
             GROUP BY line_id, month""",
            budget.id,
        )
