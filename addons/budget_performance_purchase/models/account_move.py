from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_budget_handed_over(self):
        # EXTENDS 'budget_performance': what is ordered is held until it is billed
        items_sudo = self.sudo().filtered(lambda move: move.state == "draft").line_ids
        return super()._get_budget_handed_over() + [
            spending._replace(amount=spending.amount - left)
            for line in items_sudo.purchase_line_id
            for spending in line._prepare_budget_spendings()
            for left in [line._get_budget_amount(posting=items_sudo)]
        ]
