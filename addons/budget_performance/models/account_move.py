from odoo import api, models

from ..tools import distribution, ledger, money


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "performance.budget.document"]

    @api.constrains("state", "date", "company_id")
    def _constrain_budget(self):
        self._mark_for_budget()
        # A claim is spent or open again when its entry is; its own fields may not
        # change with it. sudo: who posts an entry need not see the claims.
        self.sudo().expense_ids._mark_for_budget(asking=False)

    @api.ondelete(at_uninstall=True)
    def _unlink_release_budget(self):
        self._mark_for_budget(deleted=True)
        self.sudo().expense_ids._mark_for_budget(asking=False)  # see _constrain_budget

    def _get_budget_spendings(self):
        spendings = []
        for line in self.filtered(lambda move: move.state == "posted").line_ids:
            unit = money.unit(line.company_currency_id.decimal_places)
            if line.account_id and line.balance:
                spendings.append(
                    ledger.Spending(
                        line.move_id.id,
                        "actual",
                        line.company_id.id,
                        line.account_id.id,
                        line.date,
                        money.exact(line.balance, unit, money.MAX_BOOKED),
                        distribution.parse(line.analytic_distribution),
                    )
                )
        return spendings

    def _get_budget_source_states(self):
        return {move.id: move.state for move in self}

    def _find_for_backfill(self, budget, accounts):
        items = self.env["account.move.line"]._read_group(
            [
                ("company_id", "=", budget.company_id.id),
                ("parent_state", "=", "posted"),
                ("date", ">=", budget.date_from),
                ("date", "<=", budget.date_to),
                ("account_id", "in", accounts.ids),
            ],
            ["move_id"],
        )
        return self.browse(move.id for (move,) in items)
