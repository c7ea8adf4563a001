from itertools import combinations

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..tools.ahp import JudgementError, analyse, build


class BscWeightingExpert(models.Model):
    """The part of one expert in a study: his answers, and how consistent they are.

    He judges while the study is open and hands in; answers above the consistency
    limit come back to him with the judgement to look at first. Nothing is changed for
    him. The owner of the study sees who handed in and how consistently, not what.
    """

    _name = "bsc.weighting.expert"
    _description = "Weighting Expert"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "weighting_id, id"
    _rec_name = "weighting_id"
    _check_company_auto = True

    _PROTECTED = frozenset(
        {"state", "date_submitted", "consistency_ratio", "scale_ratio"}
    )
    # What the owner of the study decides, never the expert himself.
    _BY_OWNER = frozenset({"weighting_id", "user_id", "weight"})

    weighting_id = fields.Many2one(
        "bsc.weighting", string="Study", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="weighting_id.company_id", store=True, precompute=True, index=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Expert",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        domain=[("share", "=", False)],
    )
    weight = fields.Float(
        digits=(6, 2),
        default=1.0,
        aggregator=None,
        help="Counts as so many experts of weight 1.",
    )
    state = fields.Selection(
        [
            ("invited", "Invited"),
            ("returned", "Returned"),
            ("submitted", "Handed In"),
        ],
        required=True,
        default="invited",
        copy=False,
        index=True,
    )
    study_state = fields.Selection(related="weighting_id.state", string="Study Is")
    scale = fields.Selection(related="weighting_id.scale")
    method = fields.Selection(related="weighting_id.method")
    threshold = fields.Float(related="weighting_id.threshold")
    question = fields.Text(related="weighting_id.note")
    date_deadline = fields.Date(related="weighting_id.date_deadline", store=True)
    judgement_ids = fields.One2many(
        "bsc.weighting.judgement", "expert_id", string="Judgements"
    )
    judged = fields.Char(compute="_compute_judged")
    date_submitted = fields.Datetime(string="Handed In On", copy=False)
    consistency_ratio = fields.Float(
        string="CR", digits=(16, 4), copy=False, aggregator=None
    )
    scale_ratio = fields.Float(
        string="CR of the Scale", digits=(16, 4), copy=False, aggregator=None
    )
    returned_note = fields.Text(compute="_compute_returned_note")
    comment = fields.Text(string="Remark", copy=False)
    can_judge = fields.Boolean(compute="_compute_can_judge")
    is_mine = fields.Boolean(compute="_compute_can_judge")

    _user_uniq = models.UniqueIndex(
        "(weighting_id, user_id)", "This expert is invited already."
    )
    _weight_range = models.Constraint(
        "CHECK (weight > 0 AND weight <= 100)",
        "The weight of an expert lies between 0 and 100.",
    )

    @api.depends("judgement_ids.strength")
    def _compute_judged(self):
        # sudo: how far an expert is, not what he says. Counted by the database, so that
        # the judgements do not stand in the cache afterwards.
        Judgement_sudo = self.env["bsc.weighting.judgement"].sudo()
        domain = [("expert_id", "in", self.ids)]
        pairs = dict(Judgement_sudo._read_group(domain, ["expert_id"], ["__count"]))
        domain.append(("strength", ">", 0))
        judged = dict(Judgement_sudo._read_group(domain, ["expert_id"], ["__count"]))
        for expert in self:
            done, whole = judged.get(expert._origin, 0), pairs.get(expert._origin, 0)
            expert.judged = f"{done}/{whole}"

    @api.depends("state", "study_state", "user_id")
    @api.depends_context("uid")
    def _compute_can_judge(self):
        for expert in self:
            expert.is_mine = expert.user_id == self.env.user
            expert.can_judge = (
                expert.is_mine
                and expert.study_state == "open"
                and expert.state != "submitted"
            )

    @api.depends("state", "consistency_ratio")
    @api.depends_context("uid", "lang")
    def _compute_returned_note(self):
        # It quotes judgements: only the expert himself reads it.
        for expert in self:
            is_shown = expert.is_mine and expert.state == "returned"
            expert.returned_note = is_shown and expert._describe_return()

    @api.depends("weighting_id.name", "user_id.name")
    def _compute_display_name(self):
        for expert in self:
            expert.display_name = (
                f"{expert.weighting_id.name or ''} · {expert.user_id.name or ''}"
            )

    @api.constrains("user_id")
    def _check_user_is_internal(self):
        for user in self.user_id.filtered("share"):
            raise ValidationError(
                self.env._("“%s” is not an internal user.", user.name)
            )

    @api.model_create_multi
    def create(self, vals_list):
        experts = super().create(vals_list)
        experts._check_by_owner()
        joining = experts.filtered(lambda expert: expert.study_state == "open")
        joining.sudo()._invite()  # pairs and activities are not the owner's to write
        return experts

    def write(self, vals):
        if self._BY_OWNER & vals.keys():
            self._check_by_owner()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        self._check_by_owner()
        if handed_in := self.filtered(lambda expert: expert.state == "submitted"):
            raise UserError(
                self.env._(
                    "%s handed in: the answers of an expert are not thrown away.",
                    handed_in[0].user_id.name,
                )
            )

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in self._PROTECTED and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def action_submit(self):
        """Hand in; answers above the consistency limit come back instead.

        :return: a notification that says what happened
        """
        self.ensure_one()
        self._check_mine("invited", "returned")
        self.sudo()._do_submit()  # state and figures are closed, checked above
        return self._prepare_notification()

    def action_revise(self):
        """Take one's answers back while the study is open."""
        self.ensure_one()
        self._check_mine("submitted")
        expert_sudo = self.sudo()  # the state is closed to clients, checked above
        expert_sudo.write({"state": "invited", "date_submitted": False})

    def _check_by_owner(self):
        """:raise UserError: somebody else than the owner, or the study is over"""
        if self.env.su:
            return
        self.weighting_id.check_access("write")
        for study in self.weighting_id:
            study._check_state("draft", "open")

    def _check_mine(self, *states):
        if self.user_id != self.env.user:
            raise AccessError(
                self.env._("Only %s hands in these answers.", self.user_id.name)
            )
        self.weighting_id._check_state("open")
        if self.state not in states:
            raise UserError(self.env._("Your answers are handed in already."))

    def _do_submit(self):
        """Judge the answers: handed in, or returned above the consistency limit.

        :raise UserError: they do not connect everything that is compared
        """
        try:
            found = analyse(self._get_matrix(), int(self.scale), self.method)
        except JudgementError as error:
            raise UserError(self._describe_error(error)) from None
        is_consistent = found.cr < self.threshold
        self.write(
            {
                "state": "submitted" if is_consistent else "returned",
                "date_submitted": fields.Datetime.now() if is_consistent else False,
                "consistency_ratio": found.cr,
                "scale_ratio": found.cr_scale,
            }
        )
        if is_consistent:
            self.activity_feedback(["mail.mail_activity_data_todo"])

    def _invite(self):
        """Prepare the pairs of the experts and ask them to judge."""
        Judgement = self.env["bsc.weighting.judgement"]
        for expert in self:
            criteria = expert.weighting_id.criterion_ids
            if not expert.judgement_ids:
                Judgement.create(
                    [
                        {"expert_id": expert.id, "first_id": a.id, "second_id": b.id}
                        for a, b in combinations(criteria, 2)
                    ]
                )
            expert.activity_unlink(["mail.mail_activity_data_todo"])
            expert.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=expert.date_deadline or fields.Date.today(),
                summary=self.env._("Compare in pairs: %s", expert.weighting_id.name),
                user_id=expert.user_id.id,
            )

    def _get_matrix(self):
        criteria = self.weighting_id.criterion_ids
        rank = {criterion: number for number, criterion in enumerate(criteria)}
        ratios = {
            (rank[one.first_id], rank[one.second_id]): one._get_ratio()
            for one in self.judgement_ids
            if one.strength
        }
        return build(len(criteria), ratios, int(self.scale))
