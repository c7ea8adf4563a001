from odoo import api, models


class BscScorecard(models.Model):
    """What the short form leaves out: targets, figures and the own assessment."""

    _inherit = "bsc.scorecard"

    @api.model_create_multi
    def create(self, vals_list):
        """What there is to agree on in the short form is agreed from the beginning."""
        cards = super().create(vals_list)
        # closed to clients; whoever may create it was checked
        cards.filtered(lambda card: card._is_short()).sudo().state = "agreed"
        return cards

    def _check_cycle_open(self):
        """The short form begins with the assessment."""
        late = self.filtered(lambda card: not card._is_short() or card._is_too_late())
        return super(BscScorecard, late)._check_cycle_open()

    def _is_too_late(self):
        return self.stage in ("feedback", "closed")

    def _is_short(self):
        return self.cycle_id.form == "short" and self.subject_kind == "employee"

    def _get_findings(self):
        return [] if self._is_short() else super()._get_findings()

    def _get_not_final_reasons(self):
        measured = self.filtered(lambda card: not card._is_short())
        return super(BscScorecard, measured)._get_not_final_reasons()
