from odoo import api, fields, models
from odoo.exceptions import UserError


class BscOutcome(models.Model):
    """How long a consequence waits, and the decision that there is none."""

    _inherit = "bsc.outcome"

    reason = fields.Text(readonly=True, help="Why there is no consequence.")
    user_id = fields.Many2one("res.users", string="Decided By", readonly=True)
    days_open = fields.Integer(
        compute="_compute_days_open",
        help="Since it was proposed, as long as it is not applied.",
    )

    @api.depends("state", "create_date")
    def _compute_days_open(self):
        today = fields.Date.context_today(self)
        for outcome in self:
            is_open = outcome.state in self._get_open_states() and outcome.create_date
            outcome.days_open = (
                (today - outcome.create_date.date()).days if is_open else 0
            )

    def action_reconsider(self):
        """Take back that a result has no consequence.

        :raise UserError: it is another consequence, his own, or no officer asks
        """
        self.check_access("read")
        for outcome in self:
            if outcome.kind != "none" or outcome.state == "dropped":
                raise UserError(
                    self.env._(
                        "Only the decision that there is no consequence is taken back"
                        " here; open the other consequences to change them."
                    )
                )
            outcome.scorecard_id._check_can_decide_outcome()
        self.sudo().state = "dropped"  # written by nobody else, checked above
