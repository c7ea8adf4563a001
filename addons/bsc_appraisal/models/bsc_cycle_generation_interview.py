from odoo import models


class BscCycle(models.Model):
    """New scorecards of people start with what was agreed in the last interview."""

    _inherit = "bsc.cycle"

    def _create_cards(self, subjects):
        cards = super()._create_cards(subjects)
        people = cards.filtered(lambda card: card.subject_kind == "employee")
        if self.previous_id and people:
            # sudo: who may generate is checked by the action
            self.env["bsc.interview"].sudo().search(
                [
                    ("cycle_id", "=", self.previous_id.id),
                    ("state", "=", "confirmed"),
                    ("employee_id", "in", people.employee_id.ids),
                ]
            )._carry_over()
        return cards
