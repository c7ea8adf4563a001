from odoo import models


class PerformanceBudgetAdjustment(models.Model):
    """How an adjustment is handed back to be changed."""

    _inherit = "performance.budget.adjustment"

    def _return(self, comment):
        """Send it back to be changed: no decision of this round counts any more.

        :raise UserError: the person has nothing to decide on it
        """
        for adjustment in self:
            adjustment._check_can_decide()
            adjustment_sudo = adjustment.sudo()  # checked above
            adjustment_sudo._record_decision("returned", comment)
            adjustment_sudo.activity_unlink(["mail.mail_activity_data_todo"])
            adjustment_sudo.state = "draft"
            adjustment_sudo._tell_requester(
                self.env._(
                    "%(adjustment)s was sent back: %(comment)s",
                    adjustment=adjustment.name,
                    comment=comment,
                )
            )
