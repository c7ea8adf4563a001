from decimal import Decimal

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

from ..tools.weights import is_complete, largest_remainder, total


class BscWeightingVersion(models.Model):
    """The weights of one node as they were decided once, numbered and kept.

    Closing a study makes the first; an appraisal manager adjusts a copy by hand, with
    a reason, and every weight keeps the AHP value beside it. Confirmed versions never
    change. Applying one writes its weights to the perspectives or indicators.
    """

    _name = "bsc.weighting.version"
    _description = "Version of Weights"
    _order = "weighting_id desc, number desc"
    _rec_name = "number"

    _PROTECTED = frozenset(
        {
            "weighting_id",
            "number",
            "state",
            "is_manual",
            "date_applied",
            "applied_by_id",
        }
    )

    weighting_id = fields.Many2one(
        "bsc.weighting", string="Study", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="weighting_id.company_id", store=True, precompute=True, index=True
    )
    perspective_id = fields.Many2one(related="weighting_id.perspective_id", store=True)
    number = fields.Integer(required=True, readonly=True, aggregator=None)
    state = fields.Selection(
        [("draft", "Draft"), ("confirmed", "Confirmed"), ("applied", "Applied")],
        required=True,
        default="draft",
        readonly=True,
        index=True,
    )
    is_manual = fields.Boolean(string="Adjusted by Hand", readonly=True)
    reason = fields.Text(help="Why the weights differ from what the experts said.")
    line_ids = fields.One2many("bsc.weighting.version.line", "version_id")
    weight_total = fields.Float(
        string="Sum (%)", digits=(16, 2), compute="_compute_weight_total"
    )
    date_applied = fields.Datetime(readonly=True)
    applied_by_id = fields.Many2one("res.users", readonly=True)

    _number_uniq = models.UniqueIndex(
        "(weighting_id, number)", "This version exists already."
    )

    @api.depends("line_ids.weight")
    def _compute_weight_total(self):
        for version in self:
            version.weight_total = total(version.line_ids.mapped("weight"))

    @api.depends("weighting_id.name", "number")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(study)s, version %(number)s",
                study=version.weighting_id.name,
                number=version.number,
            )

    def write(self, vals):
        if not self.env.su:
            self._check_state("draft")
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_confirmed(self):
        self._check_state("draft")

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in self._PROTECTED and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def action_adjust(self):
        """Make a draft copy whose weights can be changed, with a reason."""
        self.ensure_one()
        self._check_manager()
        self._check_state("confirmed", "applied")
        copy_sudo = self.sudo().create(  # versions are made by actions only
            {
                "weighting_id": self.weighting_id.id,
                "number": self._get_next_number(self.weighting_id),
                "line_ids": [
                    Command.create(
                        {
                            "criterion_id": line.criterion_id.id,
                            "ahp_weight": line.ahp_weight,
                            "weight": line.weight,
                        }
                    )
                    for line in self.line_ids
                ],
            }
        )
        return copy_sudo.sudo(False)._get_records_action()

    def action_rescale(self):
        """Bring the weights to 100.00 % in proportion."""
        self._check_manager()
        for version in self:
            version._check_state("draft")
            lines = version.line_ids
            whole = total(lines.mapped("weight"))
            if not whole:
                raise UserError(self.env._("All weights are zero: enter some first."))
            exact = [100 * Decimal(str(line.weight)) / whole for line in lines]
            shown = largest_remainder(exact, whole=Decimal(100))
            for line, weight in zip(lines, shown, strict=True):
                line.weight = float(weight)

    def action_confirm(self):
        """Freeze the version; its weights sum to 100.00 % and its reason is given."""
        self._check_manager()
        for version in self:
            version._check_state("draft")
            if not is_complete(version.line_ids.mapped("weight")):
                raise UserError(
                    self.env._(
                        "The weights sum to %s %%. Correct them, or let them be"
                        " rescaled to 100 %%.",
                        formatLang(self.env, version.weight_total, digits=2),
                    )
                )
            is_manual = any(version.line_ids.mapped("is_manual"))
            if is_manual and not (version.reason or "").strip():
                raise UserError(
                    self.env._("Say why the weights differ from what the experts said.")
                )
            # The fields are closed to clients; rights and state were checked above.
            version.sudo().write({"state": "confirmed", "is_manual": is_manual})

    def action_apply(self):
        """Write the weights to the perspectives or indicators, from now on."""
        self.ensure_one()
        self._check_manager()
        self._check_state("confirmed", "applied")
        criteria = self.line_ids.criterion_id
        study = self.weighting_id
        parts = (
            criteria.indicator_id if study.perspective_id else criteria.perspective_id
        )
        if parts != study._get_parts():
            raise UserError(
                self.env._(
                    "What is weighed has changed since: these weights would not sum to"
                    " 100 %. Make a new study."
                )
            )
        for line in self.line_ids:
            part = line.criterion_id.perspective_id or line.criterion_id.indicator_id
            part.weight = line.weight
        self.sudo().write(  # closed to clients, checked above
            {
                "state": "applied",
                "date_applied": fields.Datetime.now(),
                "applied_by_id": self.env.uid,
            }
        )
        study.message_post(
            body=self.env._("Version %s of the weights is in effect.", self.number)
        )

    def _check_state(self, *states):
        if any(version.state not in states for version in self):
            raise UserError(
                self.env._(
                    "This version is kept as it is. Adjust a copy of it instead."
                )
                if "draft" in states
                else self.env._("Confirm the version first.")
            )

    def _check_manager(self):
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(
            "bsc_appraisal.group_appraisal_manager"
        ):
            raise UserError(self.env._("Only an appraisal manager sets weights."))

    @api.model
    def _create_from_study(self, study):
        """Make the confirmed version of what the experts said (called by closing)."""
        criteria = study.criterion_ids
        shown = largest_remainder(criteria.mapped("priority"), whole=Decimal(100))
        return self.create(
            {
                "weighting_id": study.id,
                "number": self._get_next_number(study),
                "state": "confirmed",
                "line_ids": [
                    Command.create(
                        {
                            "criterion_id": criterion.id,
                            "ahp_weight": float(weight),
                            "weight": float(weight),
                        }
                    )
                    for criterion, weight in zip(criteria, shown, strict=True)
                ],
            }
        )

    @api.model
    def _get_next_number(self, study) -> int:
        return max(study.version_ids.mapped("number"), default=0) + 1
