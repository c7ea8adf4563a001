from odoo import api, fields, models
from odoo.exceptions import UserError


class BscScorecard(models.Model):
    """From a result to the development plan or the budget that follows it."""

    _inherit = "bsc.scorecard"

    development_plan_ids = fields.One2many("bsc.development.plan", "scorecard_id")
    budget_recommendation_ids = fields.One2many(
        "bsc.budget.recommendation", "scorecard_id"
    )
    development_plan_count = fields.Integer(compute="_compute_development_plan")
    can_plan_development = fields.Boolean(compute="_compute_development_plan")

    @api.depends("development_plan_ids.state", "published_date", "subject_kind")
    @api.depends_context("uid")
    def _compute_development_plan(self):
        is_officer = self._is_appraisal_officer()
        for card in self:
            plans = card.development_plan_ids
            kept = plans.filtered(lambda plan: plan.state != "cancelled")
            card.development_plan_count = len(plans)
            card.can_plan_development = (
                bool(card.published_date)
                and card.subject_kind == "employee"
                and not kept
                and card.responsible_id != self.env.user
                and (is_officer or card.appraiser_id == self.env.user)
            )

    def action_plan_development(self):
        """Prepare a development plan from the weakest indicators and open it.

        A second click opens the plan that there is.

        :raise UserError: not published, no person, or not his to prepare
        """
        self.ensure_one()
        self.check_access("read")
        kept = self.development_plan_ids.filtered(
            lambda plan: plan.state != "cancelled"
        )
        if kept:
            return kept[0]._get_records_action()
        if not self.can_plan_development:
            raise UserError(
                self.env._(
                    "A development plan follows the published result of a person; the"
                    " appraiser or an appraisal officer prepares it, and nobody his"
                    " own."
                )
            )
        plan = self.env["bsc.development.plan"].create({"scorecard_id": self.id})
        return plan._get_records_action()

    def action_open_development_plans(self):
        """Open the development plans that follow this result."""
        self.check_access("read")
        return self.development_plan_ids._get_records_action()

    def _recommend_budget(self):
        """Recommend the next budget of published departments, in sudo."""
        return self.env["bsc.budget.recommendation"]._recommend(self)
