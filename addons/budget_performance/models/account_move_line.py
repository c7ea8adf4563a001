from odoo import api, fields, models


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

    def _prepare_budget_spendings(self):
        """Return each item as a spending of its entry."""
        return [
            line.move_id._prepare_spending(
                "actual",
                line.account_id,
                line.move_id.date or fields.Date.context_today(line),
                amount,
                line.analytic_distribution,
            )
            for line in self
            if line.account_id and (amount := line._get_budget_amount())
        ]

    def _get_budget_amount(self):
        """Return what the item books, in the currency of the company.

        While a bill is typed its items have no balance yet: then it is their price.
        """
        self.ensure_one()
        is_typed = not self.id and self.display_type == "product"
        if not is_typed or not self.move_id.is_invoice(include_receipts=True):
            return self.balance
        # Tax that is borne is added when Odoo saves the bill and makes its tax items.
        return self.move_id.direction_sign * self.price_subtotal / self.currency_rate
