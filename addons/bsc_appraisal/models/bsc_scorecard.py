from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class BscScorecard(models.Model):
    """One subject in one cycle: what it is measured by, and how far it came.

    ==========================  ======================================================
    Who                         What
    ==========================  ======================================================
    the employee                reads his own, proposes and accepts targets
    the appraiser               prepares those he appraises while they are drafts
    managers up the tree        read those of their people
    appraisal officer           prepares all drafts of his companies but his own
    appraisal manager           the same; finishes them by moving the cycle
    auditor                     reads all
    ==========================  ======================================================

    Whom it is about, who appraises, the state and every figure are closed to clients:
    they are set when it is made, by the actions, and by the scoring.
    """

    _name = "bsc.scorecard"
    _description = "Scorecard"
    _inherit = ["bsc.subject.mixin", "bsc.confidential.mixin"]
    _order = "cycle_id desc, subject_rank, name, id"
    _rec_names_search = ["name"]
    _check_company_auto = True

    # Open while a card is made, closed ever after.
    _IDENTITY = frozenset(
        {"cycle_id", "subject_kind", "department_id", "job_id", "employee_id"}
    )
    _PROTECTED = frozenset(
        {
            "state",
            "responsible_id",
            "appraiser_id",
            "score",
            "raw_score",
            "coverage",
            "is_complete",
            "grade_id",
            "score_date",
            "perspective_scores",
            "subject_key",
            "company_id",
        }
    )

    cycle_id = fields.Many2one(
        "bsc.cycle",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        domain=[("state", "in", ("plan", "coach"))],
    )
    company_id = fields.Many2one(
        related="cycle_id.company_id", store=True, precompute=True, index=True
    )
    stage = fields.Selection(related="cycle_id.state")
    subject_rank = fields.Integer(compute="_compute_subject_rank", store=True)
    subject_key = fields.Char(index=True)
    parent_id = fields.Many2one(
        "bsc.scorecard",
        string="Serves",
        check_company=True,
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        domain="[('cycle_id', '=', cycle_id), ('subject_kind', 'in', ('company',"
        " 'department')), ('id', '!=', id)]",
    )
    child_ids = fields.One2many("bsc.scorecard", "parent_id", string="Served By")
    line_ids = fields.One2many("bsc.scorecard.line", "scorecard_id", copy=True)
    line_count = fields.Integer(compute="_compute_line_totals")
    weight_total = fields.Float(
        string="Weights (%)", digits=(16, 2), compute="_compute_line_totals"
    )
    state = fields.Selection(
        [("draft", "Draft"), ("agreed", "Agreed"), ("final", "Final")],
        required=True,
        default="draft",
        copy=False,
        index=True,
    )
    note = fields.Text(help="What to watch in this cycle.")

    _subject_uniq = models.UniqueIndex(
        "(cycle_id, subject_key)", "This subject has a scorecard in this cycle already."
    )

    @api.depends("subject_kind")
    def _compute_subject_rank(self):
        kinds = list(dict(self._fields["subject_kind"].selection))
        for card in self:
            card.subject_rank = kinds.index(card.subject_kind or kinds[-1])

    @api.depends("name", "cycle_id.name")
    def _compute_display_name(self):
        for card in self:
            card.display_name = f"{card.name or ''} · {card.cycle_id.name or ''}"

    @api.depends("line_ids.weight")
    def _compute_line_totals(self):
        for card in self:
            card.line_count = len(card.line_ids)
            card.weight_total = sum(card.line_ids.mapped("weight"))

    @api.constrains("parent_id")
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._("A scorecard cannot serve itself, directly or by others.")
            )

    @api.model_create_multi
    def create(self, vals_list):
        cards = super().create(vals_list)
        cards._check_cycle_open()
        cards.filtered(lambda card: not card.parent_id)._assign_parent()
        return cards

    def copy(self, default=None):  # pylint: disable=method-required-super
        raise UserError(
            self.env._(
                "A subject has one scorecard per cycle: generate the next cycle."
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        kept = self.filtered(lambda card: card.state != "draft")
        if kept:
            raise UserError(
                self.env._(
                    "“%s” was agreed: it stays. Only drafts can be deleted.",
                    kept[0].display_name,
                )
            )

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in self._PROTECTED and not self.env.su:
            return False
        if (
            operation == "write"
            and field.name in self._IDENTITY
            and not self.env.su
            and any(self._ids)
        ):
            return False
        return super()._has_field_access(field, operation)

    def _check_cycle_open(self):
        for cycle in self.cycle_id:
            if cycle.state not in ("plan", "coach"):
                raise UserError(
                    self.env._(
                        "“%s” takes no new scorecards: it is being assessed.",
                        cycle.name,
                    )
                )
