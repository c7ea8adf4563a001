from collections import Counter, defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import committee


class BscAppeal(models.Model):
    """Several people vote on an appeal before the one who chairs them concludes.

    Without members, and where the cycle asks for one vote, one person decides alone.
    Votes are read once everybody voted, or once the chair closes the vote; then the
    conclusion follows the majority, where there is one.
    """

    _inherit = "bsc.appeal"

    member_ids = fields.Many2many(
        "res.users",
        "bsc_appeal_member_rel",
        string="Committee",
        copy=False,
        check_company=True,
        help="They vote together with the person who decides, who then chairs. Nobody"
        " who appraised, manages or appeals.",
    )
    vote_ids = fields.One2many(
        "bsc.appeal.vote",
        "appeal_id",
        string="Votes",
        readonly=True,
        groups="bsc_appraisal.group_appraisal_officer,"
        "budget_performance.group_performance_auditor",
    )
    date_votes_closed = fields.Datetime(
        string="Votes Closed On", readonly=True, copy=False
    )
    votes_needed = fields.Integer(compute="_compute_votes", compute_sudo=True)
    vote_progress = fields.Char(compute="_compute_votes", compute_sudo=True)
    vote_summary = fields.Text(compute="_compute_vote_summary")
    can_vote = fields.Boolean(compute="_compute_can_vote")
    can_close_votes = fields.Boolean(compute="_compute_can_vote")

    @api.depends("decider_id", "member_ids", "cycle_id.appeal_quorum", "vote_ids")
    def _compute_votes(self):
        voters = self._get_voters()
        for appeal in self:
            size = len(appeal._get_committee())
            quorum = appeal.cycle_id.appeal_quorum
            alone = quorum <= 1 and not appeal.member_ids
            appeal.votes_needed = 0 if alone else committee.needed(quorum, size)
            appeal.vote_progress = (
                not alone
                and bool(size)
                and self.env._(
                    "%(count)s of %(size)s voted, %(needed)s needed",
                    count=len(voters[appeal._origin.id]),
                    size=size,
                    needed=appeal.votes_needed,
                )
            )

    @api.depends("date_votes_closed", "vote_ids")
    @api.depends_context("uid", "lang")
    def _compute_vote_summary(self):
        votes = self._read_votes()
        for appeal in self:
            mine = votes[appeal._origin.id]
            appeal.vote_summary = bool(mine) and appeal._describe_votes(
                mine.mapped("outcome")
            )

    @api.depends("state", "decider_id", "member_ids", "date_votes_closed", "vote_ids")
    @api.depends_context("uid")
    def _compute_can_vote(self):
        voters = self.sudo()._get_voters()  # who voted is no secret, what is
        for appeal in self:
            running = (
                appeal.state == "open"
                and appeal.votes_needed
                and not appeal.date_votes_closed
            )
            voted = voters[appeal._origin.id]
            appeal.can_vote = bool(
                running and self.env.user in appeal._get_committee() - voted
            )
            appeal.can_close_votes = bool(
                running
                and appeal.decider_id == self.env.user
                and len(voted) >= appeal.votes_needed
            )

    @api.depends("date_votes_closed", "votes_needed")
    def _compute_can_decide(self):  # pylint: disable=missing-return
        super()._compute_can_decide()
        for appeal in self:
            if appeal.votes_needed and not appeal.date_votes_closed:
                appeal.can_decide = False

    @api.constrains("member_ids")
    def _check_members(self):
        for appeal_sudo in self.sudo():  # people up the tree
            for user in appeal_sudo.member_ids:
                if reasons := appeal_sudo._get_conflicts(user):
                    raise ValidationError("\n".join(reasons))

    def write(self, vals):
        touched = {"decider_id", "member_ids"} & vals.keys()
        if not self.env.su and "member_ids" in vals:
            self._check_can_assign()
            if any(self.mapped("date_votes_closed")):
                raise UserError(
                    self.env._("The vote is closed: the committee stays as it is.")
                )
        result = super().write(vals)
        if touched:
            voters = self.sudo()._get_voters()  # who voted is no secret, what is
            for appeal in self.filtered(lambda one: not one.date_votes_closed):
                if voters[appeal.id] - appeal._get_committee():
                    raise UserError(
                        self.env._("Who has voted already stays in the committee.")
                    )
        if "member_ids" in vals and "decider_id" not in vals:
            self.sudo()._ask_decider()  # tasks of others; the rights were checked
        return result

    def _has_field_access(self, field, operation):
        if operation == "write" and not self.env.su:
            if field.name in ("date_votes_closed", "vote_ids"):
                return False
            if field.name == "member_ids" and not self.env.user.has_group(
                "bsc_appraisal.group_appraisal_manager"
            ):
                return False
        return super()._has_field_access(field, operation)

    def action_vote(self):
        """Open the dialog in which a member votes."""
        self.ensure_one()
        self._check_can_vote()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "bsc_appraisal.bsc_appeal_vote_action_vote"
        )
        return {**action, "context": {"default_appeal_id": self.id}}

    def action_close_votes(self):
        """End the vote without those who have not voted, once there are enough."""
        self.check_access("read")
        for appeal in self:
            if not appeal.can_close_votes:
                raise UserError(
                    self.env._(
                        "The person who decides closes the vote, once there are enough"
                        " votes (%(progress)s).",
                        progress=appeal.vote_progress or self.env._("none needed"),
                    )
                )
        self.sudo()._close_votes()  # closed to clients, checked above

    def _get_committee(self):
        return self.decider_id | self.member_ids

    def _get_voters(self):
        """Return ``{appeal id: users}`` who voted, in sudo: not what they said."""
        found = defaultdict(self.env["res.users"].browse)
        for vote in self.env["bsc.appeal.vote"].search([("appeal_id", "in", self.ids)]):
            found[vote.appeal_id.id] |= vote.user_id
        return found

    def _read_votes(self):
        """Return ``{appeal id: votes}`` as far as the user may read them."""
        Vote = self.env["bsc.appeal.vote"]
        found = defaultdict(Vote.browse)
        if Vote.has_access("read"):
            closed = self.filtered("date_votes_closed")
            for vote in Vote.search([("appeal_id", "in", closed.ids)]):
                found[vote.appeal_id.id] |= vote
        return found

    def _describe_votes(self, outcomes):
        labels = dict(
            self.env["bsc.appeal.vote"]
            ._fields["outcome"]
            ._description_selection(self.env)
        )
        counts = Counter(outcomes)
        text = " · ".join(
            f"{label}: {counts[outcome]}"
            for outcome, label in labels.items()
            if counts[outcome]
        )
        allowed = committee.open_outcomes(outcomes)
        if len(allowed) == len(labels):
            rule = self.env._("No majority: the chair decides.")
        else:
            rule = self.env._(
                "The majority says: %s.",
                " / ".join(labels[one] for one in labels if one in allowed),
            )
        return f"{text}\n{rule}"

    def _check_can_vote(self):
        self.ensure_one()
        self.check_access("read")
        if self.state != "open" or self.date_votes_closed:
            raise UserError(self.env._("The vote on this appeal is closed."))
        if not self.votes_needed or self.env.user not in self._get_committee():
            raise UserError(
                self.env._("Only members of the committee of this appeal vote on it.")
            )
        if not self.can_vote:
            raise UserError(
                self.env._("You have voted already: a vote is never changed.")
            )
        reasons = self.sudo()._get_conflicts(self.env.user)  # people up the tree
        if reasons:
            raise UserError("\n".join(reasons))

    def _check_can_decide(self):  # pylint: disable=missing-return
        super()._check_can_decide()
        if self.votes_needed and not self.date_votes_closed:
            raise UserError(
                self.env._(
                    "The committee has not voted yet (%(progress)s). Members vote, or"
                    " an appraisal manager adds some.",
                    progress=self.vote_progress,
                )
            )

    # pylint: disable-next=missing-return
    def _check_decision(self, outcome, reason, rating, measurement):
        super()._check_decision(outcome, reason, rating, measurement)
        votes = self._read_votes()[self.id].mapped("outcome")
        if votes and outcome not in committee.open_outcomes(votes):
            raise UserError(
                self.env._(
                    "The committee has voted otherwise. %s", self._describe_votes(votes)
                )
            )

    def _note_votes(self):
        """Tick off who has voted, and close the vote after the last one."""
        voters = self._get_voters()
        for appeal in self:
            appeal.activity_ids.filtered(
                lambda task, done=voters[appeal.id]: task.user_id in done
            ).unlink()
            if (
                not appeal._get_committee() - voters[appeal._origin.id]
                and len(voters[appeal._origin.id]) >= appeal.votes_needed
            ):
                appeal._close_votes()

    def _close_votes(self):
        self.date_votes_closed = fields.Datetime.now()
        self.activity_unlink(["mail.mail_activity_data_todo"])
        for appeal in self:
            appeal.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=appeal.decider_id.id,
                date_deadline=appeal.date_due,
                summary=self.env._("Conclude the appeal: the committee has voted"),
            )

    def _get_awaited(self):
        """Return who has to act now: members who have not voted, or who decides."""
        if not self.votes_needed or self.date_votes_closed:
            return self.decider_id
        return self._get_committee() - self._get_voters()[self.id]
