from odoo import api, fields, models
from odoo.exceptions import UserError


class BscScorecard(models.Model):
    """No published result without its consequence, or a word why there is none."""

    _inherit = "bsc.scorecard"

    published_days = fields.Integer(
        string="Days Since Publication", compute="_compute_published_days"
    )
    can_decide_outcome = fields.Boolean(compute="_compute_can_decide_outcome")

    @api.depends("published_date")
    def _compute_published_days(self):
        now = fields.Datetime.now()
        for card in self:
            card.published_days = (
                (now - card.published_date).days if card.published_date else 0
            )

    @api.depends("published_date", "outcome_state")
    @api.depends_context("uid")
    def _compute_can_decide_outcome(self):
        is_officer = self._is_appraisal_officer()
        for card in self:
            card.can_decide_outcome = (
                is_officer
                and bool(card.published_date)
                and card.responsible_id != self.env.user
            )

    def action_decide_no_outcome(self):
        """Ask why these results have no consequence."""
        self._check_can_decide_outcome()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "bsc_appraisal.bsc_outcome_none_action"
        )
        return {**action, "context": {"default_scorecard_ids": self.ids}}

    def action_open_outcomes(self):
        """Open the consequences of these results."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "bsc_appraisal.bsc_outcome_action"
        )
        return {**action, "domain": [("scorecard_id", "in", self.ids)]}

    def _check_can_decide_outcome(self):
        """:raise UserError: not published, his own, or he is no officer"""
        self.check_access("read")
        for card in self:
            if not card.can_decide_outcome:
                raise UserError(
                    self.env._(
                        "“%s”: an appraisal officer decides on the consequences of"
                        " published results, and nobody on his own.",
                        card.display_name,
                    )
                )

    def _decide_no_outcome(self, reason):
        """Note that the results have no consequence, and why.

        :raise UserError: not his to decide, no reason, or there is a consequence
        """
        self._check_can_decide_outcome()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the result has no consequence."))
        for card_sudo in self.sudo():  # outcomes are written by decisions only
            if card_sudo.outcome_state != "missing":
                raise UserError(
                    self.env._(
                        "“%s” has a consequence already.", card_sudo.display_name
                    )
                )
            outcome = card_sudo._set_outcome("none", "applied", card_sudo)
            outcome.write({"reason": reason.strip(), "user_id": self.env.uid})
