from odoo import api, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    @api.constrains(
        "account_id",
        "analytic_distribution",
        "balance",
        "date",
        "expense_id",
        "move_id",
        "parent_state",
    )
    def _constrain_budget(self):
        posted = self.filtered(lambda line: line.parent_state == "posted")
        posted.move_id._mark_for_budget()
        # sudo: who posts need not see the claims
        posted.expense_id.sudo()._mark_for_budget(asking=False)

    @api.ondelete(at_uninstall=True)
    def _unlink_release_budget(self):
        posted = self.filtered(lambda line: line.parent_state == "posted")
        posted.move_id._mark_for_budget()
        posted.expense_id.sudo()._mark_for_budget(asking=False)  # see above

    def write(self, vals):
        # EXTENDS 'account': the constraint sees the new owner of an item only
        if {"expense_id", "move_id"} & vals.keys():
            self.move_id._mark_for_budget()
            self.expense_id.sudo()._mark_for_budget(asking=False)  # see above
        return super().write(vals)
