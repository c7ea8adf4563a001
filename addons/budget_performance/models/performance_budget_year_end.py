from collections import Counter
from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL


class PerformanceBudget(models.Model):
    """How a budget ends: what is open, what goes on, and who may open it again.

    A closed budget takes nothing new: a late claim is blocked and says so; finance
    dates it into the open year or reopens the budget. What is booked late in its
    months follows the books, as a fact; what was carried holds the next budget.
    """

    _inherit = "performance.budget"

    def action_year_end(self):
        """Show what is open and what is left, to carry it on and to close."""
        self.ensure_one()
        self._check_can_end()
        return self.env["performance.budget.year.end"]._open(self)

    def action_close(self):
        # EXTENDS: an adjustment that is on its way could not be applied any more
        for budget in self:
            waiting = budget._find_open_adjustments()
            if waiting:
                raise UserError(
                    self.env._(
                        "“%(budget)s” cannot be closed while these are open:"
                        " %(adjustments)s. Have them applied or cancelled first.",
                        budget=budget.name,
                        adjustments=", ".join(waiting.mapped("name")),
                    )
                )
        return super().action_close()

    def action_reopen(self):
        """Ask why; then the budget takes new use again.

        :raise UserError: without the right to reopen, or it is not closed
        """
        self.ensure_one()
        self._check_can_reopen()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "budget_performance.performance_budget_reopen_action"
        )
        return {**action, "context": {"default_budget_id": self.id}}

    def _reopen(self, reason):
        """Put a closed budget back into force and keep why."""
        self.ensure_one()
        self._check_can_reopen()
        if not (reason or "").strip():
            raise ValidationError(self.env._("Say why the budget is opened again."))
        self.check_access("read")
        budget_sudo = self.sudo()  # protected, the right was checked above
        budget_sudo.env["performance.budget.balance"]._own(self.line_ids.ids)
        budget_sudo.state = "approved"
        self.env["performance.budget.cached"]._clear_cached()
        budget_sudo.message_post(
            body=self.env._("Reopened: %s", reason), subtype_xmlid="mail.mt_note"
        )

    def _check_can_reopen(self):
        if not self.env.user.has_group("budget_performance.group_budget_reopen"):
            raise UserError(
                self.env._("Only those with the right to reopen budgets can do this.")
            )
        self.check_access("write")
        if self.state != "closed":
            raise UserError(self.env._("“%s” is not closed.", self.name))

    def _check_can_end(self):
        self.check_access("write")
        if not self.env.user.has_group("budget_performance.group_budget_officer"):
            raise UserError(self.env._("Only a finance officer can do this."))
        if self.state != "approved":
            raise UserError(
                self.env._("“%s” is not in force: there is nothing to end.", self.name)
            )

    def _find_open_adjustments(self):
        """Return the adjustments on their way to a line of these budgets."""
        # sudo: what stops a closing is named to whoever closes
        Adjustment_sudo = self.env["performance.budget.adjustment"].sudo()
        return Adjustment_sudo.search(
            [
                ("line_ids.line_id.budget_id", "in", self.ids),
                ("state", "in", ("submitted", "approved")),
            ]
        )

    def _find_next_budget(self):
        """Return the budget in force that goes on where this one ends.

        It was planned from this one, or else has most of its lines; one that has none
        of them, as that of raises, goes on with nothing.
        """
        self.ensure_one()
        following = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "approved"),
                ("date_from", "=", self.date_to + timedelta(days=1)),
            ]
        )
        keys = self._get_line_keys()
        shared = {
            budget: (
                budget.round_id.base_budget_id == self,
                len(keys & budget._get_line_keys()),
            )
            for budget in following
        }
        fitting = following.filtered(lambda budget: any(shared[budget]))
        return max(fitting, key=shared.get, default=self.browse())

    def _get_line_keys(self):
        return {
            (line.position_id, line.analytic_key, line.is_reserve)
            for line in self.line_ids
        }

    def _find_open_on_lines(self):
        """Return the values of what documents still hold and nobody carries yet."""
        self.ensure_one()
        self.env["performance.budget.entry"].flush_model()
        self.env["performance.budget.adjustment.carry"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT entry.res_model, entry.res_id, MAX(entry.document_name),
                          entry.line_id, entry.month, entry.kind, SUM(entry.amount)
                     FROM performance_budget_entry entry
                    WHERE entry.budget_id = %s
                      AND entry.kind IN ('reserved', 'committed')
                      AND NOT EXISTS (
                          SELECT FROM performance_budget_adjustment_carry carry
                            JOIN performance_budget_adjustment adjustment
                              ON adjustment.id = carry.adjustment_id
                           WHERE carry.res_model = entry.res_model
                             AND carry.res_id = entry.res_id
                             AND carry.line_id = entry.line_id
                             AND carry.month = entry.month
                             AND adjustment.state NOT IN ('refused', 'cancelled'))
                 GROUP BY entry.res_model, entry.res_id, entry.line_id, entry.month,
                          entry.kind
                   HAVING SUM(entry.amount) > 0
                 ORDER BY entry.line_id, entry.month, entry.res_model, entry.res_id""",
                self.id,
            )
        )
        names = ("res_model", "res_id", "name", "line_id", "month", "kind", "amount")
        return [dict(zip(names, row, strict=True)) for row in rows]

    def _find_balances(self):
        """Return the values of what lines have left and nobody carries yet.

        Lines inside a pool are left out: what they did not use is in what their pool
        did not use, and would be carried twice.
        """
        carried = self._find_carried_lines()
        return [
            {"line_id": line.id, "amount_left": line.amount_available}
            for line in self.line_ids - carried
            if not line.pool_line_id
            and line.currency_id.compare_amounts(line.amount_available, 0.0) > 0
        ]

    def _find_carried_lines(self):
        """Return the lines whose balance stands in a carry-forward already.

        What a line gives for its documents is no balance.
        """
        going = self.env["performance.budget.adjustment"].search(
            [
                ("line_ids.line_id.budget_id", "in", self.ids),
                ("kind", "=", "carry_forward"),
                ("state", "not in", ("refused", "cancelled")),
            ]
        )
        given = Counter()
        for leg in going.line_ids.filtered(lambda leg: leg.amount < 0):
            given[leg.line_id] -= leg.amount
        for carry in going.carry_ids.filtered("with_money"):
            given[carry.line_id] -= carry.amount
        return self.line_ids.filtered(
            lambda line: line.currency_id.compare_amounts(given[line], 0.0) > 0
        )
