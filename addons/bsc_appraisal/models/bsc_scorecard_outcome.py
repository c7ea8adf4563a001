from odoo import api, fields, models

from .bsc_scorecard_result import READERS


class BscScorecard(models.Model):
    """Which consequences the result has: none is without one, or a word why."""

    _inherit = "bsc.scorecard"

    outcome_ids = fields.One2many("bsc.outcome", "scorecard_id", groups=READERS)
    outcome_state = fields.Selection(
        [
            ("missing", "None Yet"),
            ("open", "Not Yet Applied"),
            ("done", "Applied"),
        ],
        string="Consequences",
        compute="_compute_outcome_state",
        store=True,
        compute_sudo=True,
        groups=READERS,
    )

    @api.depends("published_date", "outcome_ids.state")
    def _compute_outcome_state(self):
        for card in self:
            states = set(card.outcome_ids.mapped("state")) - {"dropped"}
            if not card.published_date:
                card.outcome_state = False
            elif not states:
                card.outcome_state = "missing"
            else:
                card.outcome_state = "done" if states == {"applied"} else "open"

    def _set_outcome(self, kind, state, document):
        """Note how far a consequence of this result has come.

        Call it in sudo, from whatever decides on or applies the consequence.

        :param kind: one of the kinds of ``bsc.outcome``
        :param state: "proposed", "approved", "applied" or "dropped"
        :param document: the record that is the consequence
        :return: the ``bsc.outcome``
        """
        self.ensure_one()
        key = {"kind": kind, "res_model": document._name, "res_id": document.id}
        values = {
            "state": state,
            "document_name": document.display_name,
            "date_applied": fields.Date.context_today(self)
            if state == "applied"
            else False,
        }
        known = self.outcome_ids.filtered(
            lambda outcome: all(outcome[name] == value for name, value in key.items())
        )
        if known:
            known.write(values)
            return known
        return known.create({"scorecard_id": self.id, **key, **values})
