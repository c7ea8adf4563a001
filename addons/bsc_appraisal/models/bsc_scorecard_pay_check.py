from odoo import models


class BscScorecard(models.Model):
    """Which raise followed a result, for those who may see pay."""

    _inherit = "bsc.scorecard"

    def _get_raise_percents(self):
        """Return the raise in per cent that followed each result, in sudo.

        Results that no batch looked at are not in it; a raise of zero is.

        :return: ``{scorecard: percent}``
        """
        raises = self.env["bsc.raise"].search(
            [
                ("scorecard_id", "in", self.ids),
                ("kind", "=", "raise"),
                ("state", "in", ("approved", "applied")),
            ]
        )
        return {one.scorecard_id: one.percent for one in raises}
