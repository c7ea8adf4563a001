from collections import defaultdict
from decimal import Decimal

from odoo import api, models

from ..tools import money, override


class PerformanceBudgetLedger(models.AbstractModel):
    """How an authorisation or an override lets a stopped document pass."""

    _inherit = "performance.budget.ledger"

    @api.model
    def _is_authorized(self, verdict, document_type, changes):
        """Tell whether all that grows on the line may pass what stops it.

        Asked only when something is stopped, so that it costs nothing else. An
        authorisation passes a band that holds; a band that blocks and a closed budget
        are passed by an override only.
        """
        line_id, level = verdict.usage.line_id, override.level_of(verdict)
        grows = False
        for model, rows in changes.rows.items():
            types = changes.alive[model]._get_budget_document_types()
            own = [row for row in rows if types.get(row.res_id) == document_type]
            after = self._get_grown(model, line_id, own)
            if not after:
                continue
            grows = True
            allowed = self._get_allowed(model, {res_id for res_id, _m in after}, level)
            if any(
                amount > allowed.get((res_id, line_id, month), 0)
                for (res_id, month), amount in after.items()
            ):
                return False
        return grows

    @api.model
    def _get_grown(self, model, line_id, rows):
        """Return ``{(res_id, month): Decimal}`` that documents that grow would hold."""
        growing = defaultdict(Decimal)
        for row in rows:
            if row.line_id == line_id:
                growing[row.res_id, row.month] += row.amount
        after = {key: amount for key, amount in growing.items() if amount > 0}
        res_ids = {res_id for res_id, _month in after}
        for (res_id, line, month, _kind), (amount, _last) in self._get_held(
            model, res_ids
        ).items():
            if line == line_id and (res_id, month) in after:
                after[res_id, month] += amount
        return after

    @api.model
    def _get_allowed(self, model, res_ids, level):
        """Return what documents may hold in spite of what stops them.

        :param level: what stands in the way, see :data:`~..tools.override.LEVELS`
        :return: ``{(res_id, line_id, month): Decimal}``
        """
        # sudo: whoever moves the document need not see who let it pass
        Override_sudo = self.env["performance.budget.override"].sudo()
        Authorization_sudo = self.env["performance.budget.authorization"].sudo()
        sources = [Override_sudo._get_allowed(model, res_ids, level)]
        if level == "hold":
            sources.append(Authorization_sudo._get_allowed(model, res_ids))
        allowed = defaultdict(Decimal)
        for source in sources:
            for key, amount in source.items():
                allowed[key] = max(allowed[key], money.exact(amount, money.FINEST))
        return allowed
