from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class BscObjective(models.Model):
    """A node of the strategy map: what is to be reached, and what it leads to.

    =============  ===================  =============================================
    Action         Who                  When
    =============  ===================  =============================================
    read           every employee       published ones; officers and auditors all
    create, edit   appraisal officer    draft
    edit           appraisal manager    always
    publish        appraisal manager    draft
    withdraw       appraisal manager    published
    delete         appraisal officer    draft
    =============  ===================  =============================================

    Causes and effects are the two ends of one relation, and no chain of them leads
    back to where it began.
    """

    _name = "bsc.objective"
    _description = "Strategic Objective"
    _inherit = ["bsc.strategy.item.mixin"]
    _check_company_auto = True

    _PROTECTED = frozenset({"state"})

    state = fields.Selection(
        [("draft", "Draft"), ("published", "Published")],
        required=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    owner_id = fields.Many2one(
        "res.users",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        domain=[("share", "=", False)],
        tracking=True,
        help="Answers for the objective.",
    )
    description = fields.Text(
        translate=True, help="How one will know that it is reached."
    )
    cause_ids = fields.Many2many(
        "bsc.objective",
        "bsc_objective_link",
        "effect_id",
        "cause_id",
        string="Driven By",
        check_company=True,
        copy=False,
        help="The objectives that make this one possible.",
    )
    effect_ids = fields.Many2many(
        "bsc.objective",
        "bsc_objective_link",
        "cause_id",
        "effect_id",
        string="Leads To",
        check_company=True,
        copy=False,
        help="The objectives that this one makes possible.",
    )
    indicator_ids = fields.One2many("bsc.indicator", "objective_id")
    indicator_count = fields.Integer(compute="_compute_indicator_count")
    can_edit = fields.Boolean(compute="_compute_can_edit")

    @api.depends("indicator_ids.state")
    def _compute_indicator_count(self):
        for objective in self:
            active = objective.indicator_ids.filtered(
                lambda indicator: indicator.state == "active"
            )
            objective.indicator_count = len(active)

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can_edit(self):
        is_manager = self._is_appraisal_manager()
        for objective in self:
            objective.can_edit = is_manager or objective.state == "draft"

    @api.constrains("cause_ids", "effect_ids")
    def _check_no_circle(self):
        for objective in self:
            if objective._has_cycle("cause_ids"):
                raise ValidationError(
                    self.env._(
                        "“%s” would lead back to itself. Remove one of the links of"
                        " the circle: causes come before effects.",
                        objective.name,
                    )
                )

    @api.constrains("perspective_id")
    def _check_indicators_follow(self):
        self.indicator_ids._check_objective_of_perspective()

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in self._PROTECTED and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        if "name" not in (default or {}):
            for objective, vals in zip(self, vals_list, strict=True):
                vals["name"] = self.env._("%s (copy)", objective.name)
        return vals_list

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        if published := self.filtered(lambda one: one.state == "published"):
            raise UserError(
                self.env._(
                    "“%s” is published. Withdraw it before you delete it.",
                    published[0].name,
                )
            )

    def action_publish(self):
        """Show the objectives to all employees of their company."""
        self._move("draft", "published")

    def action_withdraw(self):
        """Take the objectives off the map of the employees."""
        self._move("published", "draft")

    def _move(self, source, target):
        self.check_access("write")
        if not self._is_appraisal_manager():
            raise UserError(
                self.env._("Only an appraisal manager publishes objectives.")
            )
        # The field is closed to every client; the rights were checked above.
        objectives_sudo = self.sudo()
        objectives_sudo.filtered(lambda one: one.state == source).state = target

    def _is_appraisal_manager(self):
        return self.env.su or self.env.user.has_group(
            "bsc_appraisal.group_appraisal_manager"
        )
