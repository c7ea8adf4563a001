from odoo import models


class PerformanceBudget(models.Model):
    """Reports on how a budget is carried out."""

    _inherit = "performance.budget"

    def action_export_execution(self):
        """Download the execution report as an Excel file."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/budget_performance/execution/{self.id}",
            "target": "download",
        }

    def _get_execution(self):
        """Return the figures of the report, see ``performance.budget.execution``."""
        return self.env["performance.budget.execution"]._get_figures(self)
