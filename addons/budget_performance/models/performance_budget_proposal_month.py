from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class PerformanceBudgetProposalMonth(models.Model):
    """One month of a proposed line."""

    _name = "performance.budget.proposal.month"
    _description = "Budget Proposal Month"
    _order = "line_id, month"
    _rec_name = "month"

    line_id = fields.Many2one(
        "performance.budget.proposal.line",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="line_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(required=True, help="First day of the month.")
    amount = fields.Monetary(required=True, default=0.0)

    _line_month_uniq = models.UniqueIndex(
        "(line_id, month)", "A line has each month once."
    )
    _amount_in_range = models.Constraint(
        "CHECK (amount BETWEEN 0 AND 1000000000000)",
        "The amount of a month is zero or more, and below a million million.",
    )

    @api.constrains("month", "line_id")
    def _check_month(self):
        for month in self:
            line = month.line_id
            if month.month not in line._get_months(line.round_id):
                raise ValidationError(
                    self.env._(
                        "%(month)s is no month of “%(round)s”, or not the first day"
                        " of one.",
                        month=month.month,
                        round=line.round_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        months = super().create(vals_list)
        months._check_by_hand()
        return months

    def write(self, vals):
        self._check_by_hand()
        result = super().write(vals)
        self._check_by_hand()
        if "amount" in vals:
            self.line_id._follow_months()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.su:
            raise UserError(
                self.env._("A line keeps all its months: plan zero instead.")
            )

    def _check_by_hand(self):
        """:raise UserError: it is not planned by hand, or was submitted"""
        if self.env.su:
            return
        self.line_id._check_open()
        if self.line_id.filtered(lambda line: line.distribution != "hand"):
            raise UserError(
                self.env._("Choose the distribution “By hand” to change months.")
            )
