from odoo import fields, models


class PerformanceBudgetWorkbookImportLine(models.TransientModel):
    """A line of a plan that a workbook would change."""

    _name = "performance.budget.workbook.import.line"
    _description = "Change by a Workbook"
    _rec_name = "name"

    import_id = fields.Many2one(
        "performance.budget.workbook.import",
        required=True,
        index=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="import_id.currency_id")
    kind = fields.Selection(
        [("new", "New"), ("changed", "Changed"), ("removed", "Removed")],
        string="Change",
        readonly=True,
    )
    name = fields.Char(string="Line", readonly=True)
    row = fields.Integer(readonly=True)
    amount_before = fields.Monetary(string="Before", readonly=True)
    amount_after = fields.Monetary(string="After", readonly=True)
    details = fields.Char(readonly=True)
