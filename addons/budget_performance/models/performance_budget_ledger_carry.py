from collections import defaultdict
from decimal import Decimal

from odoo import api, models, tools
from odoo.tools import SQL


class PerformanceBudgetLedger(models.AbstractModel):
    """Where documents that were carried into the next budget hold their money."""

    _inherit = "performance.budget.ledger"

    @api.model
    def _get_desired(self, documents, asking_ids):
        # EXTENDS: what is open on a carried line stands on the line it was carried to;
        # what is actual is a fact of its own date and stays
        desired = super()._get_desired(documents, asking_ids)
        if not desired or not self._has_carried():
            return desired
        targets = self._get_carried(documents._name, documents.ids)
        moved = defaultdict(Decimal)
        for (res_id, line_id, month, kind), amount in desired.items():
            place = line_id, month
            if kind != "actual":
                place = targets.get((res_id, line_id, month), place)
            moved[(res_id, *place, kind)] += amount
        return dict(moved)

    @api.model
    @tools.ormcache()
    def _has_carried(self):
        """Tell whether anything was ever carried; if not, nothing is looked up."""
        return bool(
            self.env["performance.budget.adjustment.carry"]
            .sudo()  # asked on behalf of people who cannot read adjustments
            .search_count([], limit=1)
        )

    @api.model
    def _get_carried(self, model, res_ids):
        """Return ``{(res_id, line_id, month): (line_id, month)}`` as applied."""
        self.env["performance.budget.adjustment.carry"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT carry.res_id, carry.line_id, carry.month,
                          carry.target_line_id, carry.target_month
                     FROM performance_budget_adjustment_carry carry
                     JOIN performance_budget_adjustment adjustment
                       ON adjustment.id = carry.adjustment_id
                    WHERE adjustment.state = 'applied'
                      AND carry.res_model = %s AND carry.res_id = ANY(%s)""",
                model,
                list(res_ids),
            )
        )
        return {tuple(row[:3]): tuple(row[3:]) for row in rows}
