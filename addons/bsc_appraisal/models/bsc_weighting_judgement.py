from odoo import fields, models
from odoo.exceptions import UserError, ValidationError


class BscWeightingJudgement(models.Model):
    """One pair as one expert judges it: a number of the scale and a direction.

    The other half of the matrix follows and is never stored. Only the expert himself
    reads and writes it while the study is open; the rules see to it.
    """

    _name = "bsc.weighting.judgement"
    _description = "Pairwise Judgement"
    _order = "expert_id, id"
    _rec_name = "first_id"

    _OPEN = frozenset({"strength", "favours"})

    expert_id = fields.Many2one(
        "bsc.weighting.expert", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="expert_id.company_id", store=True, precompute=True, index=True
    )
    first_id = fields.Many2one(
        "bsc.weighting.criterion", required=True, index=True, ondelete="cascade"
    )
    second_id = fields.Many2one(
        "bsc.weighting.criterion", required=True, index=True, ondelete="cascade"
    )
    strength = fields.Integer(
        aggregator=None, help="1: equally important. 0: not judged yet."
    )
    favours = fields.Selection(
        [("first", "The first"), ("second", "The second")],
        string="More Important",
        required=True,
        default="first",
    )

    _pair_uniq = models.UniqueIndex(
        "(expert_id, first_id, second_id)", "The expert has judged this pair already."
    )
    _pair_in_order = models.Constraint(
        "CHECK (first_id < second_id)", "A pair is stored once, in one order."
    )
    _strength_range = models.Constraint(
        "CHECK (strength BETWEEN 0 AND 9)", "A judgement is a number of the scale."
    )

    def write(self, vals):
        if not self.env.su:
            self._check_open()
        result = super().write(vals)
        for judgement in self:
            scale = int(judgement.expert_id.scale)
            if judgement.strength > scale:
                raise ValidationError(
                    self.env._(
                        "%(strength)s is not on the scale of 1 to %(scale)s.",
                        strength=judgement.strength,
                        scale=scale,
                    )
                )
        return result

    def _has_field_access(self, field, operation):
        if operation == "write" and not self.env.su and field.name not in self._OPEN:
            return False
        return super()._has_field_access(field, operation)

    def _check_open(self):
        """:raise UserError: the study is not open, or the answers are handed in"""
        for expert in self.expert_id:
            if not expert.can_judge:
                raise UserError(
                    self.env._(
                        "“%s” takes no judgement now: the study is not open, or you"
                        " handed in. Take your answers back first to change them.",
                        expert.weighting_id.name,
                    )
                )

    def _get_ratio(self) -> float:
        """Return how many times more important the first is than the second."""
        return float(self.strength) if self.favours == "first" else 1 / self.strength
