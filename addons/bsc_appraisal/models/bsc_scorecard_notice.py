from odoo import models


class BscScorecard(models.Model):
    """What people are told about their results, each in his own language."""

    _inherit = "bsc.scorecard"

    def _tell_published(self):
        """Announce the results to those they are about; they hold no figures, because
        mail is read by others, too.
        """
        for card in self:
            card_lang = card.with_context(lang=card.responsible_id.lang)
            card.message_notify(
                partner_ids=card.responsible_id.partner_id.ids,
                subject=card_lang.env._("Your result is there: %s", card.cycle_id.name),
                body=card_lang.env._(
                    "The results of %s are published. Open your scorecard to see"
                    " yours and the figures behind it.",
                    card.cycle_id.name,
                ),
            )
        self.is_told = True
