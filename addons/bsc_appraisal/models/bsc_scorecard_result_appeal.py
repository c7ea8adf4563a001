from odoo import api, fields, models


class BscScorecard(models.Model):
    """The way to challenge a published result."""

    _inherit = "bsc.scorecard"

    appeal_ids = fields.One2many("bsc.appeal", "scorecard_id", string="Appeals")
    appeal_until = fields.Date(compute="_compute_appeal_until")
    can_appeal = fields.Boolean(compute="_compute_can_appeal")

    @api.depends("published_date", "cycle_id.appeal_days")
    def _compute_appeal_until(self):
        for card in self:
            published = card.published_date
            card.appeal_until = published and fields.Date.add(
                fields.Datetime.context_timestamp(card, published).date(),
                days=card.cycle_id.appeal_days,
            )

    @api.depends("published_date", "appeal_ids.state")
    @api.depends_context("uid")
    def _compute_can_appeal(self):
        for card in self:
            card.can_appeal = (
                card.responsible_id == self.env.user
                and not card._get_cannot_appeal_reasons()
            )

    def action_appeal(self):
        """Open the dialog in which the person concerned challenges his result."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "bsc_appraisal.bsc_appeal_action_submit"
        )
        return {**action, "context": {"default_scorecard_id": self.id}}

    def _get_cannot_appeal_reasons(self) -> list[str]:
        if self.subject_kind != "employee" or not self.published_date:
            return [
                self.env._("Only the published result of a person can be challenged.")
            ]
        if self.appeal_until < fields.Date.context_today(self):
            return [
                self.env._(
                    "The time to appeal ended on %(day)s. Talk to your appraiser or to"
                    " HR.",
                    day=self.appeal_until,
                )
            ]
        return []
