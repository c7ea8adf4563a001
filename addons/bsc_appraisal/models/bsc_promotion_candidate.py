from odoo import api, fields, models
from odoo.exceptions import UserError


class BscPromotionCandidate(models.Model):
    """One person on an eligibility list: computed, never typed."""

    _name = "bsc.promotion.candidate"
    _description = "Promotion Candidate"
    _order = "missing_count, score desc, id"
    _rec_name = "employee_id"

    list_id = fields.Many2one(
        "bsc.promotion.list",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="list_id.company_id", store=True, index=True)
    job_id = fields.Many2one(related="list_id.job_id", store=True, string="Post")
    employee_id = fields.Many2one(
        "hr.employee", required=True, readonly=True, index=True, ondelete="cascade"
    )
    department_id = fields.Many2one(
        related="employee_id.department_id", store=True, index="btree_not_null"
    )
    scorecard_id = fields.Many2one(
        "bsc.scorecard", string="Last Result", readonly=True, ondelete="cascade"
    )
    rating_id = fields.Many2one(related="scorecard_id.published_rating_id")
    rating_color = fields.Integer(related="scorecard_id.published_rating_color")
    score = fields.Float(related="scorecard_id.score", store=True, aggregator="avg")
    conditions = fields.Json(string="Conditions (Data)", readonly=True)
    missing_count = fields.Integer(string="Conditions Missing", readonly=True)
    is_eligible = fields.Boolean(
        string="Eligible", compute="_compute_is_eligible", store=True
    )
    explanation = fields.Text(compute="_compute_explanation")
    promotion_id = fields.Many2one(
        "bsc.promotion", string="Proposal", compute="_compute_promotion"
    )

    @api.depends("missing_count")
    def _compute_is_eligible(self):
        for candidate in self:
            candidate.is_eligible = not candidate.missing_count

    @api.depends("conditions")
    @api.depends_context("lang")
    def _compute_explanation(self):
        describe = self.env["bsc.promotion.rule"]._describe
        for candidate in self:
            candidate.explanation = describe(candidate.conditions)

    @api.depends("employee_id")
    def _compute_promotion(self):
        found = {
            promotion.employee_id: promotion
            for promotion in self.env["bsc.promotion"].search(
                [
                    ("employee_id", "in", self.employee_id.ids),
                    ("state", "in", ("draft", "submitted", "approved")),
                ]
            )
        }
        for candidate in self:
            candidate.promotion_id = found.get(candidate.employee_id, False)

    def action_propose(self):
        """Propose the promotion of a candidate, or open the proposal there is.

        :raise UserError: a condition is missing, or it is about oneself
        """
        self.ensure_one()
        self.check_access("read")
        if self.promotion_id:
            return self.promotion_id._get_records_action()
        if not self.is_eligible:
            raise UserError(
                self.env._(
                    "%(name)s cannot be promoted yet:\n%(conditions)s",
                    name=self.employee_id.name,
                    conditions=self.explanation,
                )
            )
        listing = self.list_id
        promotion = self.env["bsc.promotion"].create(
            {
                "company_id": self.company_id.id,
                "employee_id": self.employee_id.id,
                "job_id": listing.job_id.id,
                "department_id": listing.department_id.id,
                "date_effective": listing.date_effective,
            }
        )
        return promotion._get_records_action()
