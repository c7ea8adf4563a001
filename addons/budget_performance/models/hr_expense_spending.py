from odoo import fields, models

from ..tools import money


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

    def _get_budget_spendings_ahead(self):
        # EXTENDS 'performance.budget.document': as if they were submitted
        return [
            spending
            for expense in self
            if (spending := expense._prepare_budget_spending("reserved"))
        ]

    def _get_budget_obstacles_ahead(self):
        # EXTENDS 'performance.budget.document'
        return [text for expense in self if (text := expense._get_obstacle())]

    def _get_budget_stage(self):
        # EXTENDS 'performance.budget.document': a claim asks as long as it is a draft
        self.ensure_one()
        if (
            not self.date
            or not self.account_id
            or self.company_currency_id.compare_amounts(self.total_amount, 0.0) <= 0
        ):
            return None
        if not self.approval_state:
            return "ahead"
        return "taken" if self._get_budget_kind() else None

    # pylint: disable-next=unused-argument
    def _is_budget_expected(self, spending):
        # EXTENDS 'performance.budget.document': whatever it is, people ask for it
        return True

    def _get_budget_beneficiaries(self):
        # EXTENDS 'performance.budget.document'
        return self.employee_id.user_id

    def _get_budget_entry_domain(self):
        # EXTENDS 'performance.budget.document': with their journal entries
        return list(
            fields.Domain(super()._get_budget_entry_domain())
            | fields.Domain("res_model", "=", "account.move")
            & fields.Domain("res_id", "in", self.account_move_id.ids)
        )

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
            spending = self._prepare_spending(
                kind,
                self.account_id,
                self.date,
                self._get_budget_amount(),
                self.analytic_distribution,
            )
        except ValueError:
            return None
        return spending if abs(spending.amount) <= money.MAX_AMOUNT else None

    def _get_obstacle(self):
        """Return why the claim cannot be judged, None when it can."""
        self.ensure_one()
        if not self.date:
            return self.env._(
                "“%s” has no date, so it has no budget. Enter the expense date.",
                self.display_name,
            )
        spending = self._prepare_budget_spending("reserved")
        if not spending:
            return self.env._(
                "“%s”: the amount or the analytic distribution cannot be used.",
                self.display_name,
            )
        if spending.amount <= 0:
            return self.env._(
                "“%s”: the amount must be above zero to be checked against the budget.",
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
        if (
            self.payment_mode == "company_account"
            and self.currency_id != self.company_currency_id
        ):
            return self._get_cost_of_payment()
        reps = self.tax_ids.flatten_taxes_hierarchy().invoice_repartition_line_ids
        if reps.filtered(lambda r: r.repartition_type == "tax" and not r.account_id):
            return self.total_amount - self.tax_amount + self._get_borne_tax()
        return self.total_amount - self.tax_amount

    def _get_cost_of_payment(self):
        """Return what a payment of the company in another currency will book.

        Odoo converts each tax and books the rest.
        """
        base_line = self._prepare_base_line_for_taxes_computation(
            price_unit=self.total_amount_currency,
            quantity=1.0,
            rate=abs(self.total_amount_currency / self.total_amount),
        )
        claimed = self._compute_tax_by_bearer(base_line, self.company_id)[1]
        return self.total_amount - claimed

    def _get_borne_tax(self):
        """Return the tax that is booked on the expense account itself."""
        base_line = self._prepare_base_line_for_taxes_computation(
            price_unit=self.total_amount,
            quantity=1.0,
            currency_id=self.company_currency_id,
            rate=1.0,
        )
        return self._compute_borne_tax(base_line, self.company_id)

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
