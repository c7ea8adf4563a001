from odoo import api, models

from ..wording import month_label

AMOUNTS = (
    "amount_planned",
    "amount_reserved",
    "amount_committed",
    "amount_actual",
    "amount_available",
)


class PerformanceBudgetExecution(models.AbstractModel):
    """The figures of the execution report: the same for screen, paper and Excel.

    They are what the reader may see: an owner gets the lines that are his.
    """

    _name = "performance.budget.execution"
    _description = "Budget Execution"

    @api.model
    def _get_figures(self, budget):
        """Return lines, months and totals of a budget as plain values.

        Totals and months leave out the reserve and lines inside a pool of the report.

        :return: ``{"lines": [{…}], "months": [{…}], "total": {…}, "reserve": amount}``
        """
        budget.check_access("read")
        # Searched, for the lines of a budget may be cached from another reader.
        lines = self.env["performance.budget.line"].search(
            [("budget_id", "=", budget.id)], order="is_reserve, id"
        )
        spendable = lines.filtered(lambda line: not line.is_reserve)
        counted = self.env["performance.budget.indicator"]._count_once(spendable)
        total = {name: sum(counted.mapped(name)) for name in AMOUNTS}
        total["usage_rate"] = self._get_rate(total)
        return {
            "lines": [
                {
                    "name": line.display_name,
                    "department": line.department_id.name or "",
                    "owner": line.owner_id.name or "",
                    "is_reserve": line.is_reserve,
                    "is_counted": line in counted,
                    "usage_rate": line.usage_rate,
                    **{name: line[name] for name in AMOUNTS},
                }
                for line in lines
            ],
            "months": self._get_months(counted),
            "total": total,
            "reserve": sum(lines.filtered("is_reserve").mapped("amount_planned")),
        }

    @api.model
    def _get_months(self, lines):
        names = (
            "amount_planned",
            "amount_reserved",
            "amount_committed",
            "amount_actual",
        )
        return [
            {
                "month": month,
                "label": month_label(self.env, month),
                **dict(zip(names, amounts, strict=True)),
            }
            for month, *amounts in self.env[
                "performance.budget.allocation"
            ]._read_group(
                [("line_id", "in", lines.ids)],
                ["month:month"],
                [f"{name}:sum" for name in names],
                order="month:month",
            )
        ]

    @api.model
    def _get_rate(self, total):
        planned = total["amount_planned"]
        used = planned - total["amount_available"]
        return used / planned if planned else 0.0
