from odoo import fields, models


class PerformanceBudgetLine(models.Model):
    """A budget line names the objectives that it is planned for."""

    _inherit = "performance.budget.line"

    objective_ids = fields.Many2many(
        "bsc.objective",
        "bsc_objective_budget_line_rel",
        "line_id",
        "objective_id",
        string="Objectives",
        check_company=True,
        help="What of the strategy the money is planned for.",
    )
