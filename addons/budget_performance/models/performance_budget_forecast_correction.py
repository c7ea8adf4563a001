from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import money


class PerformanceBudgetForecastCorrection(models.Model):
    """A figure that a person expects instead of the computed one, and why.

    Written once and never changed; the next one for the same month replaces it. It
    holds for later snapshots too, until somebody goes back to the computed figure.
    """

    _name = "performance.budget.forecast.correction"
    _description = "Forecast Correction"
    _order = "id desc"
    _rec_name = "reason"
    _log_access = False

    month_id = fields.Many2one(
        "performance.budget.forecast.month",
        string="Forecast Month",
        required=True,
        index=True,
        ondelete="cascade",
    )
    forecast_line_id = fields.Many2one(
        related="month_id.forecast_line_id", store=True, index=True, precompute=True
    )
    line_id = fields.Many2one(
        related="month_id.line_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="month_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(related="month_id.month", store=True, precompute=True)
    amount_computed = fields.Monetary(
        string="Computed", readonly=True, help="What the correction took the place of."
    )
    amount = fields.Monetary(string="Expected", required=True)
    is_withdrawal = fields.Boolean(
        string="Back to the Computed Figure",
        help="Ends the corrections of this month; the amount above counts no more.",
    )
    reason = fields.Text(required=True)
    user_id = fields.Many2one("res.users", required=True, readonly=True)
    date = fields.Datetime(required=True, readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        self.check_access("create")
        months = self.env["performance.budget.forecast.month"].browse(
            vals.get("month_id") for vals in vals_list if vals.get("month_id")
        )
        months.check_access("read")
        months._check_correctable()
        self._check_amounts(vals_list)
        corrections = super().create(
            [
                {
                    "month_id": vals.get("month_id"),
                    "amount": vals.get("amount"),
                    "is_withdrawal": vals.get("is_withdrawal"),
                    "reason": vals.get("reason"),
                    # Who and when are facts, whatever a client sends.
                    "user_id": self.env.uid,
                    "date": fields.Datetime.now(),
                    "amount_computed": self.env["performance.budget.forecast.month"]
                    .browse(vals.get("month_id"))
                    .amount_computed,
                }
                for vals in vals_list
            ]
        )
        corrections._check_values()
        # sudo: nobody writes a snapshot; that the person may correct was checked
        corrections.sudo()._apply()
        return corrections

    # Append-only: there is no write to call.
    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(
            self.env._("A correction is never changed: make another one instead.")
        )

    # Never copied: there is no copy to call.
    def copy(self, default=None):  # pylint: disable=method-required-super
        raise UserError(self.env._("Correct the month again instead."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A correction is never deleted: make another one."))

    @api.model
    def _check_amounts(self, vals_list):
        """:raise ValidationError: an amount is no number, or beyond all plans"""
        for vals in vals_list:
            try:
                money.exact(vals.get("amount") or 0.0, money.FINEST)
            except (TypeError, ValueError):
                raise ValidationError(
                    self.env._("%s is not an amount.", vals["amount"])
                ) from None

    def _check_values(self):
        """:raise ValidationError: no reason, or less than is known"""
        for correction in self:
            if not (correction.reason or "").strip():
                raise ValidationError(self.env._("Say why you expect another amount."))
            month = correction.month_id
            known = month.amount_actual + month.amount_open
            currency = correction.currency_id
            if (
                not correction.is_withdrawal
                and currency.compare_amounts(correction.amount, max(known, 0.0)) < 0
            ):
                raise ValidationError(
                    self.env._(
                        "%(known)s of this month are booked or bound by open documents"
                        " already: expect that much at least.",
                        known=currency.format(known),
                    )
                )

    def _apply(self):
        """Put the corrected figures into the snapshot they were made in."""
        for correction in self.sorted("id"):
            month = correction.month_id
            withdrawn = correction.is_withdrawal
            month.write(
                {
                    "amount_forecast": month.amount_computed
                    if withdrawn
                    else correction.amount,
                    "correction_id": False if withdrawn else correction.id,
                }
            )
        self.forecast_line_id._update_outlook()

    @api.model
    def _get_valid(self, lines, first_month):
        """Return the corrections that hold for lines from a month on.

        :return: ``{(line id, month): correction}``, without those taken back
        """
        found = {}
        for correction in self.search(
            [("line_id", "in", lines.ids), ("month", ">=", first_month)], order="id"
        ):
            found[correction.line_id.id, correction.month] = correction
        return {
            key: correction
            for key, correction in found.items()
            if not correction.is_withdrawal
        }
