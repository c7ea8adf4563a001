from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .bsc_bonus import PAY


class BscPayRange(models.Model):
    """What a full-time post is paid: minimum, midpoint and maximum, from a day on.

    A range belongs to some posts (a pay grade); one without posts stands for every
    post that has none of its own.
    """

    _name = "bsc.pay.range"
    _description = "Pay Range"
    _inherit = ["bsc.finite.mixin"]
    _order = "name, date_from desc, id"
    _check_company_auto = True

    _FINITE = ("amount_min", "amount_mid", "amount_max")

    name = fields.Char(string="Pay Grade", required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    job_ids = fields.Many2many(
        "hr.job",
        "bsc_pay_range_job_rel",
        "range_id",
        "job_id",
        string="Posts",
        check_company=True,
        help="Empty: every post without a range of its own.",
    )
    period = fields.Selection(
        [("month", "Month"), ("year", "Year")], required=True, default="month"
    )
    amount_min = fields.Monetary(string="Minimum", required=True, groups=PAY)
    amount_mid = fields.Monetary(string="Midpoint", required=True, groups=PAY)
    amount_max = fields.Monetary(string="Maximum", required=True, groups=PAY)
    date_from = fields.Date(
        string="Valid From", required=True, default=lambda self: fields.Date.today()
    )
    date_to = fields.Date(string="Valid Until", help="Empty: until the next one.")

    _amounts = models.Constraint(
        "CHECK (amount_min >= 0 AND amount_mid > 0 AND amount_min <= amount_mid"
        " AND amount_mid <= amount_max)",
        "The minimum is at most the midpoint, and the midpoint at most the maximum.",
    )
    _dates = models.Constraint(
        "CHECK (date_from <= date_to)", "A range cannot end before it begins."
    )

    @api.constrains("job_ids", "company_id", "date_from", "date_to", "active")
    def _check_one_at_a_time(self):
        for pay in self.filtered("active"):
            others = self.search(
                [
                    ("company_id", "=", pay.company_id.id),
                    ("id", "!=", pay.id),
                    (
                        "date_from",
                        "<=",
                        pay.date_to or fields.Date.to_date("9999-12-31"),
                    ),
                    "|",
                    ("date_to", "=", False),
                    ("date_to", ">=", pay.date_from),
                    ("job_ids", "in", pay.job_ids.ids or [False]),
                ]
            )
            # An open range ends where the next one of the same posts begins.
            clash = others.filtered(
                lambda other, pay=pay: (
                    other.date_from == pay.date_from or (other.date_to and pay.date_to)
                )
            )
            if clash:
                raise ValidationError(
                    self.env._(
                        "“%(range)s” and “%(other)s” hold for the same posts at the"
                        " same time: end one before the other begins.",
                        range=pay.name,
                        other=clash[0].name,
                    )
                )

    @api.model
    def _find_by_job(self, company, day):
        """Return ``{job id or False: range}`` in force on a day; the latest counts."""
        ranges = self.search(
            [
                ("company_id", "=", company.id),
                ("date_from", "<=", day),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", day),
            ],
            order="date_from, id",
        )
        return {
            job_id: pay for pay in ranges for job_id in (pay.job_ids.ids or [False])
        }

    def _get_monthly(self):
        """Return (minimum, midpoint, maximum) of a month."""
        self.ensure_one()
        months = 12 if self.period == "year" else 1
        return tuple(
            amount / months
            for amount in (self.amount_min, self.amount_mid, self.amount_max)
        )
