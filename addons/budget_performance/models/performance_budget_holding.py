from odoo import fields, models


class PerformanceBudgetHolding(models.Model):
    """One row for each document that the ledger knows.

    It says nothing; it is there to be written by whoever books for the document, so
    that two transactions cannot do so at once: see ``_append`` of the entries.
    """

    _name = "performance.budget.holding"
    _description = "Document Known to the Budget"
    _log_access = False

    res_model = fields.Char(required=True)
    res_id = fields.Integer(required=True)
    revision = fields.Integer(required=True, default=1)

    _document_uniq = models.UniqueIndex("(res_model, res_id)")
