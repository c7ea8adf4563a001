from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

from ..tools.ahp import JudgementError, analyse
from ..tools.ahp_group import aggregate, consensus

# More than this at once is too much for consistent answers.
MANY = 7

# Lower bounds of Goepel's bands of agreement.
CONSENSUS = (
    (0.85, "very_high"),
    (0.75, "high"),
    (0.65, "moderate"),
    (0.50, "low"),
    (0.00, "very_low"),
)


class BscWeighting(models.Model):
    """The life of a study, and what comes out of it: draft, open, closed.

    ``state`` and every result move only through the actions.
    """

    _inherit = "bsc.weighting"

    _PROTECTED = frozenset(
        {
            "state",
            "criterion_ids",
            "version_ids",
            "lambda_max",
            "consistency_index",
            "consistency_ratio",
            "scale_ratio",
            "consensus",
            "date_closed",
        }
    )

    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("open", "Collecting Judgements"),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    date_closed = fields.Datetime(copy=False)
    lambda_max = fields.Float(string="λ max", digits=(16, 4), copy=False)
    consistency_index = fields.Float(string="CI", digits=(16, 4), copy=False)
    consistency_ratio = fields.Float(
        string="CR",
        digits=(16, 4),
        copy=False,
        help="Of the group, compared with Saaty's random index. Below 0.1 is good; a"
        " group is nearly always more consistent than its members.",
    )
    scale_ratio = fields.Float(
        string="CR of the Scale",
        digits=(16, 4),
        copy=False,
        help="Compared with random answers on the scale in use. On a scale of 1 to 5"
        " it is about twice the usual one.",
    )
    consensus = fields.Float(
        digits=(5, 4),
        copy=False,
        help="How much the experts agree, from 0 to 100 %.",
    )
    advice = fields.Text(compute="_compute_advice")
    can_open = fields.Boolean(compute="_compute_can_move")
    can_close = fields.Boolean(compute="_compute_can_move")

    @api.depends("criterion_ids", "state", "scale_ratio", "threshold", "consensus")
    @api.depends_context("lang")
    def _compute_advice(self):
        for study in self:
            study.advice = "\n".join(study._get_advice())

    @api.depends("state", "owner_id", "answer_count", "min_experts")
    @api.depends_context("uid")
    def _compute_can_move(self):
        for study in self:
            is_mine = study.has_access("write") if study.id else True
            study.can_open = is_mine and study.state == "draft"
            study.can_close = is_mine and study.state == "open"

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in self._PROTECTED and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_asked(self):
        if asked := self.filtered(lambda study: study.state in ("open", "closed")):
            raise UserError(
                self.env._(
                    "Experts worked on “%s”: it stays. An open study can be cancelled.",
                    asked[0].name,
                )
            )

    def action_open(self):
        """Ask the experts: from here on the questions stay as they are."""
        self.check_access("write")
        for study in self:
            study._check_state("draft")
            if gaps := study._get_gaps():
                raise UserError("\n".join([study.name, *(f"- {gap}" for gap in gaps)]))
        studies_sudo = self.sudo()  # the state is closed to clients, checked above
        studies_sudo.state = "open"
        studies_sudo.expert_ids._invite()

    def action_cancel(self):
        """Give the study up; nobody's answers are shown."""
        self.check_access("write")
        for study in self:
            study._check_state("draft", "open")
        studies_sudo = self.sudo()  # the state is closed to clients, checked above
        studies_sudo.state = "cancelled"
        studies_sudo.expert_ids.activity_unlink(["mail.mail_activity_data_todo"])

    def action_close(self):
        """Freeze the answers, and make a version of weights from those handed in."""
        self.check_access("write")
        for study in self:
            study.lock_for_update()
            study._check_state("open")
            if study.answer_count < study.min_experts:
                raise UserError(
                    self.env._(
                        "“%(study)s” needs %(least)s answers, %(count)s are handed in."
                        " Remind the experts, or lower the least number with a note"
                        " why.",
                        study=study.name,
                        least=study.min_experts,
                        count=study.answer_count,
                    )
                )
            # sudo: the owner does not read judgements, only what comes out of them
            study.sudo()._close()

    def action_remind(self):
        """Remind the experts who have not handed in."""
        self.check_access("write")
        for study in self:
            study._check_state("open")
            waiting_sudo = study.sudo().expert_ids.filtered(
                lambda expert: expert.state != "submitted"
            )
            waiting_sudo._invite()

    def _check_state(self, *states):
        if self.state not in states:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "“%(study)s” is “%(state)s”: this is not possible any more.",
                    study=self.name,
                    state=labels[self.state],
                )
            )

    def _close(self):
        answers = self.expert_ids.filtered(lambda expert: expert.state == "submitted")
        matrices = [expert._get_matrix() for expert in answers]
        group = aggregate(matrices, answers.mapped("weight"))
        try:
            found = analyse(group, int(self.scale), self.method)
        except JudgementError:
            raise UserError(
                self.env._("The answers together do not connect everything compared.")
            ) from None
        priorities = [
            analyse(matrix, int(self.scale), self.method).weights for matrix in matrices
        ]
        self.write(
            {
                "state": "closed",
                "date_closed": fields.Datetime.now(),
                "lambda_max": found.lambda_max,
                "consistency_index": found.ci,
                "consistency_ratio": found.cr,
                "scale_ratio": found.cr_scale,
                "consensus": consensus(priorities, int(self.scale)),
            }
        )
        for criterion, share in zip(self.criterion_ids, found.weights, strict=True):
            criterion.priority = 100 * share
        self.expert_ids.activity_unlink(["mail.mail_activity_data_todo"])
        self.env["bsc.weighting.version"]._create_from_study(self)
        self._post_result(answers)

    def _post_result(self, answers):
        absent = self.expert_ids - answers
        lines = [
            self.env._(
                "Closed with %(count)s answers: CR %(ratio)s, consensus"
                " %(consensus)s %% (%(band)s).",
                count=len(answers),
                ratio=formatLang(self.env, self.consistency_ratio, digits=4),
                consensus=formatLang(self.env, 100 * self.consensus, digits=1),
                band=self._get_consensus_band(),
            )
        ]
        if absent:
            lines.append(
                self.env._(
                    "Not counted: %s.",
                    ", ".join(expert._describe_absence() for expert in absent),
                )
            )
        self.message_post(body=" ".join(lines))

    def _get_consensus_band(self) -> str:
        labels = {
            "very_high": self.env._("very high"),
            "high": self.env._("high"),
            "moderate": self.env._("moderate"),
            "low": self.env._("low"),
            "very_low": self.env._("very low"),
        }
        return labels[next(key for least, key in CONSENSUS if self.consensus >= least)]

    def _get_advice(self) -> list[str]:
        """Say what one should think about; none of it stops the study."""
        advice = []
        if len(self.criterion_ids) > MANY:
            advice.append(
                self.env._(
                    "%s are many to compare at once: answers get less consistent above"
                    " seven. Splitting one thing into several also gives it more"
                    " weight.",
                    len(self.criterion_ids),
                )
            )
        if self.state != "closed":
            return advice
        if self.scale_ratio >= self.threshold:
            advice.append(
                self.env._(
                    "Compared with random answers on the same scale, the consistency"
                    " ratio is %s: the usual one is lenient on short scales.",
                    formatLang(self.env, self.scale_ratio, digits=4),
                )
            )
        if self.consensus < CONSENSUS[2][0]:
            advice.append(
                self.env._(
                    "The consensus is %s: talk the differences over before the weights"
                    " are used.",
                    self._get_consensus_band(),
                )
            )
        return advice
