from odoo import api, fields, models
from odoo.exceptions import ValidationError

# Models whose figures would tell about people, secrets or the system itself.
NEVER = (
    "res.users",
    "ir.",
    "base.",
    "bus.",
    "mail.",
    "auth",
    "hr.version",
    "hr.payslip",
    "hr.contract",
    "bsc.",
    "res.groups",
    "res.partner.bank",
    "payment.",
)


class BscMeasurementModel(models.Model):
    """A kind of record that figures may be computed from.

    Only an administrator of the system adds one. That gives the technical reader of
    measurements the right to read these records, and nobody anything else.
    """

    _name = "bsc.measurement.model"
    _description = "Records for Measurements"
    _order = "model_name"
    _rec_name = "name"

    model_id = fields.Many2one(
        "ir.model",
        required=True,
        ondelete="cascade",
        index=True,
        domain=[("transient", "=", False), ("abstract", "=", False)],
    )
    name = fields.Char(related="model_id.name")
    model_name = fields.Char(
        related="model_id.model", store=True, string="Technical Name"
    )
    access_id = fields.Many2one("ir.model.access", readonly=True, ondelete="set null")

    _model_uniq = models.Constraint(
        "UNIQUE (model_id)", "These records may be measured already."
    )

    @api.constrains("model_id")
    def _check_model(self):
        for allowed in self:
            name = allowed.model_id.model
            model = self.env.get(name)
            if name.startswith(NEVER) or model is None or not model._auto:
                raise ValidationError(
                    self.env._("“%s” cannot be a source of figures.", name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        allowed = super().create(vals_list)
        allowed._grant_reading()
        return allowed

    def write(self, vals):
        result = super().write(vals)
        if "model_id" in vals:
            self.sudo().access_id.unlink()  # made by us, see _grant_reading
            self._grant_reading()
        return result

    def unlink(self):
        accesses_sudo = self.sudo().access_id  # made by us, see _grant_reading
        result = super().unlink()
        accesses_sudo.unlink()
        return result

    def _grant_reading(self):
        """Let the technical reader read the records."""
        reader = self.env.ref("bsc_appraisal.group_measurement_reader")
        for allowed in self:
            # sudo: this model is the administrator's door to one fixed right
            allowed.access_id = (
                self.env["ir.model.access"]
                .sudo()
                .create(
                    {
                        "name": f"{allowed.model_id.model} measurement reader",
                        "model_id": allowed.model_id.id,
                        "group_id": reader.id,
                        "perm_read": True,
                    }
                )
            )
