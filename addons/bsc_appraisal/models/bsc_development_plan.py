from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..tools import development

FOCUS_COUNT = 3
DAYS = 180


class BscDevelopmentPlan(models.Model):
    """What somebody learns after a result, agreed with him, and whether it helped.

    ===========  ============================  =======================================
    Action       Who                           When
    ===========  ============================  =======================================
    prepare      appraiser, appraisal officer  the result is published
    agree        employee, and appraiser or    draft with steps; any change asks both
                 officer                       again
    finish       appraiser, officer            agreed, every step done or dropped
    re-assess    by itself                     a later result is published
    ===========  ============================  =======================================

    Nobody prepares, agrees or finishes his own plan as appraiser or officer. After a
    poor result a promotion needs a finished plan *and* a later result above the poor
    grades.
    """

    _name = "bsc.development.plan"
    _description = "Development Plan"
    _inherit = ["bsc.about.scorecard.mixin", "bsc.confidential.mixin"]
    _order = "id desc"
    _check_company_auto = True

    _PROTECTED = frozenset(
        {
            *("state", "date_done", "reassessment_id", "employee_agreed_date"),
            *("manager_agreed_date", "manager_agreed_id"),
        }
    )
    # What both agree on.
    _CONTENT = frozenset({"goal", "date_deadline", "action_ids", "focus_ids"})

    name = fields.Char(compute="_compute_name")
    scorecard_id = fields.Many2one(
        string="Result",
        domain=[("published_date", "!=", False), ("subject_kind", "=", "employee")],
        check_company=True,
    )
    rating_id = fields.Many2one(related="scorecard_id.published_rating_id")
    rating_color = fields.Integer(related="scorecard_id.published_rating_color")
    is_required = fields.Boolean(
        compute="_compute_is_required",
        compute_sudo=True,
        help="The result is poor: no promotion before the plan is finished and a later"
        " result is better.",
    )
    goal = fields.Text(help="What shall be different afterwards, and who notices it.")
    date_deadline = fields.Date(
        string="Finished By",
        required=True,
        default=lambda self: fields.Date.add(
            fields.Date.context_today(self), days=DAYS
        ),
        tracking=True,
    )
    focus_ids = fields.One2many("bsc.development.focus", "plan_id", string="Works On")
    action_ids = fields.One2many("bsc.development.action", "plan_id", string="Steps")
    progress = fields.Float(
        string="Done (%)",
        digits=(5, 2),
        compute="_compute_progress",
        store=True,
        aggregator="avg",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("agreed", "Agreed"),
            ("done", "Finished"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    employee_agreed_date = fields.Date(
        string="Employee Agreed On", readonly=True, copy=False
    )
    manager_agreed_date = fields.Date(
        string="Appraiser Agreed On", readonly=True, copy=False
    )
    manager_agreed_id = fields.Many2one(
        "res.users", string="Agreed For the Company By", readonly=True, copy=False
    )
    date_done = fields.Date(string="Finished On", readonly=True, copy=False)

    _open_uniq = models.UniqueIndex(
        "(scorecard_id) WHERE state <> 'cancelled'",
        "This result has a development plan already: open it, or cancel it first.",
    )

    @api.depends("employee_id.name", "cycle_id.name")
    def _compute_name(self):
        for plan in self:
            plan.name = f"{plan.employee_id.name or ''} · {plan.cycle_id.name or ''}"

    @api.depends("name")
    def _compute_display_name(self):
        for plan in self:
            plan.display_name = plan.name

    @api.depends("scorecard_id.published_date", "scorecard_id.rating_id.is_poor")
    def _compute_is_required(self):
        for plan in self:
            plan.is_required = plan.rating_id.is_poor

    @api.depends("action_ids.state")
    def _compute_progress(self):
        for plan in self:
            plan.progress = development.progress(plan.action_ids.mapped("state"))

    @api.model_create_multi
    def create(self, vals_list):
        plans = super().create(vals_list)
        plans._check_result()
        for plan in plans:
            if not plan.focus_ids:
                plan._propose_focus()
            # sudo: consequences are listed by whatever decides on them
            plan.scorecard_id.sudo()._set_outcome("training", "proposed", plan.sudo())
        return plans

    def write(self, vals):
        evidence = self._get_evidence(vals)
        if evidence:
            for step, values in evidence.items():
                step.write(values)
            return True
        if not self.env.su and "scorecard_id" in vals:
            raise UserError(
                self.env._("A plan belongs to one result: prepare another plan.")
            )
        if not self.env.su and self._CONTENT & vals.keys():
            self._check_content_open()
            self._void_agreement()
        return super().write(vals)

    def _get_evidence(self, vals):
        """Return what a form writes on steps when it is nothing but evidence.

        Those who carry steps out write it there and cannot write on the plan.

        :return: ``{step: values}``, empty when anything else is written
        """
        steps = {step.id: step for step in self.action_ids} if self.ids else {}
        found = {}
        for command in vals["action_ids"] if set(vals) == {"action_ids"} else ():
            if command[0] == Command.LINK and command[1] in steps:
                continue
            if (
                command[0] != Command.UPDATE
                or command[1] not in steps
                or not set(command[2]) <= steps[command[1]]._EVIDENCE
            ):
                return {}
            found[steps[command[1]]] = command[2]
        return found

    def copy(self, default=None):  # pylint: disable=method-required-super
        raise UserError(self.env._("Prepare a plan from the result it follows."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Development plans are kept: cancel it instead."))

    def _get_possible_followers(self):
        return self.user_id | self.appraiser_id | self.manager_agreed_id

    def _check_result(self):
        for plan in self:
            card = plan.scorecard_id
            if card.subject_kind != "employee" or not card.published_date:
                raise UserError(
                    self.env._(
                        "A development plan follows the published result of a person;"
                        " “%s” is none.",
                        card.display_name,
                    )
                )
            if not self.env.su and plan.user_id == self.env.user:
                raise UserError(
                    self.env._(
                        "Your own plan is prepared by your appraiser or by another"
                        " appraisal officer."
                    )
                )

    def _check_content_open(self):
        """:raise UserError: both agreed on it, or it is over"""
        closed = self.filtered(lambda plan: plan.state != "draft")
        if closed and not self.env.su:
            raise UserError(
                self.env._(
                    "“%s” was agreed: reopen it to change what was agreed.",
                    closed[0].display_name,
                )
            )

    def _void_agreement(self):
        """Ask both again: what one of them agreed on has changed."""
        agreed = self.filtered(
            lambda plan: (
                plan.state == "draft"
                and (plan.employee_agreed_date or plan.manager_agreed_date)
            )
        )
        agreed.sudo().write(  # closed to clients, follows from the change
            {
                "employee_agreed_date": False,
                "manager_agreed_date": False,
                "manager_agreed_id": False,
            }
        )

    def _propose_focus(self):
        """Take the lines of the result on which most was lost."""
        self.ensure_one()
        lines = {
            line.id: development.Line(line.points, line.effective_weight)
            for line in self.scorecard_id.line_ids
            if line.status == "reported"
        }
        # sudo: whoever prepares the plan was checked by its own access rules
        self.env["bsc.development.focus"].sudo().create(
            [
                {"plan_id": self.id, "line_id": line_id, "points_lost": loss}
                for line_id, loss in development.weakest(lines, FOCUS_COUNT)
            ]
        )
