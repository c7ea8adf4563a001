from odoo import api, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    @api.constrains(
        "move_id", "parent_state", "product_uom_id", "purchase_line_id", "quantity"
    )
    def _constrain_budget_order(self):
        # sudo: who posts a bill need not see the order
        self.purchase_line_id.order_id.sudo()._mark_for_budget(asking=False)

    @api.ondelete(at_uninstall=True)
    def _unlink_budget_order(self):
        self._constrain_budget_order()

    def write(self, vals):
        # EXTENDS 'budget_performance': the order that a bill leaves has to know
        if {"move_id", "purchase_line_id"} & vals.keys():
            self._constrain_budget_order()
        return super().write(vals)
