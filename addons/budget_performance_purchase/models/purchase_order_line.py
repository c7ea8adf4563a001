from decimal import Decimal

from odoo import api, fields, models

from odoo.addons.budget_performance.tools import money


class PurchaseOrderLine(models.Model):
    _name = "purchase.order.line"
    _inherit = ["purchase.order.line", "performance.budget.document.line"]

    _budget_document_field = "order_id"

    # Stored: what is held does not move because somebody sets up a product anew.
    budget_account_id = fields.Many2one(
        "account.account",
        string="Expense Account",
        compute="_compute_budget_account_id",
        store=True,
        help="Where the bill is expected to be booked.",
    )

    @api.depends("product_id", "company_id", "order_id.fiscal_position_id")
    def _compute_budget_account_id(self):
        for line in self:
            template = line.product_id.product_tmpl_id.with_company(line.company_id)
            accounts = template.get_product_accounts(line.order_id.fiscal_position_id)
            line.budget_account_id = accounts["expense"]

    @api.model
    def _get_budget_fields(self):
        # EXTENDS 'performance.budget.document.line'
        return super()._get_budget_fields() + [
            *("analytic_distribution", "budget_account_id", "product_uom_id"),
            *("discount", "price_unit", "product_qty", "tax_ids"),
        ]

    def _prepare_budget_spendings(self):
        """Return what is ordered and not billed, of each line that has some left."""
        return [
            line.order_id._prepare_spending(
                "committed",
                line.budget_account_id,
                line.order_id._get_budget_date(),
                amount,
                line.analytic_distribution,
            )
            for line in self
            if (amount := line._get_budget_amount())
        ]

    def _get_budget_amount(self, posting=()):
        """Return the cost of what is not billed, at the price of the order.

        Prices of bills do not matter: a quantity that was billed is not held.

        :param posting: journal items that count as posted already
        """
        self.ensure_one()
        ordered = Decimal(repr(self.product_qty))
        if ordered <= 0 or self.order_id.is_budget_closed:
            return Decimal(0)
        billed = Decimal(repr(self._get_billed_quantity(posting)))
        left = min(ordered, max(Decimal(0), ordered - billed))
        base_line = self._prepare_base_line_for_taxes_computation()
        cost = self.order_id._compute_borne_cost(base_line, self.company_id)
        unit = money.unit(self.company_id.currency_id.decimal_places)
        # Decimals all the way: 0.95 of 3,996.50 is 3,796.68, not 3,796.67.
        return money.exact(max(0, money.exact(cost, unit) * left / ordered), unit)

    def _get_billed_quantity(self, posting=()):
        """Return the quantity on posted bills, less that on posted refunds."""
        return sum(
            item.product_uom_id._compute_quantity(
                item.quantity * item.move_id.direction_sign,
                self.product_uom_id,
                round=False,
            )
            for item in self.invoice_lines
            if item.parent_state == "posted" or item in posting
        )
