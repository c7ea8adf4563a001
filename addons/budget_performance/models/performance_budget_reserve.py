from odoo import api, fields, models
from odoo.tools import float_round, format_amount


class PerformanceBudget(models.Model):
    """The reserve of a budget: how large it has to be, and what became of it."""

    _inherit = "performance.budget"

    reserve_rate = fields.Float(
        string="Reserve Share",
        compute="_compute_reserve",
        digits=(16, 4),
        help="Of the whole budget, with its reserve, as it was approved.",
    )
    amount_reserve_drawn = fields.Monetary(
        string="Reserve Drawn",
        compute="_compute_reserve",
        help="What adjustments took out of the reserve, less what they put back.",
    )

    @api.depends("line_ids.amount_planned", "line_ids.is_reserve")
    def _compute_reserve(self):
        # sudo: the history of the reserve is summed for those who read the budget
        Change_sudo = self.env["performance.budget.plan.change"].sudo()
        drawn = dict(
            Change_sudo._read_group(
                [("budget_id", "in", self.ids), ("line_id.is_reserve", "=", True)],
                ["budget_id"],
                ["amount:sum"],
            )
        )
        for budget in self:
            taken = -drawn.get(budget._origin, 0.0)
            approved = budget.amount_reserve + taken
            whole = budget.amount_planned + budget.amount_reserve
            budget.amount_reserve_drawn = taken
            budget.reserve_rate = approved / whole if whole else 0.0

    def _get_not_ready_reasons(self):
        # EXTENDS: the reserve is looked at when a budget is submitted and approved
        return super()._get_not_ready_reasons() + self._get_reserve_reasons()

    def _get_reserve_reasons(self):
        """Say how far the reserve is off its bounds, and what would be right."""
        company = self.company_id
        has_reserve = any(self.line_ids.mapped("is_reserve"))
        if not has_reserve and not company.budget_reserve_required:
            return []
        least, largest = (
            company.budget_reserve_min_rate,
            company.budget_reserve_max_rate,
        )
        rate = float_round(self.reserve_rate, precision_digits=4)
        if least <= rate <= largest:
            return []
        return [
            self.env._(
                "“%(budget)s” keeps %(rate)s %% as reserve; your company asks for"
                " %(least)s %% to %(largest)s %%. With the other lines as they are,"
                " plan %(from_amount)s to %(to_amount)s as reserve.",
                budget=self.name,
                rate=_percent(rate),
                least=_percent(least),
                largest=_percent(largest),
                from_amount=self._format_reserve(least),
                to_amount=self._format_reserve(largest),
            )
        ]

    def _format_reserve(self, rate):
        """Return the reserve that makes up the rate, beside the lines there are."""
        amount = self.amount_planned * rate / (1 - rate) if rate < 1 else 0.0
        return format_amount(self.env, amount, self.currency_id)

    def action_approve(self):
        # EXTENDS: nobody should overlook that there is nothing for emergencies
        result = super().action_approve()
        for budget in self.filtered(lambda b: not b.amount_reserve):
            budget._message_log(
                body=self.env._("Approved without a reserve for emergencies.")
            )
        return result


def _percent(rate):
    return f"{rate * 100:.2f}".rstrip("0").rstrip(".")
