from odoo import models

from ..tools import pools


class PerformanceBudgetRound(models.Model):
    """Which proposed lines lie inside which, so that totals count money once."""

    _inherit = "performance.budget.round"

    def _assign_pools(self):
        """Point each current line to the narrowest current line that covers it."""
        # sudo: the pool follows from what is proposed, nobody chooses it
        for round_sudo in self.sudo():
            lines = round_sudo._get_current_lines()
            planned = lines.filtered(lambda line: not line.is_reserve)
            found = pools.nearest_pools(
                pools.Place(
                    line.id,
                    tuple(_get_path(line.position_id)),
                    # a department stands for its cost centre, which may not be there
                    frozenset(line.analytic_account_ids.ids)
                    | frozenset(-part for part in line.department_id.ids),
                )
                for line in planned
            )
            for line in lines:
                pool_id = found.get(line.id) or False
                if line.pool_line_id.id != pool_id:
                    line._write_derived({"pool_line_id": pool_id})


def _get_path(position):
    """Return the ids of a position and its parents, nearest first."""
    return [int(part) for part in reversed(position.parent_path.split("/")) if part]
