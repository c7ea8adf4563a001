from odoo import api, models


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "performance.budget.document"]

    # Who asked for a bill wanted to post it; one that is let pass waits for somebody.
    _budget_continues_overridden = False

    @api.depends(
        "date",
        "line_ids.account_id",
        "line_ids.analytic_distribution",
        "line_ids.balance",
        "invoice_line_ids.price_subtotal",
    )
    def _compute_alerts(self):
        # EXTENDS 'account'
        return super()._compute_alerts()

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

    def action_post(self):
        # EXTENDS 'account': the button asks for the dialog
        drafts = self.filtered(lambda move: move.state == "draft")
        return drafts._ask_budget_ahead() or super().action_post()

    def _continue_authorized(self):
        # EXTENDS 'performance.budget.document': in the rights of who wanted to post it
        self.filtered(lambda move: move.state == "draft").action_post()

    def _get_alerts(self):
        # EXTENDS 'account': what the budget says to a draft
        return {**super()._get_alerts(), **(self._get_budget_alerts() or {})}

    def _get_budget_stage(self):
        # EXTENDS 'performance.budget.document': a draft of what the budget controls
        self.ensure_one()
        controlled = self._get_budget_document_type()
        return "ahead" if controlled and self.state == "draft" else None

    def _get_budget_document_types(self):
        # EXTENDS 'performance.budget.document'
        return {move._origin.id: move._get_budget_document_type() for move in self}

    def _get_budget_document_type(self):
        """Return what the entry is to the rules, None when it is only followed.

        The entry of a claim is a claim, which has asked before. What is made by
        payments, statements, exchange rates or cash basis is nobody's wish.
        """
        self.ensure_one()
        if self.is_purchase_document(include_receipts=True):
            return "expense" if self.line_ids.expense_id else "bill"
        if self.move_type != "entry":
            return None
        if self.line_ids.expense_id:
            return "expense"
        made_by_odoo = (
            self.origin_payment_id
            or self.statement_line_id
            or self.tax_cash_basis_origin_move_id
            or self.journal_id == self.company_id.currency_exchange_journal_id
        )
        return None if made_by_odoo else "entry"

    def _get_budget_beneficiaries(self):
        # EXTENDS 'performance.budget.document'
        return self.invoice_user_id

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
