from odoo import api, fields, models
from odoo.exceptions import UserError


class BscScorecard(models.Model):
    """The interview about the scorecard of a person."""

    _inherit = "bsc.scorecard"

    interview_ids = fields.One2many("bsc.interview", "scorecard_id")
    can_interview = fields.Boolean(compute="_compute_can_interview")

    @api.depends("interview_ids", "stage")
    @api.depends_context("uid")
    def _compute_can_interview(self):
        held = self.env["bsc.interview"].search([("scorecard_id", "in", self.ids)])
        open_to_user = held.scorecard_id
        for card in self:
            is_new = (
                card.stage not in (False, "plan", "closed") and card._leads_interview()
            )
            card.can_interview = card.subject_kind == "employee" and (
                card in open_to_user or is_new
            )

    def action_interview(self):
        """Open the interview; whoever leads it starts it with the first click."""
        self.ensure_one()
        self.check_access("read")
        Interview = self.env["bsc.interview"]
        interview = Interview.search([("scorecard_id", "=", self.id)])
        if not interview:
            if not self.can_interview:
                raise UserError(
                    self.env._(
                        "The appraiser or an appraisal officer starts the interview,"
                        " once the cycle runs."
                    )
                )
            interview = Interview.create({"scorecard_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "res_model": "bsc.interview",
            "res_id": interview.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def _leads_interview(self):
        """Tell whether the user leads the talk: never the employee himself."""
        if self.responsible_id == self.env.user:
            return False
        return self.appraiser_id == self.env.user or self.env.user.has_group(
            "bsc_appraisal.group_appraisal_officer"
        )
