from odoo import api, models


class PerformanceBudgetLedger(models.AbstractModel):
    """Keeps what a document is told when the ledger refuses it."""

    _inherit = "performance.budget.ledger"

    @api.model
    def _refuse(self, refused, changes):
        # EXTENDS: a refusal is remembered, although it undoes the request
        if refused:
            self.env["performance.budget.stop"]._keep_afterwards(
                self._prepare_stops(refused, changes)
            )
        return super()._refuse(refused, changes)

    @api.model
    def _prepare_stops(self, refused, changes):
        """Return the stops of the documents that grow on a line that refuses."""
        Stop = self.env["performance.budget.stop"]
        refusing = {verdict.usage.line_id for verdict in refused}
        vals_list = []
        for model, rows in changes.rows.items():
            months = {}
            for row in rows:
                if row.line_id in refusing and row.amount > 0:
                    months.setdefault(row.res_id, {})[row.line_id] = row.month
            for document in changes.alive[model].browse(months):
                own = [v for v in refused if v.usage.line_id in months[document.id]]
                month = months[document.id][own[0].usage.line_id]
                vals_list.append(Stop._prepare_vals(document, own, month=month))
        return vals_list
