from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class BscIndicator(models.Model):
    """The life of an indicator: draft, active, retired.

    =============  ===================  =============================================
    Action         Who                  When
    =============  ===================  =============================================
    read           every employee       active and retired ones; officers also drafts
    create, edit   appraisal officer    draft
    edit           appraisal manager    always, but what is measured only in draft
    activate       appraisal manager    draft whose definition has no gap
    retire         appraisal manager    active
    back to draft  appraisal manager    active or retired
    delete         appraisal officer    draft
    =============  ===================  =============================================

    ``state`` moves only through the actions: no client can write it.
    """

    _inherit = "bsc.indicator"

    _PROTECTED = frozenset({"state", "global_weight"})
    _DEFINITION = frozenset(
        {
            "code",
            "unit",
            "direction",
            "measured_thing",
            "statistical_rule",
            "source",
            "source_kind",
        }
    )
    _STATES_BEFORE = {
        "active": ("draft",),
        "retired": ("active",),
        "draft": ("active", "retired"),
    }

    state = fields.Selection(
        [("draft", "Draft"), ("active", "Active"), ("retired", "Retired")],
        required=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    definition_gaps = fields.Text(compute="_compute_definition_gaps")
    can_edit = fields.Boolean(compute="_compute_can_edit")
    can_activate = fields.Boolean(compute="_compute_can_move")
    can_retire = fields.Boolean(compute="_compute_can_move")
    can_reset = fields.Boolean(compute="_compute_can_move")

    @api.depends(
        "unit",
        "measured_key",
        "statistical_rule",
        "source",
        "collector_id.active",
        "perspective_id.active",
    )
    @api.depends_context("lang")
    def _compute_definition_gaps(self):
        for indicator in self:
            indicator.definition_gaps = "\n".join(indicator._get_definition_gaps())

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can_edit(self):
        is_manager = self._is_appraisal_manager()
        for indicator in self:
            indicator.can_edit = is_manager or indicator.state == "draft"

    @api.depends("state", "definition_gaps")
    @api.depends_context("uid")
    def _compute_can_move(self):
        for indicator in self:
            indicator.can_activate = not indicator._get_cannot_activate_reasons()
            indicator.can_retire = not indicator._get_cannot_move_reasons("retired")
            indicator.can_reset = not indicator._get_cannot_move_reasons("draft")

    @api.constrains(
        "state",
        "unit",
        "name",
        "measured_thing",
        "statistical_rule",
        "source",
        "collector_id",
        "perspective_id",
    )
    def _check_active_is_defined(self):
        active = self.filtered(lambda indicator: indicator.state == "active")
        active._raise_reasons(
            {indicator: indicator._get_definition_gaps() for indicator in active},
            ValidationError,
        )

    def write(self, vals):
        self._check_definition_is_open(vals)
        return super().write(vals)

    def _update_field_translations(
        self, field_name, translations, digest=None, source_lang=""
    ):
        if field_name in self._DEFINITION:
            self._raise_frozen(self.filtered(lambda one: one.state != "draft"))
        return super()._update_field_translations(
            field_name, translations, digest=digest, source_lang=source_lang
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        used = self.filtered(lambda indicator: indicator.state != "draft")
        if used:
            raise UserError(
                self.env._(
                    "Only drafts can be deleted: results refer to %s. Retire it"
                    " instead, its history stays readable.",
                    used[0].display_name,
                )
            )

    def action_activate(self):
        self.check_access("write")
        self._check_can_activate()
        self._do_move("active")

    def action_retire(self):
        self.check_access("write")
        self._check_can_move("retired")
        self._do_move("retired")

    def action_reset(self):
        self.check_access("write")
        self._check_can_move("draft")
        self._do_move("draft")

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in self._PROTECTED and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def _check_can_activate(self):
        self._raise_reasons({one: one._get_cannot_activate_reasons() for one in self})

    def _check_can_move(self, target):
        self._raise_reasons({one: one._get_cannot_move_reasons(target) for one in self})

    def _check_definition_is_open(self, vals):
        """What is measured must not change under results that rest on it."""
        changing = self._DEFINITION & vals.keys()
        self._raise_frozen(
            self.filtered(
                lambda indicator: (
                    indicator.state != "draft"
                    and any(
                        (indicator[name] or False) != (vals[name] or False)
                        for name in changing
                    )
                )
            )
        )

    def _get_definition_gaps(self) -> list[str]:
        """Say what keeps the indicator from being measurable, one line per gap."""
        rule = (self.statistical_rule or "").strip()
        conditions = [
            (self.unit, self.env._("Unit: in what is it measured (%, days, cases)?")),
            (
                rule,
                self.env._("Statistical rule: what exactly counts, and what does not?"),
            ),
            (self.source, self.env._("Source: where do the figures come from?")),
            (
                self.collector_id.active,
                self.env._("Collector: which active user delivers the figures?"),
            ),
            (
                self.perspective_id.active,
                self.env._("Perspective: choose one that is not archived."),
            ),
        ]
        return [question for is_met, question in conditions if not is_met]

    def _get_cannot_activate_reasons(self) -> list[str]:
        return self._get_cannot_move_reasons("active") or self._get_definition_gaps()

    def _get_cannot_move_reasons(self, target) -> list[str]:
        """Say why the indicator cannot go to the state ``target``, whoever asks."""
        if self.state not in self._STATES_BEFORE[target]:
            states = dict(self._fields["state"]._description_selection(self.env))
            return [
                self.env._(
                    "It is “%(state)s” and cannot become “%(target)s”.",
                    state=states[self.state],
                    target=states[target],
                )
            ]
        if not self._is_appraisal_manager():
            return [self.env._("Only an appraisal manager may do this.")]
        return []

    def _is_appraisal_manager(self):
        return self.env.su or self.env.user.has_group(
            "bsc_appraisal.group_appraisal_manager"
        )

    def _raise_reasons(self, reasons_by_indicator, exception=UserError):
        """Raise one message that lists every indicator with its reasons, if any."""
        blocks = [
            "\n".join([indicator.display_name, *(f"- {reason}" for reason in reasons)])
            for indicator, reasons in reasons_by_indicator.items()
            if reasons
        ]
        if blocks:
            raise exception("\n\n".join(blocks))

    def _raise_frozen(self, indicators):
        if indicators:
            raise UserError(
                self.env._(
                    "%s is in use: what it measures can only change in draft. Set it"
                    " back to draft, or retire it and create its successor.",
                    indicators[0].display_name,
                )
            )

    def _do_move(self, target):
        # The field is closed to every client; the rights were checked before.
        indicators_sudo = self.sudo()
        indicators_sudo.write({"state": target})
