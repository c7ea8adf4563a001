from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ..tools import money


class PerformanceBudgetAdjustment(models.Model):
    """How open documents move into the next budget with a carry-forward.

    The worked example of :meth:`_apply_effects`: documents and plan move together or
    not at all.
    """

    _inherit = "performance.budget.adjustment"

    def _get_effect_fingerprint(self):
        return super()._get_effect_fingerprint() + [
            [
                *(carry.res_model, carry.res_id, carry.line_id.id),
                *(carry.target_line_id.id, carry.month.isoformat()),
                *(carry.target_month.isoformat(), carry.with_money),
            ]
            for carry in self.carry_ids.sorted("id")
        ]

    def _get_lines(self):
        # EXTENDS: both sides of what is carried
        carries = self.carry_ids
        return super()._get_lines() | carries.line_id | carries.target_line_id

    def _apply_effects(self):
        super()._apply_effects()
        if not self.carry_ids:
            return
        self.env["performance.budget.cached"]._clear_cached()
        for model, carries in self.carry_ids.grouped("res_model").items():
            # The move itself was approved and checked: no rule holds it.
            self.env["performance.budget.ledger"]._sync(
                {model: self.env[model].browse(sorted(set(carries.mapped("res_id"))))}
            )

    def _read_figures(self):
        # EXTENDS: before it is applied, what is carried counts on the new line already
        figures = super()._read_figures()
        if self.carry_ids:
            known = self.env["performance.budget.control"]._read_figures(
                self._get_lines().ids
            )
            figures = {figure["id"]: figure for figure in known}
            self._move_figures(figures)
        return figures

    def _move_figures(self, figures):
        held = self._get_carried_amounts()
        for carry in self.carry_ids:
            amount = held.get((carry.res_model, carry.res_id, carry.line_id.id), {})
            amount = amount.get(carry.month, Decimal(0))
            source, target = figures[carry.line_id.id], figures[carry.target_line_id.id]
            source["used"][carry.month] -= amount
            target["used"][carry.target_month] += amount

    def _get_carried_amounts(self):
        """Return what the documents hold now where they are carried from.

        :return: ``{(model, id, line_id): {month: Decimal}}``
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT entry.res_model, entry.res_id, entry.line_id, entry.month,
                          SUM(entry.amount)
                     FROM performance_budget_entry entry
                     JOIN performance_budget_adjustment_carry carry
                    USING (res_model, res_id, line_id, month)
                    WHERE carry.adjustment_id = %s AND entry.kind <> 'actual'
                 GROUP BY 1, 2, 3, 4""",
                self.id,
            )
        )
        held = {}
        for model, res_id, line_id, month, amount in rows:
            exact = money.exact(amount, money.FINEST, money.MAX_BOOKED)
            held.setdefault((model, res_id, line_id), {})[month] = exact
        return held

    def _get_carry_forward_reasons(self):
        # EXTENDS: without money, the next budget must have room for what it gets
        reasons = super()._get_carry_forward_reasons()
        figures = self._read_figures()
        deltas = self._get_deltas(figures)
        for line in self.carry_ids.target_line_id:
            figure = figures[line.id]
            planned = sum(figure["planned"].values()) + sum(
                amount
                for (line_id, _month), amount in deltas.items()
                if line_id == line.id
            )
            used = sum(figure["used"].values())
            if used > planned:
                reasons.append(
                    self.env._(
                        "“%(line)s” plans %(planned)s, but %(used)s would be used with"
                        " what is carried: carry the money as well.",
                        line=line.display_name,
                        planned=self._format(planned),
                        used=self._format(used),
                    )
                )
        return reasons
