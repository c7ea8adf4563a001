from odoo import api, fields, models
from odoo.exceptions import UserError


class BscNomination(models.Model):
    """Somebody among the best: for an award, or first in line for management training.

    An officer lists the best by rating and score, equal results together; an appraisal
    manager approves; the officer hands it over. The person sees it once it is approved.
    """

    _name = "bsc.nomination"
    _description = "Nomination of the Best"
    _inherit = ["bsc.about.scorecard.mixin", "bsc.confidential.mixin"]
    _order = "cycle_id desc, kind, rank, id"
    _check_company_auto = True

    _PROTECTED = frozenset(
        {
            *("state", "rank", "scope", "scorecard_id", "kind", "date_done"),
            *("approved_by_id", "score"),
        }
    )

    name = fields.Char(string="For", required=True)
    kind = fields.Selection(
        [("award", "Award"), ("training", "Management Training")],
        required=True,
        readonly=True,
        index=True,
    )
    scope = fields.Selection(
        [("company", "In the Company"), ("department", "In the Department")],
        string="Best",
        required=True,
        readonly=True,
    )
    rank = fields.Integer(readonly=True, aggregator=None)
    scorecard_id = fields.Many2one(string="Result", readonly=True)
    rating_id = fields.Many2one(related="scorecard_id.published_rating_id")
    rating_color = fields.Integer(related="scorecard_id.published_rating_color")
    score = fields.Float(
        related="scorecard_id.score", store=True, precompute=True, aggregator="avg"
    )
    citation = fields.Text(help="What the letter says about it, in your words.")
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("approved", "Approved"),
            ("done", "Handed Over"),
            ("dropped", "Dropped"),
        ],
        required=True,
        default="proposed",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    date_done = fields.Date(string="Handed Over On", readonly=True, copy=False)

    _once = models.UniqueIndex(
        "(scorecard_id, kind, scope) WHERE state <> 'dropped'",
        "This result is nominated already.",
    )

    @api.depends("name", "employee_id.name")
    def _compute_display_name(self):
        for nomination in self:
            person = nomination.employee_id.name or ""
            nomination.display_name = f"{nomination.name or ''} · {person}"

    def copy(self, default=None):  # pylint: disable=method-required-super
        raise UserError(self.env._("List the best of a cycle instead."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Nominations are kept: drop it instead."))

    def action_approve(self):
        """Approve; from now on the person sees it.

        :raise UserError: no appraisal manager, his own, or decided already
        """
        self._check_others("bsc_appraisal.group_appraisal_manager")
        self._check_state("proposed")
        nominations_sudo = self.sudo()  # closed to clients, checked above
        nominations_sudo.write({"state": "approved", "approved_by_id": self.env.uid})
        nominations_sudo._note_outcome("approved")
        for nomination in nominations_sudo:
            nomination._tell()

    def action_done(self):
        """Note that it was handed over, or that the training was attended."""
        self._check_others("bsc_appraisal.group_appraisal_officer")
        self._check_state("approved")
        nominations_sudo = self.sudo()  # closed to clients, checked above
        nominations_sudo.write(
            {"state": "done", "date_done": fields.Date.context_today(self)}
        )
        nominations_sudo._note_outcome("applied")

    def action_drop(self):
        """Drop nominations; their results are without this consequence again."""
        self._check_others("bsc_appraisal.group_appraisal_officer")
        self._check_state("proposed", "approved")
        nominations_sudo = self.sudo()  # closed to clients, checked above
        nominations_sudo.state = "dropped"
        nominations_sudo._note_outcome("dropped")

    def _check_others(self, group):
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(group):
            raise UserError(
                self.env._(
                    "Officers list and hand over, an appraisal manager approves."
                )
            )
        if not self.env.su and self.env.user in self.user_id:
            raise UserError(self.env._("Somebody else decides on your own nomination."))

    def _check_state(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for nomination in self:
            if nomination.state not in states:
                raise UserError(
                    self.env._(
                        "“%(nomination)s” is %(state)s; this starts from: %(sources)s.",
                        nomination=nomination.display_name,
                        state=labels[nomination.state],
                        sources=", ".join(labels[state] for state in states),
                    )
                )

    def _note_outcome(self, state):
        kinds = {"award": "recognition", "training": "training"}
        for nomination in self:
            nomination.scorecard_id._set_outcome(
                kinds[nomination.kind], state, nomination
            )

    def _tell(self):
        if not self.user_id:
            return
        own = self.with_context(lang=self.user_id.lang)
        own.message_notify(
            partner_ids=self.user_id.partner_id.ids,
            subject=own.name,
            body=own.env._(
                "Your result is among the best: “%s”. Congratulations!", own.name
            ),
        )
