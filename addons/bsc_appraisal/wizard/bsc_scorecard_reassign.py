from odoo import fields, models


class BscScorecardReassign(models.TransientModel):
    """Asks who appraises instead, and why."""

    _name = "bsc.scorecard.reassign"
    _description = "Reassign the Appraiser"

    scorecard_ids = fields.Many2many(
        "bsc.scorecard", string="Scorecards", required=True, readonly=True
    )
    appraiser_id = fields.Many2one(
        "res.users",
        string="New Appraiser",
        required=True,
        domain=[("share", "=", False)],
    )
    reason = fields.Text(required=True)

    def action_reassign(self):
        """Hand the scorecards over; the rights are checked on them."""
        self.ensure_one()
        self.scorecard_ids._reassign(self.appraiser_id, self.reason)
        return {"type": "ir.actions.act_window_close"}
