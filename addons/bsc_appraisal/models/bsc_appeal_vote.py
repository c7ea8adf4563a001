from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class BscAppealVote(models.Model):
    """What one member of a committee thinks of an appeal: written once.

    Nobody sees the vote of another before the vote is closed, so that the first one
    does not lead the others; who appealed sees the decision, never the votes.
    """

    _name = "bsc.appeal.vote"
    _description = "Vote on an Appeal"
    _inherit = ["performance.budget.append.only"]
    _order = "id"
    _rec_name = "user_id"
    _check_company_auto = True

    # Set by the server: who votes, for which company, when.
    _PROTECTED = frozenset({"user_id", "company_id", "date"})

    appeal_id = fields.Many2one(
        "bsc.appeal", required=True, index=True, ondelete="restrict", check_company=True
    )
    appeal_reason = fields.Text(related="appeal_id.reason", string="Reason Given")
    scorecard_id = fields.Many2one(related="appeal_id.scorecard_id", string="Result")
    current_rating_id = fields.Many2one(
        related="scorecard_id.published_rating_id", string="Present Rating"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Member",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    outcome = fields.Selection(
        [
            ("accepted", "Accept"),
            ("partly", "Accept Partly"),
            ("refused", "Refuse"),
        ],
        string="Vote",
        required=True,
    )
    rating_id = fields.Many2one(
        "bsc.grade",
        string="Proposed Rating",
        ondelete="restrict",
        domain="[('company_id', 'in', (company_id, False))]",
    )
    reason = fields.Text(string="Reasons", required=True)
    date = fields.Datetime(string="Voted On", required=True, readonly=True)

    _once = models.UniqueIndex(
        "(appeal_id, user_id)", "You have voted already: a vote is never changed."
    )

    @api.model_create_multi
    def create(self, vals_list):
        appeals = self.env["bsc.appeal"].browse(
            [vals.get("appeal_id") for vals in vals_list]
        )
        for appeal, vals in zip(appeals, vals_list, strict=True):
            if self._PROTECTED & vals.keys():
                raise AccessError(self.env._("Everybody votes for himself, now."))
            if not appeal:
                raise UserError(self.env._("Open the appeal and vote there."))
            appeal._check_can_vote()
            if not (vals.get("reason") or "").strip():
                raise UserError(self.env._("Say why: the committee reads it."))
            vals.update(
                user_id=self.env.uid,
                company_id=appeal.company_id.id,
                date=fields.Datetime.now(),
            )
        # sudo: closed to clients; who votes and whether he may is settled above
        votes = super(BscAppealVote, self.sudo()).create(vals_list).sudo(False)
        appeals.sudo()._note_votes()  # tasks of others; the rights were checked
        return votes

    def copy(self, default=None):  # pylint: disable=method-required-super
        raise UserError(self.env._("Everybody votes once."))
