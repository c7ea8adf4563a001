from odoo import fields, models


class BscOutcomeNone(models.TransientModel):
    """Asks why results have no consequence."""

    _name = "bsc.outcome.none"
    _description = "Decide on No Consequence"

    scorecard_ids = fields.Many2many(
        "bsc.scorecard",
        relation="bsc_outcome_none_rel",
        string="Results",
        required=True,
    )
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Note it on each of the results; their rights are checked there."""
        self.scorecard_ids._decide_no_outcome(self.reason)
        return {"type": "ir.actions.act_window_close"}
