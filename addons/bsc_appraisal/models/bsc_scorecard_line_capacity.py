from odoo import models

from ..tools.scorecard_guards import over_capacity


class BscScorecardLine(models.Model):
    """How far a target may go beyond what was assessed as possible."""

    _inherit = "bsc.scorecard.line"

    def _get_excess(self, value, capacity) -> float:
        """Return by how many percent a new target asks for too much, 0.0 for fair ones.

        A card may have been agreed with a target that high, with open eyes: what goes
        no farther than that is fair.
        """
        self.ensure_one()
        present = self._as_guarded()
        asked = over_capacity(present._replace(target=value, capacity=capacity or None))
        agreed = over_capacity(present) or 0.0
        if asked is None or asked <= max(self.cycle_id.over_capacity, agreed):
            return 0.0
        return asked
