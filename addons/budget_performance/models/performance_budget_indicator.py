from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..tools import indicators, periods

INDICATOR_KIND = [
    ("execution_rate", "Execution rate"),
    ("unspent_share", "Unspent share"),
    ("overspent_share", "Overspent share"),
    ("cost_benefit", "Cost-benefit ratio"),
    ("fund_turnover", "Fund turnover"),
    ("completion", "Project completion"),
]
INDICATOR_SCOPE = [
    ("company", "Company"),
    ("department", "Department"),
    ("project", "Project"),
    ("line", "Budget line"),
]
RATIOS = ("cost_benefit", "fund_turnover")  # times; the others are shares of a whole


class PerformanceBudgetIndicator(models.Model):
    """A budget indicator of a company, department, project or line, by month.

    Each row covers a budget from its first day to the end of one month; a job renews
    the rows of the current month every night and leaves those of the months before.
    """

    _name = "performance.budget.indicator"
    _description = "Budget Indicator"
    _order = "date_to desc, scope, department_id, analytic_account_id, line_id, kind"
    _rec_name = "kind"
    _log_access = False

    kind = fields.Selection(INDICATOR_KIND, required=True, readonly=True, index=True)
    scope = fields.Selection(INDICATOR_SCOPE, required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    department_id = fields.Many2one(
        "hr.department", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    analytic_account_id = fields.Many2one(
        "account.analytic.account",
        string="Project",
        readonly=True,
        ondelete="cascade",
    )
    line_id = fields.Many2one(
        "performance.budget.line",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    date_from = fields.Date(string="From", required=True, readonly=True)
    date_to = fields.Date(string="To", required=True, readonly=True)
    value = fields.Float(digits=(16, 4), readonly=True, aggregator="avg")
    value_text = fields.Char(
        compute="_compute_value_text", string="Shown As", help="Per cent, or times."
    )
    goal_state = fields.Selection(
        [("met", "Met"), ("missed", "Missed"), ("none", "No goal")],
        string="Goal",
        required=True,
        readonly=True,
        help="The unspent and the overspent share keep to the limit in the settings.",
    )
    scope_name = fields.Char(compute="_compute_scope_name", string="Of")

    _value_is_number = models.Constraint(
        "CHECK (value = value AND abs(value) < 1000000000000)",
        "An indicator is a finite number.",
    )

    @api.depends("kind", "value")
    def _compute_value_text(self):
        for row in self:
            if row.kind in RATIOS:
                row.value_text = f"{row.value:.2f} ×"
            else:
                row.value_text = f"{row.value:.1%}"

    @api.depends("scope", "department_id", "analytic_account_id", "line_id")
    def _compute_scope_name(self):
        for row in self:
            about = row.line_id or row.analytic_account_id or row.department_id
            row.scope_name = (about or row.company_id).display_name

    def action_refresh(self):
        """Compute the indicators of the current companies anew.

        :raise AccessError: for anybody but finance
        """
        if not self.env.user.has_group("budget_performance.group_budget_officer"):
            raise AccessError(self.env._("Indicators are computed by finance."))
        for company in self.env.companies:
            # sudo: nobody has the right to write a value; the group was checked
            self.sudo()._refresh(company)
        return self.env["ir.actions.act_window"]._for_xml_id(
            "budget_performance.performance_budget_indicator_action"
        )

    @api.model
    def _cron_refresh(self):
        """Renew the values of this month, company by company."""
        companies = self.env["performance.budget"]._read_group(
            [("state", "=", "approved")], ["company_id"]
        )
        for done, (company,) in enumerate(companies, start=1):
            self._refresh(company)
            self.env["ir.cron"]._commit_progress(
                processed=1, remaining=len(companies) - done
            )

    @api.model
    def _refresh(self, company):
        """Replace the values of a company for its budgets up to this month."""
        self.env.cr.flush()  # the ledger follows this transaction's documents first
        today = fields.Date.context_today(self)
        until = periods.month_end(today)
        budgets = self.env["performance.budget"].search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "approved"),
                ("date_from", "<=", today),
                ("date_to", ">=", today),
            ]
        )
        self.search([("company_id", "=", company.id), ("date_to", "=", until)]).unlink()
        values = []
        for date_from in sorted(set(budgets.mapped("date_from"))):
            for scope, records in self._get_scopes(company, date_from, until).items():
                for kind in indicators.INDICATORS:
                    found = self._compute(kind, records, date_from, until)
                    values += [
                        self._get_values(company, kind, scope, record_id, value)
                        | {"date_from": date_from, "date_to": until}
                        for record_id, value in found.items()
                        if value is not None
                    ]
        return self.create(values)

    @api.model
    def _get_values(self, company, kind, scope, record_id, value):
        met = indicators.is_met(kind, value, company.budget_unspent_goal / 100)
        return {
            "kind": kind,
            "scope": scope,
            "company_id": company.id,
            "department_id": record_id if scope == "department" else False,
            "analytic_account_id": record_id if scope == "project" else False,
            "line_id": record_id if scope == "line" else False,
            "value": value,
            "goal_state": "none" if met is None else "met" if met else "missed",
        }

    @api.model
    def _get_scopes(self, company, date_from, date_to):
        """Return what has lines in a period: ``{scope: records}``."""
        lines = self._get_lines(company, date_from, date_to)
        centres = lines.department_id.cost_centre_id
        departments = lines.department_id
        return {
            "company": company,
            "department": departments | departments.parent_id,
            "project": lines.analytic_account_ids - centres,
            "line": lines,
        }
