from odoo import api, fields, models
from odoo.exceptions import UserError

LISTED = 5
BUDGET_READERS = (
    "budget_performance.group_budget_owner,budget_performance.group_performance_auditor"
)


class BscBudgetRecommendation(models.Model):
    """What the published result of a department suggests for its next budget.

    It is computed by rule and cause and never changes money by itself: finance makes a
    draft adjustment of it, or drops it and says why. It tells results of departments,
    nothing about people; amounts are for those who may read budgets.
    """

    _name = "bsc.budget.recommendation"
    _description = "Next Budget Recommendation"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "cycle_id desc, department_id, id"
    _check_company_auto = True

    # People say the cause and why; everything else is computed or follows actions.
    _OPEN = frozenset({"cause_id", "note"})

    name = fields.Char(compute="_compute_name")
    scorecard_id = fields.Many2one(
        "bsc.scorecard",
        string="Result",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="scorecard_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    cycle_id = fields.Many2one(
        related="scorecard_id.cycle_id", store=True, precompute=True, index=True
    )
    department_id = fields.Many2one(
        related="scorecard_id.department_id", store=True, precompute=True, index=True
    )
    user_id = fields.Many2one(
        related="scorecard_id.responsible_id",
        string="Head of the Department",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    score = fields.Float(digits=(16, 2), readonly=True, aggregator="avg")
    cause_id = fields.Many2one(
        "performance.budget.cause",
        ondelete="restrict",
        tracking=True,
        help="Why targets were missed. Taken from the budget lines of the department;"
        " correct it and compute again.",
    )
    rule_id = fields.Many2one("bsc.budget.rule", readonly=True, ondelete="restrict")
    effect = fields.Selection(related="rule_id.effect", store=True)
    advice = fields.Text(related="rule_id.note", string="Advice")
    facts = fields.Json(readonly=True)
    justification = fields.Text(compute="_compute_justification")
    line_ids = fields.One2many(
        "bsc.budget.recommendation.line",
        "recommendation_id",
        readonly=True,
        groups=BUDGET_READERS,
    )
    amount = fields.Monetary(
        string="Proposed",
        compute="_compute_amount",
        store=True,
        groups=BUDGET_READERS,
    )
    note = fields.Text(string="Decision", help="Why it is followed or dropped.")
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("adjusting", "In an Adjustment"),
            ("applied", "Applied"),
            ("dropped", "Dropped"),
        ],
        required=True,
        default="proposed",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    adjustment_id = fields.Many2one(
        "performance.budget.adjustment",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups=BUDGET_READERS,
    )

    _once = models.UniqueIndex(
        "(scorecard_id)", "This result has a recommendation already."
    )

    @api.depends("department_id.name", "cycle_id.name")
    def _compute_name(self):
        for one in self:
            one.name = f"{one.department_id.name or ''} · {one.cycle_id.name or ''}"

    @api.depends("name")
    def _compute_display_name(self):
        for one in self:
            one.display_name = one.name

    @api.depends("line_ids.amount")
    def _compute_amount(self):
        for one in self:
            one.amount = sum(one.line_ids.mapped("amount"))

    @api.depends("facts", "rule_id", "cause_id", "score")
    @api.depends_context("lang")
    def _compute_justification(self):
        for one in self:
            one.justification = one._describe()

    def write(self, vals):
        if not self.env.su and self._OPEN & vals.keys():
            closed = self.filtered(lambda one: one.state in ("applied", "dropped"))
            if closed:
                raise UserError(
                    self.env._("“%s” is decided already.", closed[0].display_name)
                )
        return super().write(vals)

    def copy(self, default=None):  # pylint: disable=method-required-super
        raise UserError(self.env._("Recommendations are computed, not copied."))

    def _has_field_access(self, field, operation):
        if (
            operation == "write"
            and not self.env.su
            and field.name not in self._OPEN
            and field.name not in self.env["mail.thread"]._fields
            and field.name not in self.env["mail.activity.mixin"]._fields
        ):
            return False
        return super()._has_field_access(field, operation)

    def _describe(self):
        """Return the reason with its figures: a result of the department as a whole."""
        self.ensure_one()
        facts = self.facts or []
        rows = [
            self.env._(
                "- %(indicator)s: %(points).1f %% of the target",
                indicator=self.env["bsc.indicator"].browse(indicator).display_name,
                points=points,
            )
            for indicator, points in facts[:LISTED]
        ]
        head = self.env._(
            "%(department)s scored %(score).2f in “%(cycle)s”.",
            department=self.department_id.name,
            score=self.score,
            cycle=self.cycle_id.name,
        )
        if self.cause_id:
            head += " " + self.env._("Cause: %s.", self.cause_id.name)
        if not self.rule_id:
            head += " " + self.env._("No rule fits: say the cause, or add a rule.")
        return "\n".join([head, *rows])
