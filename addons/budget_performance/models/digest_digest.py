from odoo import fields, models
from odoo.exceptions import AccessError

from ..tools import periods

READERS = (
    "budget_performance.group_budget_owner",
    "budget_performance.group_performance_auditor",
)


class DigestDigest(models.Model):
    """Budget figures of the digest; each reader gets those of the lines he may see."""

    _inherit = "digest.digest"

    kpi_budget_alert = fields.Boolean("Budget Lines in Alert")
    kpi_budget_alert_value = fields.Integer(compute="_compute_kpi_budget_alert_value")
    kpi_budget_blocked = fields.Boolean("Budget Lines Blocked")
    kpi_budget_blocked_value = fields.Integer(
        compute="_compute_kpi_budget_blocked_value"
    )
    kpi_budget_spent = fields.Boolean("Spent of This Month's Plan (%)")
    kpi_budget_spent_value = fields.Float(compute="_compute_kpi_budget_spent_value")
    kpi_budget_uncovered = fields.Boolean("Items Spent Outside the Budget")
    kpi_budget_uncovered_value = fields.Integer(
        compute="_compute_kpi_budget_uncovered_value"
    )

    def _compute_kpi_budget_alert_value(self):
        self._count_alerted_lines("kpi_budget_alert_value", [])

    def _compute_kpi_budget_blocked_value(self):
        self._count_alerted_lines(
            "kpi_budget_blocked_value", [("action", "=", "block")]
        )

    def _compute_kpi_budget_spent_value(self):
        self._check_budget_reader(*READERS)
        _start, end, companies = self._get_kpi_compute_parameters()
        day = fields.Date.to_date(end) or fields.Date.context_today(self)
        sums = {
            company: (planned, actual)
            for company, planned, actual in self.env[
                "performance.budget.analysis"
            ]._read_group(
                [
                    ("company_id", "in", companies.ids),
                    ("state", "=", "approved"),
                    ("month", "=", periods.month_start(day)),
                    ("is_reserve", "=", False),
                    ("line_id.pool_line_id", "=", False),
                ],
                ["company_id"],
                ["amount_planned:sum", "amount_actual:sum"],
            )
        }
        for digest in self:
            company = digest.company_id or self.env.company
            planned, actual = sums.get(company, (0.0, 0.0))
            digest.kpi_budget_spent_value = 100 * actual / planned if planned else 0.0

    def _compute_kpi_budget_uncovered_value(self):
        self._check_budget_reader(
            "budget_performance.group_budget_officer",
            "budget_performance.group_performance_auditor",
        )
        self._calculate_company_based_kpi(
            "performance.budget.uncovered",
            "kpi_budget_uncovered_value",
            date_field="date",
        )

    def _compute_kpis_actions(self, company, user):
        # EXTENDS 'digest'
        actions = super()._compute_kpis_actions(company, user)
        menu = self.env.ref("budget_performance.budget_performance_menu_root").id
        for kpi, action in (
            ("kpi_budget_alert", "performance_budget_alert_action"),
            ("kpi_budget_blocked", "performance_budget_alert_action"),
            ("kpi_budget_spent", "performance_budget_analysis_action"),
            ("kpi_budget_uncovered", "performance_budget_uncovered_action"),
        ):
            actions[kpi] = f"budget_performance.{action}?menu_id={menu}"
        return actions

    def _count_alerted_lines(self, name, domain):
        """Set ``name`` to the lines that were over a limit at the end of the period."""
        self._check_budget_reader(*READERS)
        _start, end, companies = self._get_kpi_compute_parameters()
        counts = dict(
            self.env["performance.budget.alert"]._read_group(
                [
                    ("company_id", "in", companies.ids),
                    ("date_crossed", "<", end),
                    "|",
                    ("date_back", "=", False),
                    ("date_back", ">=", end),
                    *domain,
                ],
                ["company_id"],
                ["line_id:count_distinct"],
            )
        )
        for digest in self:
            digest[name] = counts.get(digest.company_id or self.env.company, 0)

    def _check_budget_reader(self, *groups):
        """:raise AccessError: the reader has none of the groups: he gets no figure"""
        if not any(self.env.user.has_group(group) for group in groups):
            raise AccessError(self.env._("This figure is for those who read budgets."))
