from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import money, periods

# Figures of a budget: not for an employee who only asks for money.
READERS = (
    "budget_performance.group_budget_owner,budget_performance.group_performance_auditor"
)


class PerformanceBudgetAdjustmentLine(models.Model):
    """More or less for one budget line, in one month or spread over several."""

    _name = "performance.budget.adjustment.line"
    _description = "Budget Adjustment Line"
    _order = "adjustment_id, id"
    _check_company_auto = True

    _PROTECTED = frozenset({"amount_document", "applied_before", "applied_after"})

    adjustment_id = fields.Many2one(
        "performance.budget.adjustment", required=True, index=True, ondelete="cascade"
    )
    state = fields.Selection(related="adjustment_id.state")
    company_id = fields.Many2one(
        related="adjustment_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    line_id = fields.Many2one(
        "performance.budget.line",
        string="Budget Line",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('state', '=', 'approved')]",
        check_company=True,
    )
    budget_id = fields.Many2one(related="line_id.budget_id", compute_sudo=True)
    month = fields.Date(
        help="Empty: spread over the months that are left; less is taken where there is"
        " room."
    )
    amount = fields.Monetary(required=True, help="More is positive, less is negative.")
    amount_document = fields.Monetary(
        string="For the Document",
        readonly=True,
        copy=False,
        help="What the document may hold on the line in this month: approving the"
        " adjustment also lets it pass the bands that hold, up to the plan.",
    )
    amount_before = fields.Monetary(
        string="Before", compute="_compute_before_after", compute_sudo=True
    )
    amount_after = fields.Monetary(
        string="After", compute="_compute_before_after", compute_sudo=True
    )
    amount_used = fields.Monetary(
        string="Used", compute="_compute_before_after", compute_sudo=True
    )
    applied_before = fields.Monetary(readonly=True, copy=False, groups=READERS)
    applied_after = fields.Monetary(readonly=True, copy=False, groups=READERS)

    _amount_in_range = models.Constraint(
        "CHECK (amount BETWEEN -1000000000000 AND 1000000000000)",
        "An amount is below a million million.",
    )

    @api.depends("line_id", "month", "amount", "adjustment_id.state")
    @api.depends_context("uid")
    def _compute_before_after(self):
        """Show the month, or the year of a leg that is spread, with all its legs."""
        shows = self._shows_figures()
        for leg in self:
            line = leg.line_id
            if not line or not shows:
                leg.amount_before = leg.amount_after = leg.amount_used = 0.0
                continue
            months = line.allocation_ids.filtered(
                lambda a, leg=leg: a.month == leg.month or not leg.month
            )
            applied = leg.adjustment_id.state == "applied"
            before = sum(months.mapped("amount_planned"))
            leg.amount_before = leg.applied_before if applied else before
            leg.amount_after = leg.applied_after if applied else before + leg.amount
            leg.amount_used = sum(
                a.amount_reserved + a.amount_committed + a.amount_actual for a in months
            )

    @api.constrains("month", "line_id")
    def _check_month(self):
        for leg in self.filtered("month"):
            line_sudo = leg.line_id.sudo()  # the dates of its budget, nothing else
            if leg.month not in periods.months_between(
                line_sudo.date_from, line_sudo.date_to
            ):
                raise ValidationError(
                    self.env._(
                        "%(month)s is no month of “%(budget)s”: give the first day of"
                        " one, or leave it empty to spread the amount.",
                        month=leg.month,
                        budget=line_sudo.budget_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            _begin_month(vals)
        legs = super().create(vals_list)
        legs._check_open()
        return legs

    def write(self, vals):
        _begin_month(vals)
        self._check_open()
        result = super().write(vals)
        self._check_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        self._check_open()

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in self._PROTECTED and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def _check_open(self):
        """:raise UserError: it was submitted, or names a line the person cannot see"""
        if self.env.su:
            return
        if self.adjustment_id.filtered(lambda a: a.state != "draft"):
            raise UserError(
                self.env._("It was submitted: send it back before you change it.")
            )
        self.line_id.check_access("read")

    @api.model
    def _shows_figures(self):
        """Tell whether the person who reads may see what a line plans and uses.

        The figures are computed in sudo, for the agreement of those who see one side.
        """
        user = self.env.user
        return any(user.has_group(group) for group in READERS.split(","))

    def _get_exact_amount(self):
        self.ensure_one()
        try:
            return money.exact(self.amount, money.unit(self.currency_id.decimal_places))
        except ValueError:
            raise ValidationError(
                self.env._("%s is not an amount that can be planned.", self.amount)
            ) from None


def _begin_month(vals):
    if vals.get("month"):
        vals["month"] = periods.month_start(fields.Date.to_date(vals["month"]))
