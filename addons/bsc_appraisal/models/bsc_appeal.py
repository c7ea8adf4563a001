from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError


class BscAppeal(models.Model):
    """Somebody challenges his published result; somebody else decides.

    ==========  =========================  ===========================================
    Step        Who                        When
    ==========  =========================  ===========================================
    submit      the person concerned       within the days of the cycle after its
                                           publication
    assign      appraisal manager          the decider is an appraisal officer who
                                           neither appraised, nor manages, nor changed
                                           the rating, nor appeals
    vote        members of the committee,  where the manager chose one: before the
                each once                  decider, who chairs them, concludes
    decide      the decider, with reasons  within the days of the cycle
    withdraw    the person concerned       while it is open
    ==========  =========================  ===========================================

    The score stays as it was computed: an appeal changes the rating, or points to the
    corrected figure.
    """

    _name = "bsc.appeal"
    _description = "Appeal"
    _inherit = ["bsc.about.scorecard.mixin", "bsc.confidential.mixin"]
    _order = "id desc"
    _check_company_auto = True

    # Told when it is submitted, closed ever after.
    _IDENTITY = frozenset(
        {"scorecard_id", "reason", "evidence_file", "evidence_filename"}
    )
    _PROTECTED = frozenset(
        {
            *("state", "date_submitted", "date_due", "date_decided", "decision_reason"),
            *("rating_before_id", "rating_after_id", "measurement_id", "days"),
            *("is_reminded", "is_escalated"),
        }
    )

    scorecard_id = fields.Many2one(
        string="Result",
        check_company=True,
        domain=[("published_date", "!=", False), ("subject_kind", "=", "employee")],
    )
    user_id = fields.Many2one(string="Appellant")
    reason = fields.Text(
        required=True, help="What is wrong in the result, and what shows it."
    )
    evidence_file = fields.Binary(string="Evidence", attachment=True)
    evidence_filename = fields.Char()
    state = fields.Selection(
        [
            ("open", "To Be Decided"),
            ("accepted", "Accepted"),
            ("partly", "Partly Accepted"),
            ("refused", "Refused"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        default="open",
        readonly=True,
        copy=False,
        index=True,
    )
    date_submitted = fields.Date(
        string="Submitted On",
        required=True,
        readonly=True,
        copy=False,
        default=fields.Date.context_today,
    )
    date_due = fields.Date(
        string="Decision Due", compute="_compute_date_due", store=True, precompute=True
    )
    decider_id = fields.Many2one(
        "res.users",
        string="Decided By",
        copy=False,
        index="btree_not_null",
        check_company=True,
        domain=lambda self: [
            (
                "all_group_ids",
                "in",
                self.env.ref("bsc_appraisal.group_appraisal_officer").ids,
            )
        ],
        help="An appraisal officer who had no part in the result.",
    )
    date_decided = fields.Date(string="Decided On", readonly=True, copy=False)
    decision_reason = fields.Text(readonly=True, copy=False)
    rating_before_id = fields.Many2one(
        "bsc.grade",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    rating_after_id = fields.Many2one(
        "bsc.grade",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    measurement_id = fields.Many2one(
        "bsc.measurement",
        string="Corrected Figure",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    days = fields.Integer(
        string="Days Taken",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="From submission to decision.",
    )
    is_reminded = fields.Boolean(readonly=True, copy=False)
    is_escalated = fields.Boolean(readonly=True, copy=False)

    _open_uniq = models.UniqueIndex(
        "(scorecard_id) WHERE state <> 'withdrawn'",
        "This result was appealed against already: the decision on it is final.",
    )

    @api.depends("date_submitted", "cycle_id")
    def _compute_date_due(self):
        for appeal in self:
            # sudo: the deadline of the cycle is meant for everybody
            days = appeal.cycle_id.sudo().appeal_decision_days
            start = appeal.date_submitted or fields.Date.context_today(appeal)
            appeal.date_due = fields.Date.add(start, days=days)

    @api.depends("scorecard_id")
    def _compute_display_name(self):
        for appeal in self:
            appeal.display_name = self.env._(
                "Appeal: %s", appeal.scorecard_id.display_name or ""
            )

    @api.constrains("decider_id")
    def _check_decider(self):
        for appeal in self.filtered("decider_id"):
            # sudo: who names the decider need not read who appraised and calibrated
            reasons = appeal.sudo()._get_conflicts(appeal.decider_id)
            if reasons:
                raise ValidationError("\n".join(reasons))

    @api.model_create_multi
    def create(self, vals_list):
        appeals = super().create(vals_list)
        appeals._check_can_submit()
        appeals.sudo()._ask_for_decider()  # tasks of others; the rights were checked
        return appeals

    def write(self, vals):
        if not self.env.su and "decider_id" in vals:
            self._check_can_assign()
        result = super().write(vals)
        if "decider_id" in vals:
            self.sudo()._ask_decider()  # tasks of others; the rights were checked
        return result

    def copy(self, default=None):  # pylint: disable=method-required-super
        raise UserError(self.env._("An appeal is submitted once, by who appeals."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Appeals are kept: withdraw it instead."))

    def _has_field_access(self, field, operation):
        if (
            operation == "write"
            and field.name == "decider_id"
            and not self.env.su
            and not self.env.user.has_group("bsc_appraisal.group_appraisal_manager")
        ):
            return False
        return super()._has_field_access(field, operation)

    def _get_possible_followers(self):
        return self.user_id | self._get_committee()

    def _check_can_submit(self):
        for appeal in self:
            if not (appeal.reason or "").strip():
                raise UserError(
                    self.env._("Say what is wrong in the result, and what shows it.")
                )
            # sudo: who may appeal is asked here, not who may read what
            reasons = appeal.scorecard_id.sudo()._get_cannot_appeal_reasons()
            if reasons:
                raise UserError("\n".join(reasons))
            if not self.env.su and appeal.user_id != self.env.user:
                raise AccessError(self.env._("Everybody appeals for himself."))

    def _check_can_assign(self):
        for appeal in self:
            if appeal.state != "open":
                raise UserError(self.env._("This appeal is decided already."))
            if self.env.user in appeal.user_id | appeal.appraiser_id:
                raise UserError(
                    self.env._(
                        "Whose result it is, and who appraised, do not choose who"
                        " decides: another appraisal manager does."
                    )
                )
