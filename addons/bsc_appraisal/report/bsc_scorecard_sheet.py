from odoo import api, models

from ..models.bsc_scorecard_line_trend import WITHOUT_TARGET


class BscScorecardSheet(models.AbstractModel):
    """What stands on a printed scorecard: the same on screen, paper and in Excel.

    It is what the reader may see: nothing is read for him that he could not open.
    """

    _name = "bsc.scorecard.sheet"
    _description = "Scorecard Sheet"

    @api.model
    def _get_figures(self, cards):
        """Return the sheets of scorecards as plain values, in their order.

        :return: ``[{"card": record, "perspectives": [{…, "lines": [{…}]}], …}]``
        """
        cards.check_access("read")
        # Searched, for the lines of a card may be cached from another reader.
        lines = self.env["bsc.scorecard.line"].search(
            [("scorecard_id", "in", cards.ids)]
        )
        by_card = lines.grouped("scorecard_id")
        previous = cards._get_previous_cards()
        return [
            self._get_sheet(
                card,
                by_card.get(card, lines.browse()),
                previous.get(card, cards.browse()),
            )
            for card in cards
        ]

    @api.model
    def _get_sheet(self, card, lines, previous):
        rates = card._get_perspective_rates()
        old = previous._get_perspective_rates()
        groups = lines.grouped("perspective_id")
        return {
            "card": card,
            "is_draft": card.state == "draft",
            "score": card.score if card.is_scored else None,
            "grade": card.grade_id if card.is_scored else card.grade_id.browse(),
            "previous": previous.score if previous else None,
            "previous_cycle": previous.cycle_id.name if previous else "",
            "weight": sum(lines.mapped("weight")),
            "perspectives": [
                {
                    "name": perspective.name,
                    "weight": sum(groups[perspective].mapped("weight")),
                    "score": sum(groups[perspective].mapped("contribution")),
                    "rate": rate,
                    "previous": old.get(perspective),
                    "lines": [self._get_line(line) for line in groups[perspective]],
                }
                for perspective, rate in rates.items()
                if perspective in groups
            ],
        }

    @api.model
    def _get_line(self, line):
        is_measured = line.status == "reported"
        has_target = line.has_target and line.calculation not in WITHOUT_TARGET
        return {
            "name": line.indicator_id.display_name,
            "unit": line.unit or "",
            "weight": line.weight,
            "target": line.target if has_target else None,
            "limits": "" if has_target else line.limits_text or "",
            "actual": line.actual if is_measured else None,
            "points": line.points if is_measured else None,
            "score": line.contribution if is_measured else None,
            "light": line.light,
            "explanation": line.explanation if line.card_state != "draft" else "",
        }
