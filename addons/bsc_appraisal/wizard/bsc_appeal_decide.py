from odoo import fields, models


class BscAppealDecide(models.TransientModel):
    """Asks for the decision on an appeal and the reasons the appellant will read."""

    _name = "bsc.appeal.decide"
    _description = "Decide on an Appeal"

    appeal_id = fields.Many2one("bsc.appeal", required=True, ondelete="cascade")
    appeal_reason = fields.Text(related="appeal_id.reason", string="Reason Given")
    scorecard_id = fields.Many2one(related="appeal_id.scorecard_id")
    company_id = fields.Many2one(related="appeal_id.company_id")
    current_rating_id = fields.Many2one(
        related="scorecard_id.published_rating_id", string="Present Rating"
    )
    vote_summary = fields.Text(related="appeal_id.vote_summary", related_sudo=False)
    outcome = fields.Selection(
        [
            ("accepted", "Accepted"),
            ("partly", "Partly Accepted"),
            ("refused", "Refused"),
        ],
        string="Decision",
        required=True,
    )
    rating_id = fields.Many2one(
        "bsc.grade",
        string="New Rating",
        domain="[('company_id', 'in', (company_id, False))]",
    )
    measurement_id = fields.Many2one(
        "bsc.measurement",
        string="Corrected Figure",
        domain="[('state', '=', 'verified'), ('version', '>', 1),"
        " ('company_id', '=', company_id)]",
        help="The new version of a figure, when one was corrected.",
    )
    reason = fields.Text(string="Reasons", required=True)

    def action_decide(self):
        """Decide; the rights are those of the appeal."""
        self.ensure_one()
        changes = self.outcome != "refused"
        self.appeal_id._decide(
            self.outcome,
            self.reason,
            self.rating_id if changes else None,
            self.measurement_id if changes else None,
        )
        return {"type": "ir.actions.act_window_close"}
