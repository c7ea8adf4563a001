from odoo import api, models
from odoo.tools import SQL


class PerformanceBudgetProposalLine(models.Model):
    """Months of many lines at once, as a workbook brings them."""

    _inherit = "performance.budget.proposal.line"

    @api.model
    def _write_months(self, amounts):
        """Plan lines by hand with a few statements, however many they are.

        :param amounts: ``{line: {month: Decimal}}``
        """
        lines = self.browse().union(*amounts)
        if not lines:
            return
        lines.check_access("write")
        lines._check_open()
        lines.filtered(lambda line: line.distribution != "hand").write(
            {"distribution": "hand"}
        )
        self.env.flush_all()
        rows = [
            (line.id, month, amount)
            for line, months in amounts.items()
            for month, amount in months.items()
        ]
        self.env.cr.execute(
            SQL(
                """UPDATE performance_budget_proposal_month month
                      SET amount = row.amount, write_uid = %s, write_date = %s
                     FROM unnest(%s::int[], %s::date[], %s::numeric[])
                          AS row(line_id, month, amount)
                    WHERE month.line_id = row.line_id AND month.month = row.month""",
                self.env.uid,
                self.env.cr.now(),
                *([row[place] for row in rows] for place in range(3)),
            )
        )
        self.env["performance.budget.proposal.month"].invalidate_model()
        lines.invalidate_recordset(["month_ids"])
        lines._follow_months()
