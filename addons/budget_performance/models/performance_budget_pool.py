from odoo import models

from ..tools import pools


class PerformanceBudget(models.Model):
    """Which lines of a budget are pools of others."""

    _inherit = "performance.budget"

    def _assign_pools(self):
        """Point each line to the narrowest line of its budget that covers it."""
        # sudo: the pool follows from what a line plans, nobody chooses it
        for budget_sudo in self.sudo():
            lines = budget_sudo.line_ids.filtered(lambda line: not line.is_reserve)
            places = [
                pools.Place(
                    line.id,
                    tuple(_get_path(line.position_id)),
                    frozenset(line.analytic_account_ids.ids),
                )
                for line in lines
            ]
            found = pools.nearest_pools(places)
            for line in budget_sudo.line_ids:
                pool_id = found.get(line.id) or False
                if line.pool_line_id.id != pool_id:
                    line.pool_line_id = pool_id


def _get_path(position):
    """Return the ids of a position and its parents, nearest first."""
    return [int(part) for part in reversed(position.parent_path.split("/")) if part]
