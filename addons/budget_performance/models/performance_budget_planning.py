from odoo import fields, models


class PerformanceBudget(models.Model):
    """A budget knows the round that it was agreed in."""

    _inherit = "performance.budget"

    round_id = fields.Many2one(
        "performance.budget.round",
        string="Agreed In",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    _round_uniq = models.UniqueIndex(
        "(round_id) WHERE round_id IS NOT NULL", "A round makes one budget."
    )

    def _has_field_access(self, field, operation):
        # EXTENDS: the system says where a budget comes from
        if operation == "write" and field.name == "round_id" and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def action_open_round(self):
        """Open the round that the budget was agreed in."""
        self.ensure_one()
        self.check_access("read")
        return self.round_id._get_records_action()
