from odoo import api, fields, models

BUDGET_READERS = (
    "budget_performance.group_budget_owner,budget_performance.group_performance_auditor"
)


class BscObjective(models.Model):
    """Objectives justify budget lines; who may read a line sees its money here."""

    _inherit = "bsc.objective"

    budget_line_ids = fields.Many2many(
        "performance.budget.line",
        "bsc_objective_budget_line_rel",
        "objective_id",
        "line_id",
        string="Budget Lines",
        check_company=True,
        copy=False,
        groups=BUDGET_READERS,
        help="The money that is planned to reach the objective.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_planned = fields.Monetary(
        string="Planned",
        compute="_compute_amounts",
        groups=BUDGET_READERS,
        help="Of the linked budget lines that you may read.",
    )
    amount_used = fields.Monetary(
        string="Used",
        compute="_compute_amounts",
        groups=BUDGET_READERS,
        help="Reserved, committed and actual of the linked lines that you may read.",
    )

    @api.depends("budget_line_ids.amount_planned", "budget_line_ids.amount_used")
    @api.depends_context("uid")
    def _compute_amounts(self):
        for objective in self:
            # Filtered again: what another user read before may be in the cache.
            lines = objective.budget_line_ids._filtered_access("read").filtered(
                lambda line: line.state in ("approved", "closed")
            )
            # A line inside a linked pool is counted with the pool.
            outer = lines - lines.pool_member_ids
            objective.amount_planned = sum(outer.mapped("amount_planned"))
            objective.amount_used = sum(outer.mapped("amount_used"))
