from odoo import api, fields, models
from odoo.exceptions import UserError


class BscAssessment(models.Model):
    """One side's view of a person's work in a cycle: his own or his appraiser's.

    Each side writes in private. What is handed in can be read by the appraisal
    officers and the auditor; the employee's also by his appraiser, the appraiser's by
    the employee once it is shared.

    ===========  ==================  ==================================
    Step         Self-assessment     Assessment of the appraiser
    ===========  ==================  ==================================
    draft        the employee        the appraiser
    handed in    appraiser, HR       HR
    shared                           the employee, HR
    ===========  ==================  ==================================

    A cycle may keep the self-assessment from the appraiser until both are handed in.
    """

    _name = "bsc.assessment"
    _description = "Assessment"
    _inherit = ["bsc.about.scorecard.mixin", "bsc.confidential.mixin"]
    _order = "id desc"
    _check_company_auto = True

    _PROTECTED = frozenset(
        {
            *("scorecard_id", "side", "state", "date_handed_in", "author_id"),
            *("reminder_level", "is_open_to_other"),
        }
    )

    scorecard_id = fields.Many2one(readonly=True, ondelete="cascade")
    side = fields.Selection(
        [("self", "Self"), ("manager", "Appraiser")],
        required=True,
        readonly=True,
    )
    author_id = fields.Many2one(
        "res.users",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    achievements = fields.Text(help="What was achieved in this cycle.")
    difficulties = fields.Text(help="What was hard, and why.")
    development = fields.Text(help="What to learn or to change next.")
    line_ids = fields.One2many("bsc.assessment.line", "assessment_id")
    state = fields.Selection(
        [("draft", "Draft"), ("handed_in", "Handed In"), ("shared", "Shared")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
    )
    date_handed_in = fields.Date(readonly=True, copy=False)
    mark = fields.Float(
        digits=(4, 2),
        compute="_compute_mark",
        help="Mean of the judged competencies, 1 to 5, by their weights.",
    )
    other_id = fields.Many2one("bsc.assessment", compute="_compute_other")
    can_write = fields.Boolean(compute="_compute_can_write")

    _side_uniq = models.UniqueIndex(
        "(scorecard_id, side)", "Each side assesses once: open the assessment."
    )

    @api.depends("scorecard_id.name", "side")
    def _compute_display_name(self):
        labels = dict(self._fields["side"]._description_selection(self.env))
        for one in self:
            # sudo: the name of the person it is about
            name = one.scorecard_id.sudo().display_name or ""
            one.display_name = f"{name} · {labels.get(one.side, '')}"

    @api.depends("line_ids.value", "line_ids.competency_id.weight")
    def _compute_mark(self):
        for one in self:
            one.mark = one._get_mark() or 0.0

    @api.depends("scorecard_id")
    @api.depends_context("uid")
    def _compute_other(self):
        found = self.search([("scorecard_id", "in", self.scorecard_id.ids)])
        for one in self:
            one.other_id = found.filtered(
                lambda other, one=one: (
                    other.scorecard_id == one.scorecard_id and other.side != one.side
                )
            )[:1]

    @api.depends("state", "author_id", "scorecard_id.state")
    @api.depends_context("uid")
    def _compute_can_write(self):
        for one in self:
            one.can_write = (
                one.state == "draft"
                and one.author_id == self.env.user
                and one._is_open()
            )

    def write(self, vals):
        if not self.env.su:
            self._check_can_write()
        return super().write(vals)

    def copy(self, default=None):  # pylint: disable=method-required-super
        raise UserError(self.env._("Each side assesses once a cycle."))

    def _get_possible_followers(self):
        return self.author_id  # drafts are private

    def action_hand_in(self):
        """Finish the own assessment: it is not changed any more."""
        self._check_can_write()
        for one in self:
            if not one._has_content():
                raise UserError(
                    self.env._("Write something or judge a competency, then hand in.")
                )
        today = fields.Date.context_today(self)
        # sudo: closed to clients, checked above
        mine_sudo = self.sudo()
        mine_sudo.write({"state": "handed_in", "date_handed_in": today})
        mine_sudo.activity_unlink(["mail.mail_activity_data_todo"])

    def action_share(self):
        """Let the employee read the appraiser's assessment."""
        self.check_access("read")
        for one in self:
            if one.side != "manager" or one.author_id != self.env.user:
                raise UserError(self.env._("The appraiser shares his assessment."))
            if one.state != "handed_in":
                raise UserError(self.env._("Hand it in first, then share it."))
        self.sudo().state = "shared"  # closed to clients, checked above

    def action_open_other(self):
        """Open what the other side wrote."""
        self.ensure_one()
        return self.other_id._get_form_action()

    def _get_form_action(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def _is_open(self):
        return self.cycle_id.state in ("coach", "assess")

    def _has_content(self):
        return bool(
            self.achievements
            or self.difficulties
            or self.development
            or any(line.value for line in self.line_ids)
        )

    def _get_mark(self):
        """Return the weighted mean of the judged competencies, None without any."""
        judged = [line for line in self.line_ids if line.value]
        weight = sum(line.competency_id.weight for line in judged)
        if not weight:
            return None
        total = sum(int(line.value) * line.competency_id.weight for line in judged)
        return total / weight

    def _check_can_write(self):
        self.check_access("read")
        for one in self:
            if one.author_id != self.env.user:
                raise UserError(self.env._("Everybody writes his own assessment."))
            if one.state != "draft":
                raise UserError(
                    self.env._("It is handed in: it stays as it was written.")
                )
            if not one._is_open():
                raise UserError(
                    self.env._(
                        "Assessments are written while the cycle runs and until its"
                        " scores are final."
                    )
                )
