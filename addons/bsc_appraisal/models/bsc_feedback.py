from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

OFFICER = "bsc_appraisal.group_appraisal_officer"
HR_READERS = f"{OFFICER},budget_performance.group_performance_auditor"


class BscFeedback(models.Model):
    """A round of feedback about one employee in one cycle.

    ===========  =====================================================================
    State        What happens
    ===========  =====================================================================
    draft        the employee names who should be asked
    proposed     the manager looks at the names and starts the round
    collecting   those who were asked answer; nobody sees anything
    closed       the answers were scored once and erased; what may be shown remains
    ===========  =====================================================================

    Who was asked (``bsc.feedback.invitation``) and what was answered
    (``bsc.feedback.answer``) have nothing in common but the round and the group. The
    round itself is not touched by an answer, so that nothing tells when one came.
    """

    _name = "bsc.feedback"
    _description = "Feedback Round"
    _inherit = ["bsc.confidential.mixin", "bsc.cycle.feedback.policy"]
    _order = "id desc"
    _rec_name = "employee_id"
    _check_company_auto = True

    _PROTECTED = frozenset(
        {"state", "date_started", "date_closed", "asked", "competency_ids"}
        | {"company_id", "is_shown_to_subject", "is_shown_to_appraiser"}
    )

    scorecard_id = fields.Many2one(
        "bsc.scorecard",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain=[("subject_kind", "=", "employee"), ("stage", "!=", "closed")],
    )
    company_id = fields.Many2one(
        related="scorecard_id.company_id", store=True, precompute=True, index=True
    )
    cycle_id = fields.Many2one(related="scorecard_id.cycle_id", store=True, index=True)
    employee_id = fields.Many2one(
        related="scorecard_id.employee_id", store=True, index=True
    )
    department_id = fields.Many2one(
        related="scorecard_id.reporting_department_id",
        store=True,
        index="btree_not_null",
    )
    responsible_id = fields.Many2one(
        related="scorecard_id.responsible_id",
        string="About",
        store=True,
        index="btree_not_null",
    )
    appraiser_id = fields.Many2one(
        related="scorecard_id.appraiser_id", store=True, index="btree_not_null"
    )
    state = fields.Selection(
        [
            ("draft", "Names Wanted"),
            ("proposed", "To Be Approved"),
            ("collecting", "Collecting"),
            ("closed", "Closed"),
        ],
        required=True,
        default="draft",
        copy=False,
        index=True,
    )
    date_deadline = fields.Date(
        string="Answers Until",
        required=True,
        default=lambda self: fields.Date.add(fields.Date.today(), days=14),
        copy=False,
    )
    date_started = fields.Date(readonly=True, copy=False)
    date_closed = fields.Date(readonly=True, copy=False)
    note = fields.Text(
        string="For the Raters", help="Shown above the questions, e.g. what it is for."
    )
    remark = fields.Text(
        string="Remark of the Manager",
        help="What the employee should change in the list of names.",
    )
    competency_ids = fields.Many2many(
        "bsc.competency",
        string="Questions",
        readonly=True,
        copy=False,
        context={"active_test": False},
        help="Frozen when the round starts.",
    )
    invitation_ids = fields.One2many(
        "bsc.feedback.invitation", "feedback_id", string="Raters"
    )
    asked = fields.Json(string="Names Asked", readonly=True, copy=False)
    asked_text = fields.Text(string="Asked", compute="_compute_asked_text")
    advice = fields.Text(compute="_compute_advice")
    progress = fields.Text(compute="_compute_progress", groups=OFFICER)
    result_ids = fields.One2many("bsc.feedback.result", "feedback_id")
    comment_ids = fields.One2many("bsc.feedback.comment", "feedback_id")
    flag_ids = fields.One2many("bsc.feedback.flag", "feedback_id", groups=HR_READERS)
    is_shown_to_subject = fields.Boolean(compute="_compute_is_shown", store=True)
    is_shown_to_appraiser = fields.Boolean(compute="_compute_is_shown", store=True)

    _scorecard_uniq = models.UniqueIndex(
        "(scorecard_id)", "There is a feedback round for this scorecard already."
    )

    @api.depends("employee_id.name", "cycle_id.name")
    def _compute_display_name(self):
        for feedback in self:
            # sudo: the name only; raters need not read employees
            names = (feedback.employee_id.sudo().name, feedback.cycle_id.name)
            feedback.display_name = " · ".join(filter(None, names))

    @api.depends("state", "feedback_shown_when", "scorecard_id.published_date")
    def _compute_is_shown(self):
        for feedback in self:
            is_closed = feedback.state == "closed"
            when = feedback.feedback_shown_when
            is_published = is_closed and bool(feedback.scorecard_id.published_date)
            feedback.is_shown_to_subject = is_published or (
                is_closed and when == "closed"
            )
            feedback.is_shown_to_appraiser = is_published or (
                is_closed and when in ("closed", "manager")
            )

    @api.depends("asked")
    @api.depends_context("lang")
    def _compute_asked_text(self):
        labels = self._get_group_labels()
        for feedback in self:
            feedback.asked_text = "\n".join(
                self.env._(
                    "%(group)s: %(names)s", group=label, names=feedback.asked[group]
                )
                for group, label in labels.items()
                if group in (feedback.asked or {})
            )

    @api.depends("invitation_ids.rater_group", "feedback_minimum", "state")
    @api.depends_context("lang", "uid")
    def _compute_advice(self):
        """Say which groups are too small before the round starts; afterwards the list
        of names is closed.
        """
        labels = self._get_group_labels()
        for feedback in self:
            counts = {}
            if feedback.state in ("draft", "proposed"):
                for invitation in feedback.invitation_ids:
                    group = invitation.rater_group
                    counts[group] = counts.get(group, 0) + 1
            least = feedback.feedback_minimum
            feedback.advice = "\n".join(
                self.env._(
                    "%(group)s: %(count)s named. With fewer than %(least)s answers the"
                    " group is not shown; name one or two more than that.",
                    group=labels[group],
                    count=counts[group],
                    least=least,
                )
                for group in ("peers", "reports", "customers")
                if 0 < counts.get(group, 0) < least
            )

    @api.depends("invitation_ids.state", "state")
    @api.depends_context("lang", "uid")
    def _compute_progress(self):
        """Count answers by group for HR: how many, never who, never about oneself."""
        labels = self._get_group_labels()
        # sudo: only the numbers leave this method
        rows = (
            self.env["bsc.feedback.invitation"]
            .sudo()
            ._read_group(
                [("feedback_id", "in", self.ids), ("state", "!=", "nominated")],
                ["feedback_id", "rater_group", "state"],
                ["__count"],
            )
        )
        counts = {}
        for feedback, group, state, count in rows:
            groups = counts.setdefault(feedback.id, {})
            states = groups.setdefault(group, {"all": 0})
            states["all"] += count
            states[state] = count
        for feedback in self:
            groups = {} if feedback._is_subject() else counts.get(feedback.id, {})
            feedback.progress = "\n".join(
                self.env._(
                    "%(group)s: %(answered)s of %(all)s answered,"
                    " %(declined)s declined",
                    group=label,
                    answered=groups[group].get("answered", 0),
                    declined=groups[group].get("declined", 0),
                    all=groups[group]["all"],
                )
                for group, label in labels.items()
                if group in groups
            )

    @api.constrains("scorecard_id")
    def _check_scorecard(self):
        for feedback in self:
            if feedback.scorecard_id.subject_kind != "employee":
                raise ValidationError(
                    self.env._("Feedback is about a person: choose an employee.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        feedbacks = super().create(vals_list)
        for feedback in feedbacks:
            feedback._check_may_manage()
            # sudo: the policy and the obvious raters are nobody's choice
            feedback.sudo()._prepare_round()
        return feedbacks

    def write(self, vals):
        if not self.env.su and vals.keys() - {"invitation_ids"}:
            self._check_not_subject()
        res = super().write(vals)
        if "date_deadline" in vals and not self.env.su:
            self._check_deadline()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        for feedback in self:
            feedback._check_may_manage()
            if feedback.state not in ("draft", "proposed"):
                raise UserError(
                    self.env._(
                        "“%s” has started: people were promised that their answers"
                        " count. Close it instead.",
                        feedback.display_name,
                    )
                )

    def _has_field_access(self, field, operation):
        if operation == "write" and not self.env.su:
            if field.name in self._PROTECTED or field.name.startswith("feedback_"):
                return False
            if field.name == "scorecard_id" and any(self._ids):
                return False
        return super()._has_field_access(field, operation)

    def _get_possible_followers(self):
        return self.responsible_id | self.appraiser_id

    def _get_group_labels(self) -> dict[str, str]:
        field = self.env["bsc.feedback.invitation"]._fields["rater_group"]
        return dict(field._description_selection(self.env))
