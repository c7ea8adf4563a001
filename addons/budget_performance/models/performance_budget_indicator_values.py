from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

from ..tools import indicators, periods

FUND_TYPES = ("asset_cash", "asset_current", "asset_receivable", "asset_prepayments")
INCOME_TYPES = ("income", "income_other")


class PerformanceBudgetIndicator(models.Model):
    """Gathers the figures behind the indicators."""

    _inherit = "performance.budget.indicator"

    @api.model
    def _compute(self, kind, scope, date_from, date_to):
        """Return the indicator of each record: the data source for other addons.

        ``{record id: value}`` with ``None`` where there is nothing to measure: no plan,
        no cost, no benefit set, no work. Shares are parts of one (0.93 = 93 %), ratios
        are times. Only what the user of the environment may read is counted, so a
        measurement that must not depend on who asks calls it with ``sudo()``.

        :param kind: ``execution_rate`` (actual ÷ planned), ``unspent_share`` and
            ``overspent_share`` (of the plan, open documents count as used),
            ``cost_benefit`` (benefit ÷ actual) and ``fund_turnover`` (benefit ÷ mean
            of the funds bound at the end of the months), both of the lines with a
            benefit (of a company, turnover is revenue ÷ mean current assets),
            ``completion`` (done ÷ all tasks of the projects, or the milestone of the
            lines)
        :param scope: records of one of ``res.company``, ``hr.department`` (with the
            departments below), ``account.analytic.account`` (a project or cost
            centre) or ``performance.budget.line``
        :param date_from: first day; whole months count
        :param date_to: last day
        :raise KeyError: unknown kind or scope
        """
        rule = indicators.INDICATORS[kind]
        by_record = self._get_scope_lines(scope, date_from, date_to)
        figures = self._get_figures(by_record, date_from, date_to)
        if scope._name == "res.company" and kind == "fund_turnover":
            for company in scope:
                figures[company.id] = self._get_company_funds(
                    company, date_from, date_to
                )
        return {record_id: rule(found) for record_id, found in figures.items()}

    @api.model
    def _get_lines(self, companies, date_from, date_to):
        """Return the lines of budgets that are or were in force in a period."""
        return self.env["performance.budget.line"].search(
            [
                ("company_id", "in", companies.ids),
                ("budget_id.state", "in", ("approved", "closed")),
                ("budget_id.date_from", "<=", date_to),
                ("budget_id.date_to", ">=", date_from),
                ("is_reserve", "=", False),
            ]
        )

    @api.model
    def _get_scope_lines(self, scope, date_from, date_to):
        """Return ``{record id: lines}``, each with its money counted once."""
        if scope._name == "performance.budget.line":
            return {line.id: line for line in scope}
        companies = scope if scope._name == "res.company" else self.env.companies
        if scope._name != "res.company" and self.env.su:
            companies = companies.search([("id", "!=", False)])
        lines = self._get_lines(companies, date_from, date_to)
        belongs = {
            "res.company": lambda record: lines.filtered(
                lambda line: line.company_id == record
            ),
            "hr.department": lambda record: lines.filtered(
                lambda line: (
                    str(record.id) in (line.department_id.parent_path or "").split("/")
                )
            ),
            "account.analytic.account": lambda record: lines.filtered(
                lambda line: record in line.analytic_account_ids
            ),
        }[scope._name]
        return {record.id: self._count_once(belongs(record)) for record in scope}

    @api.model
    def _count_once(self, lines):
        """Leave out lines that lie inside a pool that is among the lines itself."""
        inside = lines.browse()
        for line in lines:
            # sudo: the way up may pass a pool of somebody else; nothing of it is shown
            pool_sudo = line.sudo().pool_line_id
            while pool_sudo and pool_sudo.id not in lines._ids:
                pool_sudo = pool_sudo.pool_line_id
            if pool_sudo:
                inside |= line
        return lines - inside

    @api.model
    def _get_figures(self, by_record, date_from, date_to):
        """Return ``{record id: Figures}`` of lines in a period."""
        lines = self.env["performance.budget.line"].union(*by_record.values())
        months = periods.months_between(date_from, date_to)
        amounts = defaultdict(lambda: defaultdict(lambda: (0.0, 0.0, 0.0)))
        for line, month, planned, actual, reserved, committed in self.env[
            "performance.budget.allocation"
        ]._read_group(
            [("line_id", "in", lines.ids), ("month", "in", months)],
            ["line_id", "month:month"],
            [
                "amount_planned:sum",
                "amount_actual:sum",
                "amount_reserved:sum",
                "amount_committed:sum",
            ],
        ):
            amounts[line.id][month] = (planned, actual, reserved + committed)
        benefits = lines._get_benefits(date_from, date_to)
        progress = lines._get_progress()
        return {
            record_id: self._add_up(found, months, amounts, benefits, progress)
            for record_id, found in by_record.items()
        }

    @api.model
    def _add_up(self, lines, months, amounts, benefits, progress):
        by_month = [
            [amounts[line.id][month] for line in lines]  # planned, actual, bound
            for month in months
        ]
        sums = [[sum(row[n] for row in rows) for n in range(3)] for rows in by_month]
        linked = [line for line in lines if benefits[line.id] is not None]
        funds, bound, cost = [], 0.0, 0.0
        for month in months:
            for line in linked:
                _planned, actual, open_amount = amounts[line.id][month]
                cost += actual
                bound += actual + open_amount
            funds.append(bound)
        return indicators.Figures(
            planned=sum(row[0] for row in sums),
            actual=sum(row[1] for row in sums),
            bound=sum(row[2] for row in sums),
            benefit=sum(benefits[line.id] for line in linked) if linked else None,
            cost=cost,
            funds=funds,
            done=sum(progress[line.id][0] for line in lines),
            total=sum(progress[line.id][1] for line in lines),
        )

    @api.model
    def _get_company_funds(self, company, date_from, date_to):
        """Return the revenue of a company and its current assets, month by month."""
        self.env["account.move.line"].check_access("read")
        self.env["account.move.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT month.end,
                          -SUM(item.balance) FILTER (
                              WHERE account.account_type = ANY(%(income)s)
                                AND item.date >= %(date_from)s),
                          SUM(item.balance) FILTER (
                              WHERE account.account_type = ANY(%(funds)s))
                     FROM unnest(%(ends)s::date[]) AS month("end")
                     JOIN account_move_line item ON item.date <= month.end
                      AND item.company_id = %(company)s
                      AND item.parent_state = 'posted'
                     JOIN account_account account ON account.id = item.account_id
                 GROUP BY month.end ORDER BY month.end""",
                income=list(INCOME_TYPES),
                funds=list(FUND_TYPES),
                date_from=date_from,
                company=company.id,
                ends=[
                    month + relativedelta(months=1, days=-1)
                    for month in periods.months_between(date_from, date_to)
                ],
            )
        )
        if not rows:
            return indicators.Figures()
        return indicators.Figures(
            benefit=float(rows[-1][1] or 0.0),
            funds=[float(funds or 0.0) for _end, _revenue, funds in rows],
        )
