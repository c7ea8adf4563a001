from odoo import api, fields, models

FORMS = [
    ("full", "Full: targets, figures, assessments, interview"),
    ("short", "Short: the superior judges the competencies of the post"),
]


class BscCycle(models.Model):
    """How people are appraised in a cycle: by a scorecard, or by the short form.

    In the short form nothing is agreed or measured: what the superior judges is the
    result. Its people need no account, which suits posts at the front line.
    """

    _inherit = "bsc.cycle"

    form = fields.Selection(
        FORMS,
        required=True,
        default="full",
        help="Cannot be changed once there are scorecards.",
    )
    plan_id = fields.Many2one(
        "bsc.appraisal.plan",
        string="Appraisal Plan",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The plan that started the cycle.",
    )

    _plan_uniq = models.UniqueIndex(
        "(plan_id, date_from) WHERE plan_id IS NOT NULL",
        "The plan has started this cycle already.",
    )
    _short_form = models.Constraint(
        "CHECK (form != 'short' OR competency_weight = 100)",
        "In the short form the competencies are all that counts: their weight is"
        " 100 %.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("form") == "short":
                vals["competency_weight"] = 100.0
        return super().create(vals_list)

    def write(self, vals):
        if vals.get("form") == "short":
            vals = {**vals, "competency_weight": 100.0}
        return super().write(vals)

    def _has_field_access(self, field, operation):
        if operation == "write" and not self.env.su:
            if field.name == "plan_id":
                return False
            # sudo: whether there are any, not what they say
            if field.name == "form" and any(self._ids) and self.sudo().scorecard_ids:
                return False
        return super()._has_field_access(field, operation)
