from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import formatLang

from ..tools.weights import is_complete, missing, total


class BscPerspective(models.Model):
    """One side from which results are looked at, with its share of the whole.

    A perspective without a company is shared. Sums are those of one company: the
    perspective's own or, for a shared one, the company the user works in.
    """

    _name = "bsc.perspective"
    _description = "Scorecard Perspective"
    _inherit = ["mail.thread"]
    _order = "sequence, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    description = fields.Text(translate=True)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        help="Leave empty to share the perspective between all companies.",
    )
    weight = fields.Float(
        string="Weight (%)",
        digits=(7, 4),
        tracking=True,
        help="Share of the scorecard. The perspectives of a company sum to 100 %.",
    )
    indicator_ids = fields.One2many("bsc.indicator", "perspective_id")
    indicator_count = fields.Integer(
        string="Active Indicators", compute="_compute_indicator_totals"
    )
    indicator_weight_total = fields.Float(
        string="Indicator Weights (%)",
        digits=(16, 4),
        compute="_compute_indicator_totals",
        help="Sum of the local weights of the active indicators.",
    )
    scorecard_weight_total = fields.Float(
        string="Perspective Weights (%)",
        digits=(16, 4),
        compute="_compute_scorecard_weight_total",
        help="Sum of the weights of all perspectives of the company.",
    )
    weight_issue = fields.Text(compute="_compute_weight_issue")

    _code_company_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0), lower(code)) WHERE active IS TRUE",
        "Another perspective already has this code.",
    )
    _weight_range = models.Constraint(
        "CHECK (weight BETWEEN 0 AND 100)",
        "The weight of a perspective lies between 0 and 100 %.",
    )

    @api.depends("indicator_ids.weight", "indicator_ids.state", "company_id")
    @api.depends_context("company")
    def _compute_indicator_totals(self):
        for perspective in self:
            indicators = perspective._get_counted_indicators()
            perspective.indicator_count = len(indicators)
            perspective.indicator_weight_total = total(indicators.mapped("weight"))

    @api.depends("weight", "active", "company_id")
    @api.depends_context("company")
    def _compute_scorecard_weight_total(self):
        for company, perspectives in self.grouped(
            lambda perspective: perspective._get_company()
        ).items():
            in_effect = self.search(self._get_in_effect_domain(company))
            for perspective in perspectives:
                others = in_effect - perspective._origin
                weights = others.mapped("weight") + [perspective.weight]
                perspective.scorecard_weight_total = total(weights)

    @api.depends(
        "active",
        "indicator_count",
        "indicator_weight_total",
        "scorecard_weight_total",
        "weight",
    )
    @api.depends_context("company", "lang")
    def _compute_weight_issue(self):
        for perspective in self:
            issues = perspective._get_weight_issues() if perspective.active else []
            perspective.weight_issue = "\n".join(issues)

    @api.constrains("active")
    def _check_archived_without_active_indicator(self):
        archived = self.filtered(lambda perspective: not perspective.active)
        in_use = self.env["bsc.indicator"]._read_group(
            [("perspective_id", "in", archived.ids), ("state", "=", "active")],
            ["perspective_id"],
            ["__count"],
        )
        for perspective, count in in_use:
            raise ValidationError(
                self.env._(
                    "“%(perspective)s” still has active indicators (%(count)s). Retire"
                    " them or move them to another perspective first.",
                    perspective=perspective.name,
                    count=count,
                )
            )

    @api.constrains("company_id")
    def _check_company_of_indicators(self):
        for perspective in self.filtered("company_id"):
            # sudo: also the indicators of companies that the user does not see
            foreign = perspective.sudo().indicator_ids.filtered(
                lambda indicator, owner=perspective.company_id: (
                    indicator.company_id != owner
                )
            )
            if foreign:
                raise ValidationError(
                    self.env._(
                        "“%(perspective)s” cannot belong to %(company)s alone: other"
                        " companies have indicators in it.",
                        perspective=perspective.name,
                        company=perspective.company_id.name,
                    )
                )

    def _get_company(self):
        return self.company_id or self.env.company

    @api.model
    def _get_in_effect_domain(self, company):
        """Return the domain of the perspectives that make up a scorecard."""
        return [("company_id", "in", (False, company.id))]

    def _get_counted_indicators(self):
        """Return the indicators whose local weights sum to 100 %."""
        company = self._get_company()
        return self.indicator_ids.filtered(
            lambda indicator: (
                indicator.state == "active"
                and indicator.level == "enterprise"
                and indicator.company_id == company
            )
        )

    def _get_weight_issues(self) -> list[str]:
        """Say what keeps the weights from summing to 100 %, one sentence each."""
        issues = []
        if self.weight and not self.indicator_count:
            issues.append(
                self.env._(
                    "No active indicator yet: nothing measures this %(weight)s %% of"
                    " the scorecard.",
                    weight=self._format_weight(self.weight),
                )
            )
        elif self.indicator_count and not is_complete([self.indicator_weight_total]):
            issues.append(
                self.env._(
                    "The active indicators sum to %(total)s %%: %(difference)s.",
                    total=self._format_weight(self.indicator_weight_total),
                    difference=self._format_difference(self.indicator_weight_total),
                )
            )
        if not is_complete([self.scorecard_weight_total]):
            issues.append(
                self.env._(
                    "The perspectives of %(company)s sum to %(total)s %%:"
                    " %(difference)s.",
                    company=self._get_company().name,
                    total=self._format_weight(self.scorecard_weight_total),
                    difference=self._format_difference(self.scorecard_weight_total),
                )
            )
        return issues

    def _format_difference(self, weight_total: float) -> str:
        gap = missing([weight_total])
        shown = self._format_weight(abs(gap))
        if gap > 0:
            return self.env._("%s %% is missing", shown)
        return self.env._("%s %% too much", shown)

    def _format_weight(self, weight) -> str:
        return formatLang(self.env, float(weight), digits=2)
