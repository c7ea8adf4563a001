from odoo import api, models
from odoo.exceptions import UserError


class BscScorecard(models.Model):
    """Nobody who manages and is managed in a circle gets a scorecard, by no way."""

    _inherit = "bsc.scorecard"

    @api.model_create_multi
    def create(self, vals_list):
        cards = super().create(vals_list)
        people = cards.filtered("employee_id")
        for cycle, of_cycle in people.grouped("cycle_id").items():
            of_cycle._check_circle(cycle._find_circles())
        return cards

    def _check_circle(self, members):
        """:raise UserError: somebody is above himself"""
        for card in self:
            if card.employee_id.id not in members:
                continue
            # sudo: the names of those who have to be asked
            circle = card.employee_id.sudo().browse(members[card.employee_id.id])
            if circle == card.employee_id:
                reason = self.env._("“%s” is their own superior.", card.name)
            else:
                reason = self.env._(
                    "“%(name)s” is managed in a circle: %(names)s.",
                    name=card.name,
                    names=", ".join(circle.mapped("name")),
                )
            raise UserError(
                self.env._(
                    "%s Nobody appraises himself, directly or through others: enter"
                    " the right superior first.",
                    reason,
                )
            )
