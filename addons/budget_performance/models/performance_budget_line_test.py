from odoo import fields, models


class PerformanceBudgetLine(models.Model):
    """How the rules of a line are tried out."""

    _inherit = "performance.budget.line"

    def action_test_rules(self):
        """Open the rule tester with a spending that this line would be charged with."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "budget_performance.performance_budget_rule_test_action"
        )
        key = ",".join(map(str, sorted(self.analytic_account_ids.ids)))
        today = fields.Date.context_today(self)
        day = min(max(today, self.date_from), self.date_to)
        return {
            **action,
            "context": {
                "default_company_id": self.company_id.id,
                "default_account_id": self.position_id._get_covered_accounts()[:1].id,
                "default_analytic_distribution": {key: 100.0} if key else False,
                "default_date": fields.Date.to_string(day),
            },
        }
