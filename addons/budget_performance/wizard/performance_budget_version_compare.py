from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class PerformanceBudgetVersionCompare(models.TransientModel):
    """Compares two plans of a budget line by line; without a second one, with now."""

    _name = "performance.budget.version.compare"
    _description = "Compare Budget Versions"
    _rec_name = "version_id"

    budget_id = fields.Many2one("performance.budget", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="budget_id.currency_id")
    version_id = fields.Many2one(
        "performance.budget.version",
        string="From",
        required=True,
        domain="[('budget_id', '=', budget_id)]",
        ondelete="cascade",
    )
    other_version_id = fields.Many2one(
        "performance.budget.version",
        string="To",
        domain="[('budget_id', '=', budget_id)]",
        ondelete="cascade",
        help="Empty: the plan of now.",
    )
    only_changed = fields.Boolean(string="Changed Lines Only", default=True)
    line_ids = fields.One2many(
        "performance.budget.version.compare.line",
        "compare_id",
        compute="_compute_line_ids",
    )

    @api.depends("version_id", "other_version_id", "only_changed")
    def _compute_line_ids(self):
        for compare in self:
            rows = compare._get_rows() if compare.version_id else []
            compare.line_ids = [Command.clear()] + [
                Command.create(row)
                for row in rows
                if row["amount_change"] or not compare.only_changed
            ]

    @api.model
    def _open(self, budget, version, other):
        if not version:
            raise UserError(
                self.env._(
                    "“%s” has no version yet: one is kept when it is approved.",
                    budget.name,
                )
            )
        compare = self.create(
            {
                "budget_id": budget.id,
                "version_id": version.id,
                "other_version_id": other.id,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Compare Versions"),
            "res_model": self._name,
            "res_id": compare.id,
            "view_mode": "form",
            "target": "current",
        }

    def _get_rows(self):
        """Return the values of a line for each budget line in either plan."""
        before = self._get_plan(self.version_id)
        after = self._get_plan(self.other_version_id)
        rows = []
        for key in {**before, **after}:
            name, planned = before.get(key, ("", 0.0))
            other_name, other_planned = after.get(key, ("", 0.0))
            rows.append(
                {
                    "name": other_name or name,
                    "amount_before": planned,
                    "amount_after": other_planned,
                    "amount_change": self.currency_id.round(other_planned - planned),
                }
            )
        return sorted(rows, key=lambda row: row["name"])

    def _get_plan(self, version):
        """Return ``{key: (name, planned)}`` of a version, or of now without one."""
        if version:
            return {
                line.line_id.id or line.name: (line.name, line.amount_planned)
                for line in version.line_ids
            }
        return {
            line.id: (line.display_name, line.amount_planned)
            for line in self.budget_id.line_ids
        }
