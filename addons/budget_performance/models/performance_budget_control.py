from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ..tools import control, money, periods


class PerformanceBudgetControl(models.AbstractModel):
    """Gathers the figures for a decision and takes it."""

    _name = "performance.budget.control"
    _description = "Budget Control"

    @api.model
    def _decide(self, requests, document_type, held=None):
        """Return the decision on a set of requests.

        :param requests: ``{line_id: {month: Decimal}}`` added in company currency
        :param document_type: what asks, to find the rules
        :param held: same shape as ``requests``: what the asking document holds now
            and would give back, for a look ahead
        :return: :class:`~..tools.control.Decision`
        """
        rules = self.env["performance.budget.control.rule"]._get_all()
        usages = []
        for line in self._read_figures(requests):
            bands = self._get_bands(rules, line, document_type)
            taken_back = (held or {}).get(line["id"], {})
            for month, amount in sorted(requests[line["id"]].items()):
                for interval, steps in bands.items():
                    months = set(
                        periods.interval_months(
                            interval, month, line["date_from"], line["date_to"]
                        )
                    )
                    usages.append(
                        control.Usage(
                            line_id=line["id"],
                            interval=interval,
                            planned=_total(line["planned"], months),
                            used=_total(line["used"], months)
                            - _total(taken_back, months),
                            requested=_total(requests[line["id"]], months)
                            if amount > 0
                            else amount,
                            bands=tuple(steps),
                            closed=line["is_closed"],
                        )
                    )
        return control.decide(usages)

    @api.model
    def _read_figures(self, line_ids):
        """Return the lines with planned and used amounts by month, in one query."""
        self.env["performance.budget.allocation"].flush_model()
        lines = {}
        for row in self.env.execute_query(
            SQL(
                """SELECT line.id, line.company_id, position.parent_path,
                          line.analytic_key, budget.date_from, budget.date_to,
                          budget.state, currency.decimal_places, allocation.month,
                          amount_planned,
                          amount_reserved + amount_committed + amount_actual
                     FROM performance_budget_allocation allocation
                     JOIN performance_budget_line line ON line.id = allocation.line_id
                     JOIN performance_budget budget ON budget.id = line.budget_id
                     JOIN performance_budget_position position
                       ON position.id = line.position_id
                     JOIN res_company company ON company.id = line.company_id
                     JOIN res_currency currency ON currency.id = company.currency_id
                    WHERE line.id = ANY(%s)
                 ORDER BY line.id""",
                list(line_ids),
            )
        ):
            line_id, company_id, path, key, first, last, state, places, *month = row
            line = lines.setdefault(
                line_id,
                {
                    "id": line_id,
                    "company_id": company_id,
                    "position_ids": {int(part) for part in path.split("/") if part},
                    "analytic_ids": {int(p) for p in (key or "").split(",") if p},
                    "date_from": first,
                    "date_to": last,
                    "is_closed": state == "closed",
                    "planned": {},
                    "used": {},
                },
            )
            unit = money.unit(places)
            line["planned"][month[0]] = money.exact(month[1], unit)
            line["used"][month[0]] = money.exact(month[2], unit, money.MAX_BOOKED)
        return lines.values()

    @api.model
    def _get_bands(self, rules, line, document_type):
        """Return ``{interval: [Band, …]}`` of the rules that fit the line."""
        bands = defaultdict(list)
        for rule_id, company, position, account, asked_by, interval, steps in rules:
            if (
                (not company or company == line["company_id"])
                and (not position or position in line["position_ids"])
                and (not account or account in line["analytic_ids"])
                and (not asked_by or asked_by == document_type)
            ):
                bands[interval] += [
                    control.Band(Decimal(repr(rate)), action, inclusive, rule_id)
                    for rate, action, inclusive in steps
                ]
        return bands or {"budget": []}


def _total(amounts, months):
    return sum(
        (amount for month, amount in amounts.items() if month in months), Decimal(0)
    )
