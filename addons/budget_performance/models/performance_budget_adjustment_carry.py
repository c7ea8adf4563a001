from odoo import fields, models


class PerformanceBudgetAdjustmentCarry(models.Model):
    """One document whose open amount moves from a line to that of the next budget.

    Once its adjustment is applied, the ledger books what the document holds on the old
    line in that month on the new one instead: see the ledger's ``_get_desired``.
    """

    _name = "performance.budget.adjustment.carry"
    _description = "Carried Budget Document"
    _order = "adjustment_id, id"
    _log_access = False
    _rec_name = "document_name"

    adjustment_id = fields.Many2one(
        "performance.budget.adjustment",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(related="adjustment_id.state", store=True)
    res_model = fields.Char(string="Document Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Document ID", model_field="res_model", required=True, readonly=True
    )
    document_name = fields.Char(string="Document", readonly=True)
    line_id = fields.Many2one(
        "performance.budget.line",
        string="From Line",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    month = fields.Date(string="From Month", required=True, readonly=True)
    target_line_id = fields.Many2one(
        "performance.budget.line",
        string="To Line",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    target_month = fields.Date(string="To Month", required=True, readonly=True)
    amount = fields.Monetary(required=True, readonly=True)
    with_money = fields.Boolean(
        readonly=True, help="The plan moves along; else the new budget bears it."
    )

    _once = models.UniqueIndex(
        "(res_model, res_id, line_id, month)"
        " WHERE state NOT IN ('refused', 'cancelled')",
        "This document is carried already.",
    )
