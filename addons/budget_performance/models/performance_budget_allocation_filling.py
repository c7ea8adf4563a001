from odoo import api, models
from odoo.tools import SQL


class PerformanceBudgetAllocation(models.Model):
    """Many months of drafts at once, with a few statements however many they are.

    Twelve months for each of some thousand lines are too many for one record after
    another: their amounts would ask for the currency each.
    """

    _inherit = "performance.budget.allocation"

    @api.model
    def _create_empty(self, places):
        """Add months in which nothing is planned yet.

        :param places: pairs of line id and month that are not there yet
        """
        if not places:
            return
        lines = self.env["performance.budget.line"].browse(
            dict.fromkeys(line_id for line_id, _month in places)
        )
        self.check_access("create")
        lines.budget_id._check_draft(self.env._("change what it plans"))
        lines.flush_model(["budget_id", "company_id"])
        self.env.cr.execute(
            SQL(
                """INSERT INTO performance_budget_allocation (
                          line_id, company_id, month, amount_planned, amount_reserved,
                          amount_committed, amount_actual,
                          create_uid, create_date, write_uid, write_date)
                   SELECT line.id, line.company_id, place.month, 0, 0, 0, 0,
                          %(user)s, %(now)s, %(user)s, %(now)s
                     FROM unnest(%(lines)s::int[], %(months)s::date[])
                          WITH ORDINALITY AS place(line_id, month, number)
                     JOIN performance_budget_line line ON line.id = place.line_id
                 ORDER BY place.number""",
                user=self.env.uid,
                now=self.env.cr.now(),
                lines=[line_id for line_id, _month in places],
                months=[month for _line_id, month in places],
            )
        )
        lines.invalidate_recordset(["allocation_ids"])
        # sudo: balances have one writer and nobody has rights on them
        self.env["performance.budget.balance"].sudo()._replan(lines.ids)

    @api.model
    def _write_planned(self, amounts):
        """Plan months of drafts.

        :param amounts: ``{(line id, month): Decimal}``
        """
        if not amounts:
            return
        lines = self.env["performance.budget.line"].browse({key[0] for key in amounts})
        lines.check_access("write")
        self.check_access("write")
        lines.budget_id._check_draft(self.env._("change what it plans"))
        self.flush_model()
        keys = sorted(amounts)
        self.env.cr.execute(
            SQL(
                """UPDATE performance_budget_allocation allocation
                      SET amount_planned = row.amount, write_uid = %s,
                          write_date = %s
                     FROM unnest(%s::int[], %s::date[], %s::numeric[])
                          AS row(line_id, month, amount)
                    WHERE allocation.line_id = row.line_id
                      AND allocation.month = row.month
                      AND allocation.amount_planned != row.amount""",
                self.env.uid,
                self.env.cr.now(),
                [line_id for line_id, _month in keys],
                [month for _line_id, month in keys],
                [amounts[key] for key in keys],
            )
        )
        self.invalidate_model(["amount_planned"])
        # sudo: balances have one writer and nobody has rights on them
        self.env["performance.budget.balance"].sudo()._replan(lines.ids)
