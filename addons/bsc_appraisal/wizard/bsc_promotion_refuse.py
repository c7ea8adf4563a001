from odoo import fields, models


class BscPromotionRefuse(models.TransientModel):
    """Asks why a promotion is refused: who proposed it is told."""

    _name = "bsc.promotion.refuse"
    _description = "Refuse a Promotion"

    promotion_ids = fields.Many2many(
        "bsc.promotion", relation="bsc_promotion_refuse_rel", required=True
    )
    comment = fields.Text(string="Reason", required=True)

    def action_refuse(self):
        """Refuse with the reason given; the rights are those of the promotion."""
        self.promotion_ids._decide("refused", self.comment)
        return {"type": "ir.actions.act_window_close"}
