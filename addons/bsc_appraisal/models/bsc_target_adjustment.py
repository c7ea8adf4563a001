from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..tools.explanation import number
from .bsc_limits_mixin import RANGE
from .bsc_scorecard_agreement import IS_AGREED


class BscTargetAdjustment(models.Model):
    """Another target that is asked for together with the money of an adjustment.

    Where a range stands in the target's place, it is the range; and with either, what
    the money makes possible. It is written by whoever could request the change of the
    target alone, shown to all who decide on the adjustment, and applied with the money
    as a ``bsc.target.change`` that needs no decision of its own.
    """

    _name = "bsc.target.adjustment"
    _description = "Target in a Budget Adjustment"
    _inherit = ["bsc.finite.mixin", "bsc.limits.mixin"]
    _order = "adjustment_id, id"
    _rec_name = "line_id"
    _check_company_auto = True
    _FINITE = ("value", "capacity", *RANGE)

    _PROTECTED = frozenset({"applied_before", "applied_limits", "change_id"})
    # What the levels see and decide on.
    _ASKED = frozenset(
        {
            *("adjustment_id", "scorecard_id", "line_id", "date_effective"),
            *("value", "capacity", *RANGE),
        }
    )

    adjustment_id = fields.Many2one(
        "performance.budget.adjustment", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="adjustment_id.company_id", store=True, precompute=True, index=True
    )
    state = fields.Selection(related="adjustment_id.state")
    scorecard_id = fields.Many2one(
        "bsc.scorecard",
        compute="_compute_scorecard",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('state', '=', 'agreed'), ('company_id', '=', company_id)]",
    )
    line_id = fields.Many2one(
        "bsc.scorecard.line",
        string="Indicator",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('scorecard_id', '=', scorecard_id), ('calculation', 'in',"
        f" {IS_AGREED})]",
    )
    calculation = fields.Selection(related="line_id.calculation", related_sudo=True)
    unit = fields.Char(related="line_id.unit", related_sudo=True)
    value_before = fields.Float(
        string="Target Before",
        digits=(16, 4),
        compute="_compute_value_before",
        compute_sudo=True,
    )
    value = fields.Float(string="New Target", digits=(16, 4), required=True)
    capacity_before = fields.Float(
        digits=(16, 4), compute="_compute_value_before", compute_sudo=True
    )
    capacity = fields.Float(
        string="New Assessed Capacity",
        digits=(16, 4),
        help="What the subject can reach with the money of this adjustment. A target"
        " far above it is not granted.",
    )
    aim_before = fields.Char(
        string="Before", compute="_compute_aims", compute_sudo=True
    )
    aim = fields.Char(string="After", compute="_compute_aims", compute_sudo=True)
    date_effective = fields.Date(
        string="Counts From",
        required=True,
        default=fields.Date.context_today,
        help="Earlier days keep the target that counted then.",
    )
    applied_before = fields.Float(digits=(16, 4), readonly=True, copy=False)
    applied_limits = fields.Json(readonly=True, copy=False)
    change_id = fields.Many2one(
        "bsc.target.change", readonly=True, copy=False, index="btree_not_null"
    )

    _once = models.UniqueIndex(
        "(adjustment_id, line_id)", "An adjustment changes each target once."
    )
    _value_range = models.Constraint(
        "CHECK (LEAST(value, capacity, low, high, zero_low, zero_high) > -1e15"
        " AND GREATEST(value, capacity, low, high, zero_low, zero_high) < 1e15)",
        "A target is a number of reasonable size.",
    )

    @api.depends("line_id")
    def _compute_scorecard(self):
        for row in self:
            if row.line_id:
                row.scorecard_id = row.line_id.scorecard_id

    @api.depends("line_id.target", "change_id", "applied_before")
    def _compute_value_before(self):
        for row in self:
            change, line = row.change_id, row.line_id
            row.value_before = row.applied_before if change else line.target
            row.capacity_before = change.old_capacity if change else line.capacity

    @api.depends(
        "calculation",
        "value",
        "value_before",
        "capacity",
        "capacity_before",
        "change_id",
        "line_id.limits_text",
        *RANGE,
    )
    @api.depends_context("lang")
    def _compute_aims(self):
        for row in self:
            kind, change = row.calculation, row.change_id
            before = number(row.value_before)
            if kind == "range":
                before = change.old_limits if change else row.line_id.limits_text
            row.aim_before = row._describe_with(before, row.capacity_before)
            row.aim = row._describe_with(
                row._describe_aim(kind, row.value), row.capacity
            )

    def _describe_with(self, aim, capacity) -> str:
        """Return the aim, and what is possible where the two rows differ in it."""
        if self.capacity == self.capacity_before:
            return aim or ""
        return self.env._(
            "%(aim)s (possible: %(capacity)s)",
            aim=aim or "–",
            capacity=number(capacity),
        )

    @api.onchange("scorecard_id")
    def _onchange_scorecard(self):
        if self.line_id.scorecard_id != self.scorecard_id:
            self.line_id = False

    @api.onchange("line_id")
    def _onchange_line(self):
        line = self.line_id
        if line:
            self.value = self.value or line.target
            self.capacity = self.capacity or line.capacity
        if line.calculation == "range" and not any(self._get_limits().values()):
            self.update(line._get_limits())

    @api.constrains("line_id", *RANGE)
    def _check_limits(self):
        for row_sudo in self.sudo():  # the levels need not read the scorecard
            if row_sudo.calculation == "range":
                row_sudo._check_range(row_sudo.line_id.indicator_id)

    @api.constrains("scorecard_id", "line_id", "date_effective")
    def _check_line(self):
        for row_sudo in self.sudo():  # the levels need not read the scorecard
            if row_sudo.line_id.scorecard_id != row_sudo.scorecard_id:
                raise ValidationError(
                    self.env._(
                        "“%(indicator)s” is no line of “%(scorecard)s”.",
                        indicator=row_sudo.line_id.display_name,
                        scorecard=row_sudo.scorecard_id.display_name,
                    )
                )
            row_sudo.line_id._check_is_agreed()
            row_sudo.line_id.cycle_id._check_target_day(row_sudo.date_effective)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            line = self.env["bsc.scorecard.line"].browse(vals.get("line_id"))
            line.check_access("read")
            vals.setdefault("capacity", line.capacity)
            if line.calculation == "range":
                vals["value"] = 0.0
        rows = super().create(vals_list)
        rows._check_asked()
        return rows

    def write(self, vals):
        if self._ASKED & vals.keys():
            self._check_asked()
        result = super().write(vals)
        if self._ASKED & vals.keys():
            self._check_asked()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        self._check_draft()

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in self._PROTECTED and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def _check_asked(self):
        """:raise UserError: it was submitted, or the target is not the person's to
        ask for
        """
        if self.env.su:
            return
        self._check_draft()
        for row in self:
            row.line_id.check_access("read")
            if row.line_id._get_side(self.env.user) is None:
                raise AccessError(
                    self.env._(
                        "Only the subject, the appraiser or HR ask for a change."
                    )
                )

    def _check_draft(self):
        if not self.env.su and self.adjustment_id.filtered(
            lambda a: a.state != "draft"
        ):
            raise UserError(
                self.env._("It was submitted: send it back before you change it.")
            )
