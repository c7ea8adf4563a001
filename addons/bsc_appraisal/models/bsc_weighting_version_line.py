from odoo import api, fields, models
from odoo.exceptions import UserError


class BscWeightingVersionLine(models.Model):
    """One weight of a version, with the AHP value beside it."""

    _name = "bsc.weighting.version.line"
    _description = "Weight of a Version"
    _inherit = ["bsc.finite.mixin"]
    _order = "version_id, id"
    _rec_name = "criterion_id"

    _OPEN = frozenset({"weight"})
    _FINITE = ("weight",)

    version_id = fields.Many2one(
        "bsc.weighting.version", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="version_id.company_id", store=True, precompute=True, index=True
    )
    criterion_id = fields.Many2one(
        "bsc.weighting.criterion", required=True, index=True, ondelete="restrict"
    )
    ahp_weight = fields.Float(string="AHP (%)", digits=(5, 2), readonly=True)
    weight = fields.Float(string="Weight (%)", digits=(5, 2))
    is_manual = fields.Boolean(
        string="By Hand", compute="_compute_is_manual", store=True
    )

    _weight_range = models.Constraint(
        "CHECK (weight BETWEEN 0 AND 100)", "A weight lies between 0 and 100 %."
    )

    @api.depends("weight", "ahp_weight")
    def _compute_is_manual(self):
        for line in self:
            line.is_manual = round(line.weight - line.ahp_weight, 2) != 0

    def write(self, vals):
        if not self.env.su and any(one.version_id.state != "draft" for one in self):
            raise UserError(
                self.env._(
                    "This version is kept as it is. Adjust a copy of it instead."
                )
            )
        return super().write(vals)

    def _has_field_access(self, field, operation):
        if operation == "write" and not self.env.su and field.name not in self._OPEN:
            return False
        return super()._has_field_access(field, operation)
