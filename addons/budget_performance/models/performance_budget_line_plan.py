from odoo import models
from odoo.exceptions import UserError, ValidationError

from ..tools import distribution, money, periods


class PerformanceBudgetLine(models.Model):
    """How a line plans: its months, and what is missing before it can be approved."""

    _inherit = "performance.budget.line"

    def _check_company(self, fnames=None):
        """Check each thing that lines point to once for each company.

        Thousands of lines share positions, cost centres and owners; which line is named
        in the refusal does not matter.
        """
        if len(self) < 2:
            return super()._check_company(fnames)
        names = [
            name
            for name, field in self._fields.items()
            if field.relational and field.check_company
        ]
        seen = set()
        tell_apart = []
        for line in self.sudo():  # sudo: as the check itself, which reads all of them
            points = {(line.company_id, name, line[name]) for name in names} - seen
            if points:
                seen |= points
                tell_apart.append(line.id)
        return super(PerformanceBudgetLine, self.browse(tell_apart))._check_company(
            fnames
        )

    def _inverse_amount_planned(self):
        planned = {line: line.amount_planned for line in self}
        for line, amount in planned.items():
            line._spread_evenly(amount)

    def _align_months(self):
        """Give every line one allocation for each month of its budget, and no other."""
        missing = []
        surplus = self.env["performance.budget.allocation"]
        for line in self:
            months = periods.months_between(line.date_from, line.date_to)
            known = line.allocation_ids.mapped("month")
            surplus |= line.allocation_ids.filtered(
                lambda a, m=months: a.month not in m
            )
            missing += [(line.id, month) for month in months if month not in known]
        surplus.unlink()
        self.env["performance.budget.allocation"]._create_empty(missing)

    def _spread_evenly(self, amount):
        """Spread a planned total over the months, to the cent."""
        self.ensure_one()
        unit = money.unit(self.currency_id.decimal_places)
        allocations = self.allocation_ids.sorted("month")
        if not allocations:
            raise UserError(self.env._("A budget line needs months to plan on."))
        try:
            total = money.exact(amount, unit)
        except ValueError:
            raise ValidationError(
                self.env._("%s is not an amount that can be planned.", amount)
            ) from None
        parts = distribution.spread_even(total, len(allocations), unit)
        for allocation, part in zip(allocations, parts, strict=True):
            allocation.amount_planned = float(part)

    def _get_not_ready_reasons(self):
        """Return a sentence for each thing that keeps the lines from approval."""
        reasons = []
        for line in self:
            if line.currency_id.compare_amounts(line.amount_planned, 0.0) <= 0:
                reasons.append(
                    self.env._(
                        "“%s”: plan an amount above zero, or delete the line.",
                        line.display_name,
                    )
                )
            if not line.is_reserve and not line.position_id._get_covered_accounts():
                reasons.append(
                    self.env._(
                        "“%(line)s”: position “%(position)s” has no accounts, so"
                        " nothing could ever be charged to it.",
                        line=line.display_name,
                        position=line.position_id.name,
                    )
                )
        return reasons
