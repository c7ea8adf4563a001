from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.ranking import rank_best


class BscNominationMake(models.TransientModel):
    """Lists the best of a published cycle, by rating and score."""

    _name = "bsc.nomination.make"
    _description = "List the Best"

    cycle_id = fields.Many2one(
        "bsc.cycle",
        required=True,
        domain=[("published_date", "!=", False)],
        default=lambda self: self.env["bsc.cycle"].search(
            [("published_date", "!=", False)], limit=1
        ),
    )
    company_id = fields.Many2one(related="cycle_id.company_id")
    kind = fields.Selection(
        [("award", "Award"), ("training", "Management Training")],
        string="What For",
        required=True,
        default="award",
    )
    scope = fields.Selection(
        [("company", "In the Company"), ("department", "In Each Department")],
        string="The Best",
        required=True,
        default="department",
    )
    places = fields.Integer(
        required=True, default=1, help="Equal results share a place: nobody is cut off."
    )
    grade_id = fields.Many2one(
        "bsc.grade",
        string="Rating at Least",
        domain="[('company_id', 'in', (company_id, False))]",
        help="Empty: any rating that is not poor.",
    )
    name = fields.Char(
        string="Title", compute="_compute_name", store=True, readonly=False
    )

    @api.depends("kind", "scope", "cycle_id")
    def _compute_name(self):
        for wizard in self:
            cycle = wizard.cycle_id.name or ""
            if wizard.kind == "training":
                wizard.name = self.env._("Management training after %s", cycle)
            elif wizard.scope == "department":
                wizard.name = self.env._("Best of the department, %s", cycle)
            else:
                wizard.name = self.env._("Best of the company, %s", cycle)

    def action_make(self):
        """Propose the best and open their list.

        :raise UserError: no officer, not published, or nobody is left to nominate
        """
        self.ensure_one()
        if not self.env.user.has_group("bsc_appraisal.group_appraisal_officer"):
            raise UserError(self.env._("Only an appraisal officer lists the best."))
        self.cycle_id.check_access("read")
        if self.places < 1 or self.places > 1000:
            raise UserError(self.env._("Choose between 1 and 1,000 places."))
        # sudo: ratings, and nominations have no clients that create them
        nominations = self.sudo()._make()
        if not nominations:
            raise UserError(
                self.env._(
                    "Nobody new: the cycle is not published, no result is good enough,"
                    " or the best are nominated already."
                )
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "bsc_appraisal.bsc_nomination_action"
        )
        return {**action, "domain": [("id", "in", nominations.ids)], "context": {}}

    def _make(self):
        """Create the nominations that are missing, in sudo."""
        cards = self.env["bsc.scorecard"].search(
            [
                ("cycle_id", "=", self.cycle_id.id),
                ("subject_kind", "=", "employee"),
                ("published_date", "!=", False),
                ("rating_id.is_poor", "=", False),
                ("rating_id.score_min", ">=", self.grade_id.score_min or 0.0),
            ]
        )
        known = self.env["bsc.nomination"].search(
            [
                ("scorecard_id", "in", cards.ids),
                ("kind", "=", self.kind),
                ("scope", "=", self.scope),
                ("state", "!=", "dropped"),
            ]
        )
        groups = (
            cards.grouped("reporting_department_id").values()
            if self.scope == "department"
            else [cards]
        )
        nominations = self.env["bsc.nomination"].create(
            [
                {
                    "name": self.name,
                    "kind": self.kind,
                    "scope": self.scope,
                    "scorecard_id": card.id,
                    "rank": rank,
                }
                for group in groups
                for card, rank in rank_best(
                    {
                        card: (card.rating_id.score_min, round(card.score, 4))
                        for card in group
                    },
                    self.places,
                )
                if card not in known.scorecard_id
            ]
        )
        nominations._note_outcome("proposed")
        return nominations
