from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.scoring import Member, roll_up


class BscScorecard(models.Model):
    """Scores of departments and the company: by own lines, or from their members."""

    _inherit = "bsc.scorecard"

    rollup = fields.Selection(
        [("lines", "Its own indicators"), ("members", "The scorecards below")],
        string="Scored By",
        required=True,
        default="lines",
        help="The weighted mean of the scorecards that serve this one, or what its own"
        " indicators say.",
    )
    member_weight = fields.Float(
        string="Weight Above",
        digits=(7, 4),
        default=1.0,
        help="How much it counts in the score of the scorecard above, when that one is"
        " scored by the scorecards below it.",
    )

    _member_weight_range = models.Constraint(
        "CHECK (member_weight BETWEEN 0 AND 1000)",
        "The weight in the scorecard above lies between 0 and 1,000.",
    )

    @api.constrains("rollup", "subject_kind")
    def _check_rollup(self):
        for card in self:
            is_group = card.subject_kind in ("company", "department")
            if card.rollup == "members" and not is_group:
                raise ValidationError(
                    self.env._(
                        "Only departments and the company are scored by the scorecards"
                        " below them."
                    )
                )

    def _get_findings(self):
        """A card without lines is fine when its members make the score."""
        if self.rollup == "members":
            return []
        return super()._get_findings()

    def _score_members(self):
        """Score the cards above these ones from their members, lowest level first."""
        self.env.flush_all()
        cards = self.search(
            [("cycle_id", "in", self.cycle_id.ids), ("subject_kind", "!=", "job")]
        )
        members = {}
        for card in cards:
            members.setdefault(card.parent_id.id, []).append(card)
        known = {card.id: card._as_member() for card in cards}
        results = {}
        for card in self._order_by_depth(cards):
            if card.rollup != "members" or card.state != "agreed":
                continue
            result = roll_up([known[one.id] for one in members.get(card.id, [])])
            results[card.id] = result
            known[card.id] = Member(
                card.member_weight,
                result.total,
                result.raw_total,
                result.coverage,
                result.is_complete,
            )
        self.browse(results)._store_results(results)

    def _as_member(self) -> Member:
        return Member(
            self.member_weight,
            self.score if self.is_scored else None,
            self.raw_score if self.is_scored else None,
            self.coverage,
            self.is_complete,
        )

    @api.model
    def _order_by_depth(self, cards):
        """Return the cards so that each comes after those below it."""
        depths = {}
        for card in cards:
            depth, above = 0, card.parent_id
            while above:
                depth, above = depth + 1, above.parent_id
            depths[card] = depth
        return sorted(cards, key=lambda card: -depths[card])
