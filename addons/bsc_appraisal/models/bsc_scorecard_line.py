from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .bsc_limits_mixin import RANGE

# What a person may still change on the line of a card that was agreed: nothing.
LIMITS = ("baseline", *RANGE, "capacity")


class BscScorecardLine(models.Model):
    """One indicator on a scorecard: its weight, its target, and what it brought."""

    _name = "bsc.scorecard.line"
    _description = "Scorecard Line"
    _inherit = ["bsc.finite.mixin", "bsc.limits.mixin"]
    _order = "scorecard_id, perspective_id, sequence, id"
    _rec_name = "indicator_id"
    _check_company_auto = True
    _FINITE = ("target", "weight", *LIMITS)

    _PROTECTED = frozenset(
        {
            "target_status",
            "turn",
            "actual",
            "status",
            "missing_periods",
            "raw_points",
            "points",
            "effective_weight",
            "contribution",
            "score_error",
        }
    )

    scorecard_id = fields.Many2one(
        "bsc.scorecard",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    cycle_id = fields.Many2one(
        related="scorecard_id.cycle_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="scorecard_id.company_id", store=True, precompute=True, index=True
    )
    card_state = fields.Selection(related="scorecard_id.state", string="Scorecard Is")
    subject_kind = fields.Selection(related="scorecard_id.subject_kind")
    reporting_department_id = fields.Many2one(
        related="scorecard_id.reporting_department_id", store=True
    )
    indicator_id = fields.Many2one(
        "bsc.indicator",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain=[("state", "=", "active")],
    )
    perspective_id = fields.Many2one(
        related="indicator_id.perspective_id", store=True, precompute=True, index=True
    )
    unit = fields.Char(related="indicator_id.unit")
    calculation = fields.Selection(related="indicator_id.calculation")
    sequence = fields.Integer(default=10)
    weight = fields.Float(
        string="Weight (%)",
        digits=(7, 4),
        help="Share of the whole scorecard; all lines sum to 100 %.",
    )
    baseline = fields.Float(
        digits=(16, 4), help="Where one starts: last year's value, for example."
    )
    capacity = fields.Float(
        string="Assessed Capacity",
        digits=(16, 4),
        help="What the subject can reach with what it has. A target far above it is"
        " questioned.",
    )
    parent_line_id = fields.Many2one(
        "bsc.scorecard.line",
        string="Serves",
        check_company=True,
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        domain="[('scorecard_id', '=', parent.parent_id)]",
        help="The line of the scorecard above that this one contributes to.",
    )
    child_line_ids = fields.One2many(
        "bsc.scorecard.line", "parent_line_id", string="Served By"
    )

    _indicator_uniq = models.UniqueIndex(
        "(scorecard_id, indicator_id)", "A scorecard has each indicator once."
    )
    _weight_range = models.Constraint(
        "CHECK (weight BETWEEN 0 AND 100)",
        "The weight of a line lies between 0 and 100 %.",
    )
    _numbers_are_finite = models.Constraint(
        "CHECK (LEAST(baseline, capacity, low, high, zero_low, zero_high) > -1e15"
        " AND GREATEST(baseline, capacity, low, high, zero_low, zero_high) < 1e15)",
        "A number on a scorecard lies between minus and plus a million thousand"
        " million.",
    )

    @api.constrains("indicator_id")
    def _check_indicator(self):
        for line in self:
            if line.indicator_id.state == "draft":
                raise ValidationError(
                    self.env._(
                        "%s is a draft: activate it before anybody is measured by it.",
                        line.indicator_id.display_name,
                    )
                )

    @api.constrains("parent_line_id", "scorecard_id")
    def _check_parent_line(self):
        for line in self.filtered("parent_line_id"):
            # sudo: who prepares a card need not read the one above
            line_sudo = line.sudo()
            if (
                line_sudo.parent_line_id.scorecard_id
                != line_sudo.scorecard_id.parent_id
            ):
                raise ValidationError(
                    self.env._(
                        "“%s” can only serve a line of the scorecard above its own.",
                        line.indicator_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        proposals = [self._pop_agreed(vals) for vals in vals_list]
        lines = super().create(vals_list)
        lines._check_card_open()
        for line, values in zip(lines, proposals, strict=True):
            if any(values.values()):  # a form sends zeros for what nobody typed
                line._enter_target(values)
        return lines

    def write(self, vals):
        vals = dict(vals)
        values = self._pop_agreed(vals)
        if vals and not self.env.su:
            self._check_card_open()
        result = super().write(vals)
        if values:
            for line in self:
                line._enter_target(values)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        self._check_card_open()

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in self._PROTECTED and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def _pop_agreed(self, vals) -> dict:
        """Take target and limits out of what a client writes: they are a proposal."""
        if self.env.su:
            return {}
        return {name: vals.pop(name) for name in ("target", *RANGE) if name in vals}

    def _check_card_open(self):
        """:raise UserError: the card was agreed, lines change by request only"""
        closed = self.filtered(lambda line: line.card_state != "draft")
        if closed and not self.env.su:
            raise UserError(
                self.env._(
                    "“%s” was agreed. Request a change of the target, or reopen the"
                    " scorecard while the cycle is being planned.",
                    closed[0].scorecard_id.display_name,
                )
            )

    def _prepare_copies(self) -> list[dict]:
        """Return values of lines like these, in the same order, for another card.

        Targets are copied as first proposals: what was agreed once is not agreed yet.
        """
        return [
            {
                "indicator_id": line.indicator_id.id,
                "sequence": line.sequence,
                "weight": line.weight,
                **{name: line[name] for name in LIMITS},
                **line._prepare_target_copy(),
            }
            for line in self
            if line.indicator_id.state == "active"
        ]
