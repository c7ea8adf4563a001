from odoo import api, fields, models
from odoo.exceptions import UserError


class PerformanceBudgetVersionLine(models.Model):
    """What one line planned in a version, by month."""

    _name = "performance.budget.version.line"
    _description = "Budget Version Line"
    _order = "version_id, name, id"
    _log_access = False

    version_id = fields.Many2one(
        "performance.budget.version",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    # A draft may lose lines after its first approval was taken back; the name stays.
    line_id = fields.Many2one(
        "performance.budget.line",
        string="Budget Line",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    name = fields.Char(string="Line", required=True, readonly=True)
    position_id = fields.Many2one(
        "performance.budget.position", readonly=True, ondelete="set null"
    )
    is_reserve = fields.Boolean(string="Reserve", readonly=True)
    amount_planned = fields.Monetary(string="Planned", readonly=True)
    months = fields.Json(readonly=True, export_string_translation=False)

    # Kept as it was: there is no write to call.
    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("A version is never changed: make a revision."))

    @api.ondelete(at_uninstall=False)
    def _unlink_with_budget_only(self):
        raise UserError(self.env._("A version goes with its budget only."))
