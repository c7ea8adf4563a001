from collections import defaultdict

from odoo import fields, models
from odoo.tools import SQL

from ..tools import money, periods, planning


class PerformanceBudgetProposalLine(models.Model):
    """How the year of a line becomes months, to the cent."""

    _inherit = "performance.budget.proposal.line"

    distribution = fields.Selection(
        [
            ("even", "Even"),
            ("season", "Last year's season"),
            ("hand", "By hand"),
        ],
        required=True,
        default="even",
        help="Even: the same every month. Last year's season: in proportion to what"
        " was booked in each month, for months still to come to what was planned. By"
        " hand: enter the months, they make up the amount.",
    )
    month_ids = fields.One2many(
        "performance.budget.proposal.month", "line_id", string="Months", copy=True
    )

    def _spread(self):
        """Write the months anew, for any number of lines in a few statements.

        A line planned by hand keeps the proportions of its months.
        """
        if not self:
            return
        self.flush_recordset()
        weights = self._get_weights()
        line_ids, months, amounts = [], [], []
        for line in self:
            of_line = self._get_months(line.round_id)
            parts = planning.spread(
                line._get_exact_amount(),
                [weights[line.id].get(month, 0) for month in of_line],
                money.unit(line.currency_id.decimal_places),
            )
            line_ids += [line.id] * len(of_line)
            months += of_line
            amounts += parts
        Month = self.env["performance.budget.proposal.month"]
        Month.flush_model()
        self.env.cr.execute(
            SQL(
                "DELETE FROM performance_budget_proposal_month WHERE line_id = ANY(%s)",
                self.ids,
            )
        )
        self.env.cr.execute(
            SQL(
                """INSERT INTO performance_budget_proposal_month
                          (line_id, company_id, month, amount,
                           create_uid, create_date, write_uid, write_date)
                   SELECT row.line_id, line.company_id, row.month, row.amount,
                          %(uid)s, now() AT TIME ZONE 'UTC',
                          %(uid)s, now() AT TIME ZONE 'UTC'
                     FROM unnest(%(lines)s::int[], %(months)s::date[],
                                 %(amounts)s::numeric[]) row(line_id, month, amount)
                     JOIN performance_budget_proposal_line line
                       ON line.id = row.line_id""",
                uid=self.env.uid,
                lines=line_ids,
                months=months,
                amounts=amounts,
            )
        )
        Month.invalidate_model()
        self.invalidate_recordset(["month_ids"])

    def _follow_months(self):
        """Take the months entered by hand: add missing ones, make up the amount."""
        missing = []
        for line in self:
            known = line.month_ids.mapped("month")
            missing += [
                {"line_id": line.id, "month": month}
                for month in self._get_months(line.round_id)
                if month not in known
            ]
        # sudo: empty months belong to the line, whose rights were checked
        self.env["performance.budget.proposal.month"].sudo().create(missing)
        for line in self:
            total = line.currency_id.round(sum(line.month_ids.mapped("amount")))
            values = {"amount": total}
            if line.quantity and line.unit_price:
                values["quantity"] = 0.0
            if line.currency_id.compare_amounts(total, line.amount):
                line._write_derived(values)
        self._assess()

    def _get_weights(self):
        """Return ``{line id: {month: weight}}``; without any it is spread evenly."""
        weights = defaultdict(dict)
        by_hand = self.filtered(lambda line: line.distribution == "hand")
        for month in by_hand.month_ids:
            weights[month.line_id.id][month.month] = self._exact(month.amount)
        seasonal = self.filtered(lambda line: line.distribution == "season")
        today = fields.Date.context_today(self)
        actual, planned = seasonal._get_base_months()
        for line in seasonal:
            months = self._get_months(line.round_id)
            found = planning.season(
                months,
                actual.get(line.base_line_id.id, {}),
                planned.get(line.base_line_id.id, {}),
                today,
            )
            weights[line.id] = dict(zip(months, found, strict=True))
        return weights

    def _get_base_months(self):
        """Return actual and planned of the lines of last year by month."""
        actual, planned = defaultdict(dict), defaultdict(dict)
        # sudo: the season is that of the department's own line, amounts stay hidden
        months_sudo = (
            self.env["performance.budget.allocation"]
            .sudo()
            .search_fetch(
                [("line_id", "in", self.base_line_id.ids)],
                ["line_id", "month", "amount_planned", "amount_actual"],
            )
        )
        for month in months_sudo:
            actual[month.line_id.id][month.month] = self._exact(month.amount_actual)
            planned[month.line_id.id][month.month] = self._exact(month.amount_planned)
        return actual, planned

    @staticmethod
    def _get_months(budget_round):
        return periods.months_between(budget_round.date_from, budget_round.date_to)

    @staticmethod
    def _exact(amount):
        return money.exact(amount, money.FINEST, money.MAX_BOOKED)
