from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_round

from .bsc_scorecard_result import READERS

# A mark of 3 is what was expected and counts like a target that was met.
POINTS_PER_MARK = 100 / 3


class BscScorecard(models.Model):
    """Two assessments beside the figures, and what they do to the rating.

    With a weight of competencies in the cycle the rating starts from score and
    competencies together; the computed score itself stays what the indicators say.
    """

    _inherit = "bsc.scorecard"

    assessment_ids = fields.One2many("bsc.assessment", "scorecard_id")
    note_ids = fields.One2many("bsc.note", "scorecard_id", string="Notes")
    is_asked = fields.Boolean(copy=False, readonly=True)
    can_assess = fields.Boolean(compute="_compute_can_assess")
    appraisal_step = fields.Selection(
        [
            ("open", "Not Started"),
            ("self", "Self Handed In"),
            ("manager", "Appraiser Handed In"),
            ("minuted", "Interview Held"),
            ("confirmed", "Confirmed"),
        ],
        compute="_compute_appraisal_step",
        store=True,
        groups=READERS,
        help="How far the appraisal of the person is.",
    )
    combined_score = fields.Float(
        digits=(16, 2),
        copy=False,
        readonly=True,
        groups=READERS,
        help="Score and competencies by the weight of the cycle: where the rating"
        " starts.",
    )
    combined_text = fields.Char(copy=False, readonly=True, groups=READERS)

    @api.depends("stage", "subject_kind")
    @api.depends_context("uid")
    def _compute_can_assess(self):
        for card in self:
            people = card.responsible_id | card.appraiser_id
            card.can_assess = (
                card.subject_kind == "employee"
                and card.stage in ("coach", "assess", "feedback", "closed")
                and (self.env.user in people or card._is_appraisal_officer())
            )

    @api.depends("assessment_ids.state", "interview_ids.state", "subject_kind")
    def _compute_appraisal_step(self):
        for card in self:
            done = card.assessment_ids.filtered(lambda one: one.state != "draft")
            sides = set(done.mapped("side"))
            interview = card.interview_ids[:1].state
            if card.subject_kind != "employee":
                card.appraisal_step = False
            elif interview in ("minuted", "confirmed"):
                card.appraisal_step = interview
            elif "manager" in sides:
                card.appraisal_step = "manager"
            else:
                card.appraisal_step = "self" if "self" in sides else "open"

    def action_assess(self):
        """Open the own assessment, or for others the first one they may read."""
        self.ensure_one()
        self.check_access("read")
        if not self.can_assess:
            raise UserError(
                self.env._(
                    "Employee and appraiser assess, from the day the cycle is running."
                )
            )
        if self.stage in ("coach", "assess"):
            self.sudo()._prepare_assessments()  # each side gets a row of its own
        readable = self.env["bsc.assessment"].search([("scorecard_id", "=", self.id)])
        mine = readable.filtered(lambda one: one.author_id == self.env.user)
        if not readable:
            raise UserError(
                self.env._("Nothing was handed in yet: come back when it was.")
            )
        return (mine or readable)[:1]._get_form_action()

    def action_open_notes(self):
        """Open the notes of the cycle that the user may read, or write one."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "bsc_appraisal.bsc_note_action"
        )
        return {
            **action,
            "domain": [("scorecard_id", "=", self.id)],
            "context": {"default_scorecard_id": self.id},
        }

    def _prepare_assessments(self):
        """Create the missing rows of both sides, in sudo."""
        for card in self:
            competencies = self.env["bsc.competency"]._get_competencies(
                card.company_id, card.employee_id.job_id
            )
            authors = {"manager": card.appraiser_id}
            if not card._is_short():
                authors["self"] = card.responsible_id
            missing = authors.keys() - set(card.assessment_ids.mapped("side"))
            self.env["bsc.assessment"].create(
                [
                    {
                        "scorecard_id": card.id,
                        "side": side,
                        "author_id": authors[side].id,
                        "line_ids": [
                            (0, 0, {"competency_id": one.id}) for one in competencies
                        ],
                    }
                    for side in sorted(missing)
                    if authors[side]
                ]
            )

    def _do_finish(self):
        """Start the rating from score and competencies where the cycle weighs them."""
        res = super()._do_finish()
        final = self.filtered(
            lambda card: card.state == "final" and card.subject_kind == "employee"
        )
        for card in final.filtered("cycle_id.competency_weight"):
            mark = card._get_manager_assessment()._get_mark()
            if mark is None:
                continue
            share = card.cycle_id.competency_weight / 100
            points = mark * POINTS_PER_MARK
            card.combined_score = float_round(
                card.score * (1 - share) + points * share, precision_digits=2
            )
            card.combined_text = self.env._(
                "%(score).2f × %(rest).2f %% + %(points).2f (mark %(mark).2f) ×"
                " %(weight).2f %% = %(result).2f",
                score=card.score,
                rest=100 * (1 - share),
                points=points,
                mark=mark,
                weight=100 * share,
                result=card.combined_score,
            )
            card.rating_id = self.env["bsc.grade"]._find_grade(
                card.company_id, card.combined_score
            )
        return res

    def _do_unfinish(self):
        res = super()._do_unfinish()
        self.write({"combined_score": 0.0, "combined_text": False})
        return res

    def _has_field_access(self, field, operation):
        closed = ("combined_score", "combined_text", "appraisal_step", "is_asked")
        if operation == "write" and field.name in closed and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def _get_manager_assessment(self):
        return self.assessment_ids.filtered(
            lambda one: one.side == "manager" and one.state != "draft"
        )

    def _get_not_final_reasons(self):
        """Where competencies count, every appraiser has judged them."""
        reasons = super()._get_not_final_reasons()
        # sudo: a list of names; drafts of appraisers stay unread
        missing = self.sudo().filtered(
            lambda card: (
                card.cycle_id.competency_weight
                and card.subject_kind == "employee"
                and card._get_manager_assessment()._get_mark() is None
            )
        )
        return reasons + self._list_cards(
            missing, self.env._("competencies not judged by the appraiser")
        )
