from odoo import fields, models
from odoo.exceptions import UserError


class PerformanceBudgetYearEndDocument(models.TransientModel):
    """A document that still holds money on a line when its budget ends."""

    _name = "performance.budget.year.end.document"
    _description = "Open Document at Year-end"
    _order = "line_id, month, id"

    year_end_id = fields.Many2one(
        "performance.budget.year.end", required=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="year_end_id.currency_id")
    carry = fields.Boolean(default=True)
    name = fields.Char(string="Document", readonly=True)
    res_model = fields.Char(readonly=True)
    res_id = fields.Integer(readonly=True)
    line_id = fields.Many2one("performance.budget.line", readonly=True)
    month = fields.Date(readonly=True)
    kind = fields.Selection(
        [("reserved", "Reserved"), ("committed", "Committed")], readonly=True
    )
    amount = fields.Monetary(readonly=True)

    def action_open_document(self):
        """Open the document, in the rights of who asks."""
        self.ensure_one()
        self.check_access("read")
        document = self.env[self.res_model].browse(self.res_id).exists()
        if not document:
            raise UserError(self.env._("“%s” was deleted since.", self.name))
        return document._get_records_action()
