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
        return self._set_outcomes(kind, state, {self: document})

    @api.model
    def _set_outcomes(self, kind, state, documents):
        """Note how far consequences of one kind have come, for many results at once.

        :param documents: ``{scorecard: the record that is the consequence}``
        :return: the ``bsc.outcome`` of all of them
        """
        cards = self.union(*documents)
        known = {
            (outcome.scorecard_id, outcome.res_model, outcome.res_id): outcome
            for outcome in cards.outcome_ids
            if outcome.kind == kind
        }
        values = {
            "state": state,
            "date_applied": fields.Date.context_today(self)
            if state == "applied"
            else False,
        }
        found = self.env["bsc.outcome"]
        vals_list = []
        for card, document in documents.items():
            outcome = known.get((card, document._name, document.id))
            name = document.display_name
            if outcome and outcome.document_name != name:
                outcome.document_name = name
            if outcome:
                found |= outcome
                continue
            vals_list.append(
                {
                    "scorecard_id": card.id,
                    "kind": kind,
                    "res_model": document._name,
                    "res_id": document.id,
                    "document_name": name,
                    **values,
                }
            )
        found.write(values)
        return found | found.create(vals_list)
