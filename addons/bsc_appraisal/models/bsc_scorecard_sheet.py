from odoo import models
from odoo.exceptions import UserError


class BscScorecard(models.Model):
    """Scorecards to take away: on paper and in Excel."""

    _inherit = "bsc.scorecard"

    # One worksheet each: more is a list, which the list view exports.
    _MAX_SHEETS = 200

    def action_export_excel(self):
        """Download the scorecards as an Excel file, with what the person may read."""
        self.check_access("read")
        if len(self) > self._MAX_SHEETS:
            raise UserError(
                self.env._(
                    "An Excel file holds at most %(most)s scorecards, one worksheet"
                    " each; you chose %(count)s. Choose fewer, or export the list.",
                    most=self._MAX_SHEETS,
                    count=len(self),
                )
            )
        return {
            "type": "ir.actions.act_url",
            "url": f"/bsc_appraisal/scorecards/{','.join(map(str, self.ids))}",
            "target": "download",
        }

    def _get_sheets(self):
        """Return what the printed scorecards show, see ``bsc.scorecard.sheet``."""
        return self.env["bsc.scorecard.sheet"]._get_figures(self)
