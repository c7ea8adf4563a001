from odoo import api, fields, models
from odoo.exceptions import UserError

BATCH = 500


class BscCycle(models.Model):
    """Publishing: one moment at which everybody's result becomes visible."""

    _inherit = "bsc.cycle"

    published_date = fields.Datetime(
        string="Published On", copy=False, readonly=True, tracking=True
    )
    can_publish = fields.Boolean(compute="_compute_can_publish")

    @api.depends("state", "published_date")
    @api.depends_context("uid")
    def _compute_can_publish(self):
        is_manager = self._is_appraisal_manager()
        for cycle in self:
            cycle.can_publish = (
                is_manager and cycle.state == "feedback" and not cycle.published_date
            )

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name == "published_date" and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def action_publish(self):
        """Show everybody his rating and announce it.

        :raise UserError: with everything that stands against it
        """
        self.check_access("write")
        if not self._is_appraisal_manager():
            raise UserError(self.env._("Only an appraisal manager publishes results."))
        for cycle in self:
            cycle._check_can_publish()
            # The dates are closed to every client; the rights were checked before.
            cycle.sudo()._do_publish()

    def _check_can_publish(self):
        reasons = self._get_cannot_publish_reasons()
        if reasons:
            raise UserError("\n".join([self.name, *(f"- {one}" for one in reasons)]))

    def _get_cannot_publish_reasons(self) -> list[str]:
        """Say what is in the way; whatever works on ratings adds its reasons here."""
        if self.published_date:
            return [self.env._("The results are published already.")]
        if self.state != "feedback":
            return [
                self.env._(
                    "Results are published in the feedback stage, when all scores are"
                    " final."
                )
            ]
        return []

    def _get_cannot_leave_reasons(self):
        reasons = super()._get_cannot_leave_reasons()
        if self.state == "feedback" and not self.published_date:
            reasons.append(self.env._("The results are not published yet."))
        return reasons

    def _do_publish(self):
        now = fields.Datetime.now()
        self.published_date = now
        cards = self.scorecard_ids.filtered(lambda card: card.state == "final")
        cards.published_date = now
        self.env.ref("bsc_appraisal.ir_cron_bsc_tell")._trigger()

    @api.model
    def _cron_tell(self):
        """Announce published results to the people concerned, a batch per commit."""
        waiting = [
            ("published_date", "!=", False),
            ("is_told", "=", False),
            ("responsible_id", "!=", False),
        ]
        scorecards = self.env["bsc.scorecard"]
        while cards := scorecards.search(waiting, limit=BATCH, order="id"):
            cards._tell_published()
            left = self.env["ir.cron"]._commit_progress(
                len(cards), remaining=scorecards.search_count(waiting)
            )
            if not left:
                return
