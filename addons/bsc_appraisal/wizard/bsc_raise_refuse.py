from odoo import fields, models


class BscRaiseRefuse(models.TransientModel):
    """Asks why a batch of raises is refused: who prepared it is told."""

    _name = "bsc.raise.refuse"
    _description = "Refuse Raises"

    batch_id = fields.Many2one("bsc.raise.batch", required=True, ondelete="cascade")
    comment = fields.Text(string="Reason", required=True)

    def action_refuse(self):
        """Refuse with the reason given; the rights are those of the batch."""
        self.batch_id._decide("refused", self.comment)
        return {"type": "ir.actions.act_window_close"}
