from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..tools import periods


class PerformanceBudgetYearEnd(models.TransientModel):
    """Ends a budget: what is open goes on in the next one, then it is locked.

    Carrying is an adjustment, so it is decided like any other. What stands in one that
    is not refused is not offered again: running this twice carries nothing twice.
    """

    _name = "performance.budget.year.end"
    _description = "Budget Year-end"
    _rec_name = "budget_id"

    budget_id = fields.Many2one("performance.budget", required=True, readonly=True)
    company_id = fields.Many2one(related="budget_id.company_id")
    currency_id = fields.Many2one(related="budget_id.currency_id")
    next_budget_id = fields.Many2one(
        "performance.budget",
        string="Into",
        domain="[('company_id', '=', company_id), ('state', '=', 'approved'),"
        " ('id', '!=', budget_id)]",
    )
    with_money = fields.Boolean(
        string="Carry the Plan With the Documents",
        default=True,
        help="Off: the next budget bears what is still open from its own plan.",
    )
    document_ids = fields.One2many(
        "performance.budget.year.end.document", "year_end_id", string="Open Documents"
    )
    balance_ids = fields.One2many(
        "performance.budget.year.end.balance", "year_end_id", string="Balances"
    )
    open_adjustment_ids = fields.Many2many(
        "performance.budget.adjustment", compute="_compute_open_adjustment_ids"
    )

    @api.depends("budget_id")
    def _compute_open_adjustment_ids(self):
        for wizard in self:
            wizard.open_adjustment_ids = wizard.budget_id._find_open_adjustments()

    @api.model
    def _open(self, budget):
        """Return the action that shows what is open on the budget."""
        wizard = self.create(
            {
                "budget_id": budget.id,
                "next_budget_id": budget._find_next_budget().id,
            }
        )
        wizard._fill()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Year-end"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "current",
        }

    def action_carry(self):
        """Ask for a carry-forward of what is marked.

        :raise UserError: nothing is marked, or the next budget has no such line
        """
        self.ensure_one()
        self.budget_id._check_can_end()
        if not self.next_budget_id:
            raise UserError(
                self.env._("Approve the next budget first, then carry into it.")
            )
        documents, balances = self._get_marked()
        if not documents and not balances:
            raise UserError(self.env._("Mark what is to be carried."))
        targets = self._get_targets(documents, balances)
        # sudo: the carried documents are for nobody to write; finance, checked above
        adjustment_sudo = (
            self.env["performance.budget.adjustment"]
            .sudo()
            .create(self._prepare_adjustment_vals(documents, balances, targets))
        )
        return adjustment_sudo.sudo(False)._get_records_action()

    def action_prepare_round(self):
        """Open the round of the next budget, filled from the execution of this one."""
        self.ensure_one()
        self.budget_id._check_can_end()
        return self.budget_id._prepare_next_round()._get_records_action()

    def action_close(self):
        """Lock the budget: nothing new is used, what is open keeps what it holds."""
        self.ensure_one()
        self.budget_id.action_close()
        return self.budget_id._get_records_action()

    def _fill(self):
        documents = self.budget_id._find_open_on_lines()
        balances = self.budget_id._find_balances()
        self.write(
            {
                "document_ids": [Command.create(vals) for vals in documents],
                "balance_ids": [Command.create(vals) for vals in balances],
            }
        )

    def _get_marked(self):
        """Return what is marked, with the figures of now and not those shown.

        :return: (values of documents, balances)
        :raise UserError: something is carried already, or no longer open
        """
        still_open = {
            (vals["res_model"], vals["res_id"], vals["line_id"], vals["month"]): vals
            for vals in self.budget_id._find_open_on_lines()
        }
        documents = []
        for document in self.document_ids.filtered("carry"):
            key = (document.res_model, document.res_id)
            vals = still_open.get((*key, document.line_id.id, document.month))
            if not vals:
                raise UserError(
                    self.env._(
                        "“%s” is carried already, or open no more: begin again.",
                        document.name,
                    )
                )
            documents.append(vals)
        balances = self.balance_ids.filtered("amount_carried")
        for line in balances.line_id & self.budget_id._find_carried_lines():
            raise UserError(
                self.env._("What “%s” has left is carried already.", line.display_name)
            )
        if balances.filtered(
            lambda balance: (
                balance.amount_carried < 0
                or balance.line_id.budget_id != self.budget_id
            )
        ):
            raise UserError(self.env._("Carry a part of what the lines have left."))
        return documents, balances

    def _get_targets(self, documents, balances):
        """Return ``{line: line of the next budget}`` with the same key.

        :raise UserError: names every line that has none
        """
        lines = balances.line_id.browse({vals["line_id"] for vals in documents})
        lines |= balances.line_id
        same_key = {
            (line.position_id, line.analytic_key, line.is_reserve): line
            for line in self.next_budget_id.line_ids
        }
        targets = {
            line: same_key.get((line.position_id, line.analytic_key, line.is_reserve))
            for line in lines
        }
        missing = [line.display_name for line, target in targets.items() if not target]
        if missing:
            raise UserError(
                self.env._(
                    "“%(budget)s” has no line for: %(lines)s. Add them by a revision,"
                    " or leave them out.",
                    budget=self.next_budget_id.name,
                    lines=", ".join(missing),
                )
            )
        return targets

    def _prepare_adjustment_vals(self, documents, balances, targets):
        first_month = periods.month_start(self.next_budget_id.date_from)
        legs, carries = [], []
        for vals in documents:
            line = balances.line_id.browse(vals["line_id"])
            target, amount = targets[line], float(vals["amount"])
            carries.append(
                {
                    "company_id": self.company_id.id,
                    "res_model": vals["res_model"],
                    "res_id": vals["res_id"],
                    "document_name": vals["name"],
                    "line_id": line.id,
                    "month": vals["month"],
                    "target_line_id": target.id,
                    "target_month": first_month,
                    "amount": amount,
                    "with_money": self.with_money,
                }
            )
            if self.with_money:
                # Of any month: its own may plan less than the document holds.
                legs += [
                    (line, False, -amount),
                    (target, first_month, amount),
                ]
        for balance in balances:
            amount = balance.amount_carried
            legs += [
                (balance.line_id, False, -amount),
                (targets[balance.line_id], first_month, amount),
            ]
        return {
            "company_id": self.company_id.id,
            "kind": "carry_forward",
            "driver": "plan",
            "requester_id": self.env.uid,
            "reason": self.env._(
                "Year-end: from “%(budget)s” into “%(next)s”",
                budget=self.budget_id.name,
                next=self.next_budget_id.name,
            ),
            "line_ids": [
                Command.create({"line_id": line.id, "month": month, "amount": amount})
                for line, month, amount in legs
            ],
            "carry_ids": [Command.create(vals) for vals in carries],
        }
