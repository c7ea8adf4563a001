from odoo import fields, models


class PerformanceBudgetDocumentRecord(models.AbstractModel):
    """What is kept about a document of one company, with the name that it had."""

    _name = "performance.budget.document.record"
    _description = "Record About a Budget Document"
    _inherit = ["performance.budget.document.reference"]

    document_name = fields.Char(string="Document", required=True, readonly=True)
    res_model = fields.Char(string="Document Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Document ID", model_field="res_model", required=True, readonly=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
