from odoo import api, fields, models
from odoo.exceptions import ValidationError


class BscMeasurement(models.Model):
    """A figure: the value of an indicator for a subject and a period, and where it
    comes from.
    """

    _name = "bsc.measurement"
    _description = "Measurement"
    _inherit = ["bsc.subject.mixin", "bsc.finite.mixin"]
    _order = "date_to desc, indicator_id, name, version desc, id desc"
    _check_company_auto = True
    _FINITE = ("value",)

    name = fields.Char(string="Subject")
    indicator_id = fields.Many2one(
        "bsc.indicator",
        required=True,
        ondelete="restrict",
        check_company=True,
        index=True,
    )
    perspective_id = fields.Many2one(related="indicator_id.perspective_id", store=True)
    unit = fields.Char(related="indicator_id.unit")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    subject_kind = fields.Selection(default="company")
    date_from = fields.Date(string="Period From", required=True)
    date_to = fields.Date(string="Period To", required=True)
    date_due = fields.Date(string="Due", index=True)
    date_lock = fields.Date(
        string="Locked From",
        help="From this day on only a new version with a reason corrects the figure.",
    )
    value = fields.Float(digits=(16, 4), aggregator=None)
    answer = fields.Selection(
        [
            ("value", "A value"),
            ("zero", "Zero, confirmed"),
            ("not_applicable", "Not applicable"),
        ],
        required=True,
        default="value",
        help="Zero has to be said, so that a figure nobody gave never looks like one.",
    )
    note = fields.Text(help="How the figure came about; why it is not applicable.")
    collector_id = fields.Many2one(
        "res.users", index="btree_not_null", ondelete="restrict"
    )
    verifier_id = fields.Many2one(
        "res.users", index="btree_not_null", ondelete="restrict"
    )
    version = fields.Integer(default=1, required=True, copy=False, readonly=True)
    supersedes_id = fields.Many2one(
        "bsc.measurement",
        string="Corrects",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    correction_reason = fields.Text(copy=False, readonly=True)
    is_current = fields.Boolean(
        default=True,
        copy=False,
        readonly=True,
        help="No newer version of this figure is verified.",
    )

    _period_uniq = models.UniqueIndex(
        "(indicator_id, subject_key, company_id, date_from, date_to, version)",
        "This figure exists already: there is one per indicator, subject and period,"
        " corrections are new versions.",
    )
    _dates = models.Constraint(
        "CHECK (date_from <= date_to)", "A period cannot end before it starts."
    )
    _finite = models.Constraint(
        "CHECK (value > -1e15 AND value < 1e15)",
        "A figure is a number of reasonable size.",
    )

    @api.depends("indicator_id", "name", "date_to")
    def _compute_display_name(self):
        for figure in self:
            figure.display_name = (
                f"{figure.indicator_id.display_name} · {figure.name or ''} ·"
                f" {figure.date_to or ''}"
            )

    @api.constrains("collector_id", "verifier_id")
    def _check_four_eyes(self):
        for figure in self:
            if figure.collector_id and figure.collector_id == figure.verifier_id:
                raise ValidationError(
                    self.env._(
                        "The collector cannot verify his own figures: choose two"
                        " different people."
                    )
                )
