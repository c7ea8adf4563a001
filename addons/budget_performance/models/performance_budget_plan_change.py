from odoo import api, fields, models
from odoo.tools import SQL


class PerformanceBudgetPlanChange(models.Model):
    """The history of plans in force, and the only code that changes them.

    One row for each month of a line that an adjustment changed, with the plan before
    and after. Rows are never changed; who wants the old plan back makes a
    counter-adjustment.
    """

    _name = "performance.budget.plan.change"
    _description = "Budget Plan Change"
    _inherit = ["performance.budget.append.only"]
    _order = "id desc"
    _log_access = False
    _rec_name = "adjustment_id"

    adjustment_id = fields.Many2one(
        "performance.budget.adjustment",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    line_id = fields.Many2one(
        "performance.budget.line",
        string="Budget Line",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    budget_id = fields.Many2one(
        "performance.budget", required=True, readonly=True, index=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(required=True, readonly=True)
    amount = fields.Monetary(string="Change", required=True, readonly=True)
    amount_before = fields.Monetary(
        string="Before", required=True, readonly=True, aggregator=None
    )
    amount_after = fields.Monetary(
        string="After", required=True, readonly=True, aggregator=None
    )
    user_id = fields.Many2one("res.users", required=True, readonly=True)
    date = fields.Datetime(required=True, readonly=True)

    _once = models.UniqueIndex(
        "(adjustment_id, line_id, month)", "An adjustment changes a month once."
    )
    _adds_up = models.Constraint(
        "CHECK (amount_after = amount_before + amount)", "The history must add up."
    )

    @api.model
    def _change_plan(self, adjustment, deltas):
        """Change months in force and keep what they were, in one statement.

        The caller owns the balances and has checked what the lines use. Nothing else
        writes the plan of a budget in force: the ORM refuses that to everybody.

        :param adjustment: what was approved
        :param deltas: ``{(line_id, month): Decimal}``
        """
        if not deltas:
            return
        self.env["performance.budget.allocation"].flush_model()
        keys = sorted(deltas)
        self.env.cr.execute(
            SQL(
                """WITH delta AS (
                       SELECT * FROM unnest(%s::int[], %s::date[], %s::numeric[])
                           AS row(line_id, month, amount)
                   ), changed AS (
                       UPDATE performance_budget_allocation allocation
                          SET amount_planned = amount_planned + delta.amount
                         FROM delta
                        WHERE allocation.line_id = delta.line_id
                          AND allocation.month = delta.month
                    RETURNING allocation.line_id, allocation.month, delta.amount,
                              allocation.amount_planned AS after
                   )
                   INSERT INTO performance_budget_plan_change (
                          adjustment_id, line_id, budget_id, company_id, month, amount,
                          amount_before, amount_after, user_id, date)
                   SELECT %s, changed.line_id, line.budget_id, line.company_id, month,
                          amount, after - amount, after, %s, %s
                     FROM changed
                     JOIN performance_budget_line line ON line.id = changed.line_id
                 ORDER BY changed.line_id, month""",
                [line_id for line_id, _month in keys],
                [month for _line_id, month in keys],
                [deltas[key] for key in keys],
                adjustment.id,
                self.env.uid,
                fields.Datetime.now(),
            )
        )
        self.env["performance.budget.allocation"].invalidate_model(["amount_planned"])
        self.env["performance.budget.balance"]._replan({line for line, _m in keys})
        adjustment.invalidate_recordset(["change_ids"])
