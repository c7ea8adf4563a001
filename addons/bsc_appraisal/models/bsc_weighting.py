from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.ahp import MAX_ITEMS


class BscWeighting(models.Model):
    """An AHP study: experts compare the parts of one node of the scorecard in pairs.

    The node is the whole scorecard (its perspectives) or one perspective (its active
    indicators).

    ==============  =====================  ==========================================
    Action          Who                    When
    ==============  =====================  ==========================================
    read            the experts invited    open or closed
    read            officer, auditor       always
    prepare         the owner              draft
    open, close     the owner              draft; open, with enough answers
    judge           the expert himself     open, not handed in
    read judgement  the expert himself     always; officer and auditor once closed
    ==============  =====================  ==========================================

    The owner is an appraisal officer; an appraisal manager may do all that an owner
    may. Nobody sees the judgements of another before the study is closed, and what
    comes out is written by closing alone.
    """

    _name = "bsc.weighting"
    _description = "Weighting Study"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    # Open while the study is prepared, closed when the first expert is asked.
    _FROZEN = frozenset(
        {"company_id", "perspective_id", "scale", "method", "threshold"}
    )
    # Open until the study is over.
    _ASKED = frozenset(
        {"name", "owner_id", "min_experts", "date_deadline", "note", "expert_ids"}
    )

    name = fields.Char(required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    perspective_id = fields.Many2one(
        "bsc.perspective",
        string="Indicators Of",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        help="The perspective whose active indicators are compared. Empty: the"
        " perspectives themselves.",
    )
    scale = fields.Selection(
        [("5", "1 to 5"), ("9", "1 to 9")],
        required=True,
        default="9",
        help="1: equally important; the highest number: far more important.",
    )
    method = fields.Selection(
        [
            ("eigenvector", "Eigenvector"),
            ("geometric_mean", "Row geometric mean"),
        ],
        required=True,
        default="eigenvector",
    )
    threshold = fields.Float(
        string="Consistency Limit",
        digits=(4, 3),
        default=0.1,
        help="Answers with this consistency ratio or more go back to the expert.",
    )
    min_experts = fields.Integer(
        string="Least Answers",
        default=3,
        help="So many experts have to hand in before the study can be closed.",
    )
    owner_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        check_company=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        tracking=True,
    )
    date_deadline = fields.Date(string="Answers Until")
    note = fields.Text(
        string="Question",
        help="What the experts should have in mind when they compare.",
    )
    criterion_ids = fields.One2many("bsc.weighting.criterion", "weighting_id")
    # Who else takes part is not for the experts.
    expert_ids = fields.One2many(
        "bsc.weighting.expert",
        "weighting_id",
        groups="bsc_appraisal.group_appraisal_officer,"
        "budget_performance.group_performance_auditor",
    )
    version_ids = fields.One2many("bsc.weighting.version", "weighting_id")
    criterion_count = fields.Integer(compute="_compute_counts")
    expert_count = fields.Integer(compute="_compute_counts")
    answer_count = fields.Integer(string="Handed In", compute="_compute_counts")

    _threshold_range = models.Constraint(
        "CHECK (threshold > 0 AND threshold <= 1)",
        "The consistency limit lies between 0 and 1; 0.1 is usual.",
    )
    _min_experts_range = models.Constraint(
        "CHECK (min_experts >= 1)", "At least one expert has to answer."
    )

    @api.depends("criterion_ids", "expert_ids.state")
    def _compute_counts(self):
        # sudo: how many take part is no secret to an expert, who they are is. Counted
        # by the database, so that the people do not stand in the cache afterwards.
        Expert_sudo = self.env["bsc.weighting.expert"].sudo()
        counts = {
            study: (count, states.count("submitted"))
            for study, count, states in Expert_sudo._read_group(
                [("weighting_id", "in", self.ids)],
                ["weighting_id"],
                ["__count", "state:array_agg"],
            )
        }
        for study in self:
            study.criterion_count = len(study.criterion_ids)
            study.expert_count, study.answer_count = counts.get(study._origin, (0, 0))

    @api.constrains("owner_id")
    def _check_owner_is_officer(self):
        for study in self:
            owner = study.owner_id.sudo()  # groups of another user
            if not owner.has_group("bsc_appraisal.group_appraisal_officer"):
                raise ValidationError(
                    self.env._(
                        "“%s” is no appraisal officer and cannot own the study.",
                        owner.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        studies = super().create(vals_list)
        studies._load_criteria()
        return studies

    def write(self, vals):
        if not self.env.su:
            if self._FROZEN & vals.keys():
                self._check_draft()
            if self._ASKED & vals.keys():
                for study in self:
                    study._check_state("draft", "open")
        result = super().write(vals)
        if {"perspective_id", "company_id"} & vals.keys():
            self.filtered(lambda study: study.state == "draft")._load_criteria()
        return result

    def copy_data(self, default=None):
        """Ask the same people again, in a new study."""
        vals_list = super().copy_data(default)
        for study, vals in zip(self, vals_list, strict=True):
            if "name" not in (default or {}):
                vals["name"] = self.env._("%s (copy)", study.name)
            vals["expert_ids"] = [
                Command.create({"user_id": expert.user_id.id, "weight": expert.weight})
                for expert in study.expert_ids
            ]
        return vals_list

    def action_load_criteria(self):
        """Take the perspectives or indicators as they are now."""
        self.check_access("write")
        self._check_draft()
        self._load_criteria()

    def _check_draft(self):
        if any(study.state != "draft" for study in self):
            raise UserError(
                self.env._(
                    "The experts are asked already: what they compare and how stays"
                    " as it is. Cancel the study and copy it to ask differently."
                )
            )

    def _load_criteria(self):
        Criterion_sudo = self.env["bsc.weighting.criterion"].sudo()  # made here only
        for study in self:
            study.sudo().criterion_ids.unlink()  # made here only
            Criterion_sudo.create(
                [
                    study._prepare_criterion_vals(rank, part)
                    for rank, part in enumerate(study._get_parts())
                ]
            )

    def _prepare_criterion_vals(self, rank, part) -> dict:
        key = "indicator_id" if self.perspective_id else "perspective_id"
        return {"weighting_id": self.id, "sequence": rank, key: part.id}

    def _get_parts(self):
        """Return what makes up the node now: perspectives, or active indicators."""
        if not self.perspective_id:
            Perspective = self.env["bsc.perspective"]
            return Perspective.search(
                Perspective._get_in_effect_domain(self.company_id)
            )
        return self.env["bsc.indicator"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("perspective_id", "=", self.perspective_id.id),
                ("state", "=", "active"),
                ("level", "=", "enterprise"),
            ]
        )

    def _get_gaps(self) -> list[str]:
        """Say what keeps the study from being opened, one sentence each."""
        count = len(self.criterion_ids)
        gaps = []
        if count < 2:
            gaps.append(
                self.env._("There is nothing to compare: at least two are needed.")
            )
        if count > MAX_ITEMS:
            gaps.append(
                self.env._(
                    "%(count)s are too many to compare in pairs: at most %(limit)s."
                    " Split the perspective.",
                    count=count,
                    limit=MAX_ITEMS,
                )
            )
        if len(self.expert_ids) < self.min_experts:
            gaps.append(
                self.env._(
                    "Invite at least %(least)s experts, there are %(count)s.",
                    least=self.min_experts,
                    count=len(self.expert_ids),
                )
            )
        return gaps
