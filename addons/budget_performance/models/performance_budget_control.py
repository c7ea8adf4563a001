from decimal import Decimal

from odoo import api, models

from ..tools import control, periods


class PerformanceBudgetControl(models.AbstractModel):
    """Gathers the figures for a decision and takes it."""

    _name = "performance.budget.control"
    _inherit = ["performance.budget.function"]
    _description = "Budget Control"

    @api.model
    def _decide(self, requests, document_type, held=None, figures=None):
        """Return the decision on a set of requests.

        :param requests: ``{line_id: {month: Decimal}}`` added in company currency
        :param document_type: what asks, to find the rules
        :param held: same shape as ``requests``: what the asking document holds now
            and would give back, for a look ahead
        :param figures: as :meth:`_read_figures` returns them, when they were read
            under a lock; for more lines than are asked for, as may be
        :return: :class:`~..tools.control.Decision`
        """
        rules = self.env["performance.budget.control.rule"]._get_all()
        usages = []
        if figures is None:
            figures = self._read_figures(requests)
        for line in figures:
            if line["id"] not in requests:
                continue
            asked = requests[line["id"]]
            taken_back = (held or {}).get(line["id"], {})
            for month, amount in sorted(asked.items()):
                bands = control.bands_by_interval(rules, line, document_type, month)
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
                            requested=_total(asked, months) if amount > 0 else amount,
                            bands=steps,
                            closed=line["is_closed"],
                        )
                    )
        return control.decide(usages)


def _total(amounts, months):
    return sum(
        (amount for month, amount in amounts.items() if month in months), Decimal(0)
    )
