from odoo import fields, models


class PerformanceBudgetWorkbookImportProblem(models.TransientModel):
    """One reason why a workbook cannot be imported, and where it stands."""

    _name = "performance.budget.workbook.import.problem"
    _description = "Problem of a Workbook"
    _rec_name = "reason"

    import_id = fields.Many2one(
        "performance.budget.workbook.import",
        required=True,
        index=True,
        ondelete="cascade",
    )
    sheet = fields.Char(readonly=True)
    row = fields.Integer(readonly=True)
    cell = fields.Char(readonly=True)
    reason = fields.Char(readonly=True)
