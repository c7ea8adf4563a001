from collections import defaultdict
from dataclasses import replace

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

from ..tools import periods
from ..tools.forecast_outlook import Month

HISTORY_MONTHS = 48


class PerformanceBudgetForecast(models.Model):
    """What is known of budget lines: their months, and what was before their budget.

    A line continues the lines of earlier budgets with the same position and the same
    analytic accounts. For the time before the first of them the posted journal items
    count, so that a company forecasts from its books on the first day.
    """

    _inherit = "performance.budget.forecast"

    @api.model
    def _get_months(self, lines, first_month, date_to):
        """Return the months of the lines in all budgets that were or are in force.

        :param first_month: the first month that is not over; what is open in earlier
            months is added to it
        :return: ``{line id: {month: Month}}``, from the first known one to ``date_to``
        """
        self.env.flush_all()
        found = defaultdict(dict)
        rows = self.env.execute_query(
            SQL(
                """SELECT line.id, allocation.month, SUM(allocation.amount_planned),
                          SUM(allocation.amount_actual),
                          SUM(allocation.amount_reserved + allocation.amount_committed)
                     FROM performance_budget_line line
                     JOIN performance_budget_line same
                       ON same.company_id = line.company_id
                      AND same.position_id = line.position_id
                      AND same.analytic_key = line.analytic_key
                      AND same.is_reserve IS NOT TRUE
                     JOIN performance_budget budget
                       ON budget.id = same.budget_id
                      AND budget.state IN ('approved', 'closed')
                     JOIN performance_budget_allocation allocation
                       ON allocation.line_id = same.id
                    WHERE line.id = ANY(%s) AND allocation.month BETWEEN %s AND %s
                 GROUP BY line.id, allocation.month
                 ORDER BY line.id, allocation.month""",
                lines.ids,
                first_month - relativedelta(months=HISTORY_MONTHS),
                date_to,
            )
        )
        overdue = defaultdict(float)
        for line_id, month, *amounts in rows:
            known = Month(month, *map(float, amounts))
            if month < first_month:
                overdue[line_id] += known.bound
                known = replace(known, bound=0.0)
            found[line_id][month] = known
        for line_id, bound in overdue.items():
            now = found[line_id].get(first_month, Month(first_month))
            found[line_id][first_month] = replace(now, bound=now.bound + bound)
        return found

    @api.model
    def _get_histories(self, lines, first_month, months):
        """Return the actual amounts of the whole months before ``first_month``.

        :param months: what :meth:`_get_months` returned
        :return: a list for each line, oldest first, without a gap
        """
        oldest = first_month - relativedelta(months=HISTORY_MONTHS)
        begins = {
            line.id: min(
                (m for m in months[line.id] if m < first_month), default=first_month
            )
            for line in lines
        }
        booked = self._get_booked_before(lines, oldest, begins)
        histories = []
        for line in lines:
            actual = {**booked[line.id]}
            for month, known in months[line.id].items():
                if month < first_month:
                    actual[month] = known.actual
            # A line begins with its first plan or its first amount.
            start = min(actual, default=first_month)
            histories.append(
                [
                    actual.get(month, 0.0)
                    for month in periods.months_between(
                        start, first_month - relativedelta(days=1)
                    )
                ]
            )
        return histories

    @api.model
    def _get_booked_before(self, lines, oldest, begins):
        """Return what the journals say of the months before lines were budgeted.

        :param begins: ``{line id: first month with a budget}``
        :return: ``{line id: {month: amount}}``
        """
        found = defaultdict(lambda: defaultdict(float))
        by_account = defaultdict(list)
        covered = {
            position: position._get_covered_accounts().ids
            for position in lines.position_id
        }
        for line in lines:
            if begins[line.id] > oldest:
                wanted = (line.id, frozenset(line.analytic_account_ids.ids))
                for account_id in covered[line.position_id]:
                    by_account[account_id].append(wanted)
        if not by_account:
            return found
        until = max(begins.values())
        for account_id, month, key, amount in self.env.execute_query(
            self._booked_query(lines.company_id, list(by_account), oldest, until)
        ):
            parts = frozenset(map(int, key.split(","))) if key else frozenset()
            for line_id, accounts in by_account[account_id]:
                # The row without a key is for the lines of the whole company.
                fits = accounts <= parts if accounts else not parts
                if fits and month < begins[line_id]:
                    found[line_id][month] += float(amount)
        return found

    @api.model
    def _booked_query(self, company, account_ids, oldest, until):
        """Return posted amounts by account, month and key of the distribution.

        A row without a key is the whole amount of the account and month.
        """
        items = SQL(
            """SELECT account_id, date_trunc('month', date)::date AS month, balance,
                      analytic_distribution
                 FROM account_move_line
                WHERE company_id = %s AND account_id = ANY(%s)
                  AND parent_state = 'posted' AND date >= %s AND date < %s""",
            company.id,
            account_ids,
            oldest,
            until,
        )
        return SQL(
            """WITH item AS (%s)
               SELECT account_id, month, NULL AS key, SUM(balance)
                 FROM item GROUP BY account_id, month
                UNION ALL
               SELECT account_id, month, part.key,
                      SUM(balance * part.value::numeric / 100)
                 FROM item
                CROSS JOIN LATERAL jsonb_each_text(analytic_distribution) part
             GROUP BY account_id, month, part.key""",
            items,
        )
