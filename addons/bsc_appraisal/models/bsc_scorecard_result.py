from odoo import fields, models
from odoo.exceptions import UserError

READERS = (
    "bsc_appraisal.group_appraisal_officer,budget_performance.group_performance_auditor"
)


class BscScorecard(models.Model):
    """The result: the rating people decide on, beside the score that was computed.

    The rating starts as the grade of the score when the scores become final.
    Calibration and appeals change the rating, with a reason, and never the score.
    Until the cycle is published only appraisal officers and auditors see it.
    """

    _inherit = "bsc.scorecard"

    _PROTECTED_RESULT = frozenset({"rating_id", "published_date", "is_told"})

    rating_id = fields.Many2one(
        "bsc.grade",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        groups=READERS,
        help="The grade of the score, or what calibration or an appeal decided.",
    )
    rating_change_ids = fields.One2many(
        "bsc.rating.change", "scorecard_id", groups=READERS
    )
    published_date = fields.Datetime(copy=False, readonly=True, index="btree_not_null")
    published_rating_id = fields.Many2one(
        "bsc.grade",
        compute="_compute_published_rating",
        compute_sudo=True,
        help="The rating, once it is published.",
    )
    published_rating_color = fields.Integer(
        compute="_compute_published_rating", compute_sudo=True
    )
    is_told = fields.Boolean(
        copy=False, readonly=True, help="The publication was announced to the person."
    )

    def _compute_published_rating(self):
        for card in self:
            rating = card.rating_id if card.published_date else card.rating_id.browse()
            card.published_rating_id = rating
            card.published_rating_color = rating.color

    def _has_field_access(self, field, operation):
        if (
            operation == "write"
            and field.name in self._PROTECTED_RESULT
            and not self.env.su
        ):
            return False
        return super()._has_field_access(field, operation)

    def _do_finish(self):
        """Let the ratings start as the grades of the final scores."""
        res = super()._do_finish()
        started = self.filtered(lambda card: card.state == "final")
        for grade, cards in started.grouped("grade_id").items():
            cards.rating_id = grade
        return res

    def _do_unfinish(self):
        """Give the ratings up again; there is no way back from a published result."""
        published = self.filtered("published_date")
        if published:
            raise UserError(
                self.env._(
                    "The results were published: what is wrong in them is put right"
                    " by an appeal, visibly, not by scoring again."
                )
            )
        res = super()._do_unfinish()
        self.rating_id = False
        return res

    def _change_rating(self, rating, reason, source):
        """Change the rating of one final scorecard and keep who, when and why.

        Call it in sudo, after checking that the person may.

        :param rating: the new ``bsc.grade``, of this company or of all companies
        :param reason: why, in the words of who decided
        :param source: "calibration" or "appeal"
        :return: the new ``bsc.rating.change``; empty if nothing changed
        :raise UserError: the score is not final, there is no reason, the grade is
            another company's
        """
        self.ensure_one()
        if self.state != "final":
            raise UserError(
                self.env._("“%s” has no final score to rate yet.", self.display_name)
            )
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the rating changes."))
        if not rating or rating.company_id not in (
            self.env["res.company"],
            self.company_id,
        ):
            raise UserError(self.env._("Choose a grade of this company."))
        self.lock_for_update()
        if rating == self.rating_id:
            return self.env["bsc.rating.change"]
        change = self.env["bsc.rating.change"].create(
            {
                "scorecard_id": self.id,
                "company_id": self.company_id.id,
                "source": source,
                "before_id": self.rating_id.id,
                "after_id": rating.id,
                "reason": reason.strip(),
                "user_id": self.env.uid,
            }
        )
        self.rating_id = rating
        return change
