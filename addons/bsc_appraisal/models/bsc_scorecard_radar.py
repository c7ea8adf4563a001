from odoo import api, fields, models

# Fewer axes draw a line, not a shape.
MIN_AXES = 3


class BscScorecard(models.Model):
    """How far each perspective came, drawn as a shape beside the previous cycle's."""

    _inherit = "bsc.scorecard"

    perspective_radar = fields.Json(
        string="Achievement by Perspective", compute="_compute_perspective_radar"
    )

    @api.depends("line_ids.contribution", "line_ids.status", "cycle_id.previous_id")
    @api.depends_context("lang", "uid")
    def _compute_perspective_radar(self):
        before = self._get_previous_cards()
        for card in self:
            card.perspective_radar = card._get_radar(before.get(card))

    def _get_radar(self, previous):
        """Return the axes of the radar, ``False`` when there is no shape to draw.

        A perspective nobody measured has no rate, which is not zero.
        """
        rates = self._get_perspective_rates()
        old = previous._get_perspective_rates() if previous else {}
        known = [*rates.values(), *old.values()]
        if len(rates) < MIN_AXES or all(rate is None for rate in known):
            return False
        return {
            "perspectives": [
                {
                    "id": perspective.id,
                    "name": perspective.name,
                    "rate": rate,
                    "previous": old.get(perspective),
                }
                for perspective, rate in rates.items()
            ],
            "cycle": self.cycle_id.name,
            "previous": previous.cycle_id.name if previous else False,
        }

    def _get_perspective_rates(self):
        """Return what each perspective reached of what was measured in it, in percent,
        in the order of the perspectives.
        """
        groups = self.line_ids.grouped("perspective_id")
        rates = {}
        for perspective in sorted(groups, key=lambda one: (one.sequence, one.id)):
            measured = groups[perspective].filtered(
                lambda line: line.status == "reported"
            )
            weight = sum(measured.mapped("effective_weight"))
            score = sum(measured.mapped("contribution"))
            rates[perspective] = round(100 * score / weight, 2) if weight else None
        return rates

    def _get_previous_cards(self):
        """Return the scored card of the same subject in the previous cycle, by card, as
        far as the reader may read it.
        """
        found = self.search(
            [
                ("cycle_id", "in", self.cycle_id.previous_id.ids),
                ("subject_key", "in", self.mapped("subject_key")),
                ("is_scored", "=", True),
            ]
        )
        by_subject = {(card.cycle_id, card.subject_key): card for card in found}
        return {
            card: by_subject[key]
            for card in self
            if (key := (card.cycle_id.previous_id, card.subject_key)) in by_subject
        }
