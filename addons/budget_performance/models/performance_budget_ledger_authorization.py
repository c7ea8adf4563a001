from collections import defaultdict
from decimal import Decimal

from odoo import api, models

from ..tools import money


class PerformanceBudgetLedger(models.AbstractModel):
    """How a granted authorisation lets a held document pass."""

    _inherit = "performance.budget.ledger"

    @api.model
    def _is_authorized(self, verdict, document_type, rows_by_model):
        """Tell whether all that grows on the line may pass the band that holds it.

        Asked only when something is held, so that it costs nothing else. A band that
        blocks is never passed.
        """
        return verdict.action == "hold" and all(
            self._is_growth_authorized(model, verdict.usage.line_id, rows)
            for model, rows in rows_by_model.items()
            if self.env[model]._budget_document_type == document_type
        )

    @api.model
    def _is_growth_authorized(self, model, line_id, rows):
        growing = defaultdict(Decimal)
        for row in rows:
            if row.line_id == line_id:
                growing[row.res_id, row.month] += row.amount
        growing = {key: amount for key, amount in growing.items() if amount > 0}
        res_ids = {res_id for res_id, _month in growing}
        after = defaultdict(Decimal, growing)
        for (res_id, line, month, _kind), (amount, _last) in self._get_held(
            model, res_ids
        ).items():
            if line == line_id and (res_id, month) in growing:
                after[res_id, month] += amount
        # sudo: whoever moves the document need not see who authorised it
        Authorization_sudo = self.env["performance.budget.authorization"].sudo()
        allowed = Authorization_sudo._get_allowed(model, res_ids)
        return all(
            amount
            <= money.exact(allowed.get((res_id, line_id, month), 0.0), money.FINEST)
            for (res_id, month), amount in after.items()
        )
