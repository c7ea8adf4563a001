from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .bsc_scorecard_agreement import NEEDS_TARGET


class BscTargetAdjustment(models.Model):
    """Another target that is asked for together with the money of an adjustment.

    It is written by whoever could request the change of the target alone, shown to
    all who decide on the adjustment, and applied with the money as a
    ``bsc.target.change`` that needs no decision of its own.
    """

    _name = "bsc.target.adjustment"
    _description = "Target in a Budget Adjustment"
    _inherit = ["bsc.finite.mixin"]
    _order = "adjustment_id, id"
    _rec_name = "line_id"
    _check_company_auto = True
    _FINITE = ("value",)

    _PROTECTED = frozenset({"applied_before", "change_id"})
    # What the levels see and decide on.
    _ASKED = frozenset(
        {"adjustment_id", "scorecard_id", "line_id", "value", "date_effective"}
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
        f" {NEEDS_TARGET})]",
    )
    unit = fields.Char(related="line_id.unit", related_sudo=True)
    value_before = fields.Float(
        string="Target Before",
        digits=(16, 4),
        compute="_compute_value_before",
        compute_sudo=True,
    )
    value = fields.Float(string="New Target", digits=(16, 4), required=True)
    date_effective = fields.Date(
        string="Counts From",
        required=True,
        default=fields.Date.context_today,
        help="Earlier days keep the target that counted then.",
    )
    applied_before = fields.Float(digits=(16, 4), readonly=True, copy=False)
    change_id = fields.Many2one(
        "bsc.target.change", readonly=True, copy=False, index="btree_not_null"
    )

    _once = models.UniqueIndex(
        "(adjustment_id, line_id)", "An adjustment changes each target once."
    )
    _value_range = models.Constraint(
        "CHECK (value > -1e15 AND value < 1e15)",
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
            applied = row.change_id
            row.value_before = row.applied_before if applied else row.line_id.target

    @api.onchange("scorecard_id")
    def _onchange_scorecard(self):
        if self.line_id.scorecard_id != self.scorecard_id:
            self.line_id = False

    @api.onchange("line_id")
    def _onchange_line(self):
        if self.line_id and not self.value:
            self.value = self.line_id.target

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
            if row_sudo.line_id.calculation not in NEEDS_TARGET:
                raise ValidationError(
                    self.env._(
                        "“%s” is scored by limits, not by one target: they are changed"
                        " on the scorecard or the indicator.",
                        row_sudo.line_id.display_name,
                    )
                )
            row_sudo.line_id.cycle_id._check_target_day(row_sudo.date_effective)

    @api.model_create_multi
    def create(self, vals_list):
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

    def _get_not_ready_reasons(self):
        """Return why these targets cannot change now; in sudo."""
        waiting = (
            self.env["bsc.target.change"]
            .search([("line_id", "in", self.line_id.ids), ("state", "=", "requested")])
            .line_id
        )
        reasons = []
        for row in self:
            label = f"{row.line_id.display_name}, {row.scorecard_id.name}"
            if row.line_id.card_state != "agreed":
                reasons.append(
                    self.env._(
                        "“%s”: the scorecard is not agreed or already final, its target"
                        " cannot change. Take it out of the adjustment.",
                        label,
                    )
                )
            elif row.line_id in waiting:
                reasons.append(
                    self.env._(
                        "“%s”: another request for this target waits for its decision."
                        " Let it be decided or taken back first.",
                        label,
                    )
                )
            elif row.value == row.line_id.target:
                reasons.append(
                    self.env._(
                        "“%s”: the new target is the present one. Change it, or take it"
                        " out of the adjustment.",
                        label,
                    )
                )
        return reasons

    def _get_fingerprint_values(self):
        """Return what is decided on, the present target included: when it moves, the
        levels have seen something else.
        """
        return [
            "target",
            self.line_id.id,
            f"{self.line_id.target:.4f}",
            f"{self.value:.4f}",
            self.date_effective.isoformat(),
        ]

    def _apply(self):
        """Change the targets, in sudo and in the transaction that moves the money."""
        Change = self.env["bsc.target.change"]
        for row in self:
            change = Change.create(
                {
                    "line_id": row.line_id.id,
                    "value": row.value,
                    "date_effective": row.date_effective,
                    "reason": row.adjustment_id.reason,
                    "requester_id": row.adjustment_id.requester_id.id,
                    "adjustment_id": row.adjustment_id.id,
                }
            )
            row.write({"applied_before": row.line_id.target, "change_id": change.id})
            change._apply()

    def _prepare_reversal_vals(self):
        cycle = self.line_id.cycle_id
        today = fields.Date.context_today(self)
        return {
            "line_id": self.line_id.id,
            "value": self.applied_before,
            "date_effective": min(max(today, cycle.date_from), cycle.date_to),
        }
