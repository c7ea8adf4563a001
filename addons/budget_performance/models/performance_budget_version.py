from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class PerformanceBudgetVersion(models.Model):
    """The plan of a budget as it stood: kept at every approval and every revision.

    Versions are never changed. The present plan is what the last version says plus
    what adjustments changed since.
    """

    _name = "performance.budget.version"
    _description = "Budget Version"
    _order = "budget_id, number desc"
    _log_access = False

    name = fields.Char(required=True, readonly=True)
    budget_id = fields.Many2one(
        "performance.budget",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    number = fields.Integer(required=True, readonly=True)
    adjustment_id = fields.Many2one(
        "performance.budget.adjustment",
        string="Revision",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The revision that made this plan; empty for an approval.",
    )
    user_id = fields.Many2one(
        "res.users", string="Approved By", required=True, readonly=True
    )
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    line_ids = fields.One2many(
        "performance.budget.version.line", "version_id", readonly=True
    )
    amount_planned = fields.Monetary(string="Planned", readonly=True)
    amount_reserve = fields.Monetary(string="Reserve", readonly=True)

    change_ref = fields.Integer(
        readonly=True, help="The last change of the plan that is in this version."
    )

    _number_uniq = models.UniqueIndex(
        "(budget_id, number)", "A budget has each version once."
    )

    # Kept as it was: there is no write to call.
    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("A version is never changed: make a revision."))

    @api.ondelete(at_uninstall=False)
    def _unlink_with_budget_only(self):
        raise UserError(self.env._("A version goes with its budget only."))

    def action_compare(self):
        """Compare with the plan of now, line by line."""
        self.ensure_one()
        self.check_access("read")
        return self.env["performance.budget.version.compare"]._open(
            self.budget_id, self, self.browse()
        )

    @api.model
    def _keep(self, budgets, adjustment=None):
        """Keep the present plan of the budgets, in sudo, with one statement each."""
        self.env["performance.budget.allocation"].flush_model()
        budgets.line_ids.flush_recordset()
        budgets.invalidate_recordset(["amount_planned", "amount_reserve"])
        for budget in budgets:
            last = self.search([("budget_id", "=", budget.id)], limit=1)
            number = last.number + 1
            version = self.create(
                {
                    "name": f"{budget.name} · V{number}",
                    "budget_id": budget.id,
                    "company_id": budget.company_id.id,
                    "number": number,
                    "adjustment_id": adjustment.id if adjustment else False,
                    "user_id": self.env.uid,
                    "change_ref": self._get_last_change(budget),
                    "amount_planned": budget.amount_planned,
                    "amount_reserve": budget.amount_reserve,
                }
            )
            version.flush_recordset()
            names = {line.id: line.display_name for line in budget.line_ids}
            version._copy_plan(names)

    @api.model
    def _get_last_change(self, budget):
        Change = self.env["performance.budget.plan.change"]
        return Change.search([("budget_id", "=", budget.id)], limit=1).id or 0

    def _copy_plan(self, names):
        """Copy every month of the budget's lines."""
        self.env.cr.execute(
            SQL(
                """INSERT INTO performance_budget_version_line (
                          version_id, company_id, line_id, name, position_id,
                          is_reserve, amount_planned, months)
                   SELECT %s, line.company_id, line.id, name.text, line.position_id,
                          line.is_reserve, SUM(allocation.amount_planned),
                          jsonb_object_agg(allocation.month, allocation.amount_planned)
                     FROM performance_budget_line line
                     JOIN unnest(%s::int[], %s::text[]) AS name(line_id, text)
                       ON name.line_id = line.id
                     JOIN performance_budget_allocation allocation
                       ON allocation.line_id = line.id
                    WHERE line.budget_id = %s
                 GROUP BY line.id, name.text""",
                self.id,
                list(names),
                list(names.values()),
                self.budget_id.id,
            )
        )
        self.invalidate_recordset(["line_ids"])
