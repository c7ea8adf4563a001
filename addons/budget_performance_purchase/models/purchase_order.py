from odoo import api, fields, models


class PurchaseOrder(models.Model):
    _name = "purchase.order"
    _inherit = ["purchase.order", "performance.budget.document"]

    _budget_document_type = "order"

    is_budget_closed = fields.Boolean(
        string="Remainder Closed",
        copy=False,
        tracking=True,
        help="What was not billed will not come: the budget has it back.",
    )

    @api.model
    def _get_budget_fields(self):
        # EXTENDS 'performance.budget.document'
        own = ["state", "date_order", "date_approve", "currency_rate"]
        return super()._get_budget_fields() + own + ["is_budget_closed"]

    @api.model
    def _get_budget_alert_fields(self):
        # EXTENDS 'performance.budget.document'
        Line = self.env["purchase.order.line"]
        names = [*Line._get_budget_fields(), "price_subtotal"]
        return self._get_budget_fields() + [f"order_line.{name}" for name in names]

    def button_confirm(self):
        # EXTENDS 'purchase': what is blocked stays a draft, what is held is to approve
        check = self._ask_budget_ahead()
        if check and self._look_ahead().action == "block":
            return check
        result = super().button_confirm()
        return check or result

    def button_approve(self, force=False):
        # EXTENDS 'purchase'
        return self._ask_budget_ahead() or super().button_approve(force=force)

    def action_ask_budget(self):
        """Open the dialog of orders that the budget holds; approve them otherwise."""
        return self._check_budget_ahead() or self.button_approve()

    def action_close_remainder(self):
        """Give back what will not be billed; called again, hold it again."""
        for order in self:
            order.is_budget_closed = not order.is_budget_closed

    def _confirmation_error_message(self):
        # EXTENDS 'purchase'
        return super()._confirmation_error_message() or self._get_refusal_ahead("block")

    def _approval_allowed(self):
        # EXTENDS 'purchase'
        return super()._approval_allowed() and not self._get_refusal_ahead("hold")

    def _continue_authorized(self):
        # EXTENDS 'performance.budget.document'
        self.filtered(lambda order: order.state == "to approve").button_approve()

    def _get_budget_stage(self):
        # EXTENDS 'performance.budget.document'
        if self.state in ("draft", "sent", "to approve"):
            return "ahead" if self.order_line else None
        return "taken" if self._get_budget_spendings() else None

    def _get_budget_spendings(self):
        ordered = self.filtered(lambda order: order.state == "purchase")
        return ordered.order_line._prepare_budget_spendings()

    def _get_budget_spendings_ahead(self):
        # EXTENDS 'performance.budget.document'
        alive = self.filtered(lambda order: order.state != "cancel")
        return alive.order_line._prepare_budget_spendings()

    def _get_budget_date(self):
        """Return the day whose month holds the order: when it was confirmed.

        From then on the company is bound, and nobody moves it as suppliers move the
        delivery. In UTC, so that it is one day for every reader.
        """
        confirmed = self.state == "purchase" and (self.date_approve or self.date_order)
        return (confirmed or fields.Datetime.now()).date()

    def _get_budget_source_states(self):
        # EXTENDS 'performance.budget.document': what a bill took, a refund brings back
        asking = self.env["performance.budget.ledger"]._get_asking(self)
        return super()._get_budget_source_states() | {
            order.id: "billed" for order in self - asking if order.state == "purchase"
        }

    def _get_budget_beneficiaries(self):
        # EXTENDS 'performance.budget.document'
        return self.user_id

    def _find_for_backfill(self, budget, accounts):
        domain = [
            ("company_id", "=", budget.company_id.id),
            ("state", "=", "purchase"),
            ("budget_account_id", "in", accounts.ids),
        ]
        return self.env["purchase.order.line"].search(domain).order_id
