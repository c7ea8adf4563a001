from odoo import models

from ..tools import distribution, ledger, money


class HrExpense(models.Model):
    """What a claim tells the ledger: kind, account, month and amount."""

    _inherit = "hr.expense"

    def _get_budget_spendings(self):
        return [
            spending
            for expense in self
            if (kind := expense._get_budget_kind())
            and (spending := expense._prepare_budget_spending(kind))
        ]

    def _get_budget_obstacles(self):
        return [
            obstacle
            for expense in self
            if expense._get_budget_kind() and (obstacle := expense._get_obstacle())
        ]

    def _get_budget_source_states(self):
        # never the bare state of a claim that is not spent: RPC can write it
        return {
            expense.id: expense.state
            if expense._is_budget_spent()
            else expense.approval_state or "draft"
            for expense in self
        }

    def _find_for_backfill(self, budget, accounts):
        return self.search(
            [
                ("company_id", "=", budget.company_id.id),
                ("approval_state", "in", ("submitted", "approved")),
                ("date", ">=", budget.date_from),
                ("date", "<=", budget.date_to),
                ("account_id", "in", accounts.ids),
            ]
        )

    def _get_budget_kind(self):
        """Return what the claim holds in its present state, or None.

        The approval and the journal entry count, never ``state`` alone, which RPC can
        write.
        """
        self.ensure_one()
        if self._is_budget_spent():
            return None
        return {"submitted": "reserved", "approved": "committed"}.get(
            self.approval_state
        )

    def _is_budget_spent(self):
        """Tell whether a posted journal item says that it comes from the claim."""
        self.ensure_one()
        move = self.account_move_id
        return move.state == "posted" and self in move.line_ids.expense_id

    def _prepare_budget_spending(self, kind):
        """Return the claim as one spending, None when it has no date or no figures."""
        self.ensure_one()
        if not self.date:
            return None
        try:
            amount = money.exact(
                self._get_budget_amount(),
                money.unit(self.company_currency_id.decimal_places),
            )
            keys = distribution.parse(self.analytic_distribution)
        except ValueError:
            return None
        return ledger.Spending(
            self.id or self._origin.id,
            kind,
            self.company_id.id,
            self.account_id.id,
            self.date,
            amount,
            keys,
        )

    def _get_obstacle(self):
        """Return why the claim cannot be judged, None when it can."""
        self.ensure_one()
        if not self.date:
            return self.env._(
                "“%s” has no date, so it has no budget. Enter the expense date.",
                self.display_name,
            )
        if not self._prepare_budget_spending("reserved"):
            return self.env._(
                "“%s”: the amount or the analytic distribution cannot be used.",
                self.display_name,
            )
        if not self._has_budget_rate():
            return self.env._(
                "“%(claim)s”: there is no exchange rate for %(currency)s, so the"
                " budget cannot be checked. Ask the finance department for a rate.",
                claim=self.display_name,
                currency=self.currency_id.name,
            )
        return None

    def _get_budget_amount(self):
        """Return what the company bears, in its currency: no recoverable tax."""
        self.ensure_one()
        if self.company_currency_id.is_zero(self.tax_amount):
            return self.total_amount
        reps = self.tax_ids.flatten_taxes_hierarchy().invoice_repartition_line_ids
        if reps.filtered(lambda r: r.repartition_type == "tax" and not r.account_id):
            return self.total_amount - self.tax_amount + self._get_borne_tax()
        return self.total_amount - self.tax_amount

    def _get_borne_tax(self):
        """Return the tax that is booked on the expense account itself."""
        Tax = self.env["account.tax"]
        base_line = self._prepare_base_line_for_taxes_computation(
            price_unit=self.total_amount,
            quantity=1.0,
            currency_id=self.company_currency_id,
            rate=1.0,
        )
        Tax._add_tax_details_in_base_lines([base_line], self.company_id)
        Tax._round_base_lines_tax_details([base_line], self.company_id)
        Tax._add_accounting_data_in_base_lines_tax_details([base_line], self.company_id)
        return sum(
            rep["tax_amount"]
            for tax_data in base_line["tax_details"]["taxes_data"]
            for rep in tax_data["tax_reps_data"]
            if not rep["tax_rep"].account_id
        )

    def _has_budget_rate(self):
        """Tell whether a foreign amount was converted, not taken over one to one.

        Odoo uses the rate one for a currency without any; an amount that somebody
        entered himself needs none.
        """
        self.ensure_one()
        if self.currency_id == self.company_currency_id or (
            self.company_currency_id.compare_amounts(
                self.total_amount, self.total_amount_currency
            )
        ):
            return True
        return bool(
            self.env["res.currency.rate"]
            .sudo()  # an employee may not read the rates of his company
            .search_count(
                [
                    ("currency_id", "=", self.currency_id.id),
                    ("company_id", "in", (False, self.company_id.root_id.id)),
                ],
                limit=1,
            )
        )
