from odoo import fields, models

# A version names every line; owners see their own lines only.
READERS = (
    "budget_performance.group_budget_officer,"
    "budget_performance.group_performance_auditor"
)


class PerformanceBudget(models.Model):
    """When the plan of a budget is kept, and how versions are compared."""

    _inherit = "performance.budget"

    version_ids = fields.One2many(
        "performance.budget.version",
        "budget_id",
        readonly=True,
        copy=False,
        groups=READERS,
    )
    version_count = fields.Integer(
        compute="_compute_version_count", string="Versions", groups=READERS
    )

    def _compute_version_count(self):
        counts = dict(
            self.env["performance.budget.version"]._read_group(
                [("budget_id", "in", self.ids)], ["budget_id"], ["__count"]
            )
        )
        for budget in self:
            budget.version_count = counts.get(budget._origin, 0)

    def action_approve(self):
        # EXTENDS: what was approved is kept, whatever is adjusted later
        result = super().action_approve()
        # sudo: versions are kept by the system only
        self.env["performance.budget.version"].sudo()._keep(self.sudo())
        return result

    def action_compare_versions(self):
        """Compare two versions of the budget, or one with the plan of now."""
        self.ensure_one()
        self.check_access("read")
        versions = self.version_ids.sorted("number")
        return self.env["performance.budget.version.compare"]._open(
            self, versions[-1:], versions.browse()
        )
