from odoo import api, models


class PerformanceBudgetAuthorization(models.Model):
    """What an applied adjustment lets its document hold.

    The levels saw the document and its amount when they gave it the money: it does not
    ask them once more to pass the band that holds. Never above the plan.
    """

    _inherit = "performance.budget.authorization"

    @api.model
    def _get_allowed(self, res_model, res_ids):
        allowed = super()._get_allowed(res_model, res_ids)
        adjustments = self.env["performance.budget.adjustment"].search(
            [
                ("res_model", "=", res_model),
                ("res_id", "in", list(res_ids)),
                ("state", "=", "applied"),
            ]
        )
        in_force = adjustments.filtered(
            lambda adjustment: "applied" not in adjustment.reversal_ids.mapped("state")
        )
        for leg in in_force.line_ids.filtered("amount_document"):
            key = (leg.adjustment_id.res_id, leg.line_id.id, leg.month)
            allowed[key] = max(leg.amount_document, allowed.get(key, 0.0))
        return allowed
