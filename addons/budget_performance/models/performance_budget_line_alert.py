from odoo import api, fields, models


class PerformanceBudgetLine(models.Model):
    """The alerts of a line and who hears of them."""

    _inherit = "performance.budget.line"

    alert_ids = fields.One2many("performance.budget.alert", "line_id")
    alert_open_count = fields.Integer(compute="_compute_alert_open_count")

    @api.depends("alert_ids.state")
    def _compute_alert_open_count(self):
        counts = dict(
            self.env["performance.budget.alert"]._read_group(
                [("line_id", "in", self.ids), ("state", "=", "open")],
                ["line_id"],
                ["__count"],
            )
        )
        for line in self:
            line.alert_open_count = counts.get(line._origin, 0)

    def action_open_alerts(self):
        """Open the alerts of these lines, past ones included."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "budget_performance.performance_budget_alert_action"
        )
        return {**action, "domain": [("line_id", "in", self.ids)], "context": {}}

    def _get_alerted_users(self):
        """Return the owner, or the finance managers when nobody is."""
        self.ensure_one()
        if self.owner_id.active:
            return self.owner_id
        managers = self.env.ref("budget_performance.group_budget_manager")
        return managers.sudo().all_user_ids.filtered(  # told by the system
            lambda user: user.active and self.company_id in user.company_ids
        )
