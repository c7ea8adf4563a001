from odoo import api, fields, models
from odoo.exceptions import UserError


class BscScorecard(models.Model):
    """What others say, beside the figures: information, not part of the score."""

    _inherit = "bsc.scorecard"

    feedback_ids = fields.One2many(
        "bsc.feedback", "scorecard_id", string="Feedback Rounds"
    )
    feedback_id = fields.Many2one("bsc.feedback", compute="_compute_feedback")
    feedback_score = fields.Float(
        string="Feedback (1–5)",
        digits=(4, 2),
        compute="_compute_feedback",
        help="The weighted mark of all groups that may be shown; for information.",
    )

    @api.depends(
        "feedback_ids.is_shown_to_subject", "feedback_ids.is_shown_to_appraiser"
    )
    @api.depends_context("uid")
    def _compute_feedback(self):
        rounds = self.env["bsc.feedback"].search([("scorecard_id", "in", self.ids)])
        # Rules decide who reads which figure; what may not be read stays empty.
        totals = self.env["bsc.feedback.result"].search(
            [
                ("feedback_id", "in", rounds.ids),
                ("rater_group", "=", "all"),
                ("competency_id", "=", False),
            ]
        )
        by_card = {one.scorecard_id.id: one for one in rounds}
        marks = {one.feedback_id.id: one.value for one in totals}
        for card in self:
            card.feedback_id = by_card.get(card._origin.id, rounds.browse())
            card.feedback_score = marks.get(card.feedback_id.id, 0.0)

    def action_open_feedback(self):
        """Open the feedback round of this scorecard."""
        self.ensure_one()
        if not self.feedback_id:
            raise UserError(
                self.env._("There is no feedback round about “%s” yet.", self.name)
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "bsc.feedback",
            "res_id": self.feedback_id.id,
            "views": [(False, "form")],
        }

    def action_launch_feedback(self):
        """Prepare feedback rounds for the chosen people of one cycle."""
        people = self.filtered(lambda card: card.subject_kind == "employee")
        if not people or len(people.cycle_id) > 1:
            raise UserError(
                self.env._("Choose scorecards of employees, all in the same cycle.")
            )
        action = people.cycle_id.action_launch_feedback()
        # sudo: whether there is a round, not what is in it
        new = people.filtered(lambda card: not card.sudo().feedback_ids)
        action["context"] |= {"default_scorecard_ids": new.ids}
        return action

    def _get_feedback_score(self):
        """Return the mark from 1 to 5 of a closed round, or None.

        For what takes feedback into account; call it in sudo, and show nothing from
        which it can be computed back before the round is shown.
        """
        self.ensure_one()
        return self.feedback_ids._get_score() if self.feedback_ids else None
