from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import periods


class PerformanceBudgetAllocation(models.Model):
    """One month of a budget line: what is planned and what it holds."""

    _name = "performance.budget.allocation"
    _description = "Budget Allocation"
    _order = "month, line_id"
    _rec_name = "month"

    _PROTECTED = frozenset({"amount_reserved", "amount_committed", "amount_actual"})

    line_id = fields.Many2one(
        "performance.budget.line", required=True, index=True, ondelete="cascade"
    )
    budget_id = fields.Many2one(related="line_id.budget_id")
    company_id = fields.Many2one(
        related="line_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(required=True, help="First day of the month.")
    amount_planned = fields.Monetary(string="Planned", required=True, default=0.0)
    amount_reserved = fields.Monetary(
        string="Reserved", required=True, default=0.0, copy=False, readonly=True
    )
    amount_committed = fields.Monetary(
        string="Committed", required=True, default=0.0, copy=False, readonly=True
    )
    amount_actual = fields.Monetary(
        string="Actual", required=True, default=0.0, copy=False, readonly=True
    )
    amount_available = fields.Monetary(
        string="Available", compute="_compute_amount_available"
    )

    _line_month_uniq = models.UniqueIndex(
        "(line_id, month)", "A budget line has each month once."
    )
    _planned_in_range = models.Constraint(
        "CHECK (amount_planned >= 0 AND amount_planned <= 1000000000000)",
        "A planned amount is zero or more, and below a million million.",
    )
    _open_not_negative = models.Constraint(
        "CHECK (amount_reserved >= 0 AND amount_committed >= 0)",
        "A month cannot hold a negative reservation.",
    )

    @api.depends(
        "amount_planned", "amount_reserved", "amount_committed", "amount_actual"
    )
    def _compute_amount_available(self):
        for allocation in self:
            allocation.amount_available = (
                allocation.amount_planned
                - allocation.amount_reserved
                - allocation.amount_committed
                - allocation.amount_actual
            )

    @api.constrains("month", "line_id")
    def _check_month(self):
        for allocation in self:
            line = allocation.line_id
            if allocation.month not in periods.months_between(
                line.date_from, line.date_to
            ):
                raise ValidationError(
                    self.env._(
                        "%(month)s is outside “%(budget)s” (%(first)s to %(last)s), or"
                        " not the first day of a month.",
                        month=allocation.month,
                        budget=line.budget_id.name,
                        first=line.date_from,
                        last=line.date_to,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        allocations = super().create(vals_list)
        allocations._check_plan_open()
        allocations._replan()
        return allocations

    def write(self, vals):
        plan_changes = {"amount_planned", "month", "line_id"} & vals.keys()
        if plan_changes:
            self._check_plan_open()
        result = super().write(vals)
        if plan_changes:
            self._replan()
        return result

    def unlink(self):
        self._check_plan_open()
        lines = self.line_id
        result = super().unlink()
        # sudo: the sums behind the lines are nobody's to write
        self.env["performance.budget.balance"].sudo()._replan(lines.ids)
        return result

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in self._PROTECTED and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def _check_plan_open(self):
        self.line_id.budget_id._check_draft(self.env._("change what it plans"))

    def _replan(self):
        # sudo: the sums behind the lines are nobody's to write
        self.env["performance.budget.balance"].sudo()._replan(self.line_id.ids)
