from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.achievement import RuleError, check
from ..tools.scorecard_guards import REFUSE, Limits, examine

# Kinds of calculation that compare with a target, and those where it is agreed or,
# in its place, a range. Steps and points belong to the indicator, the same for all.
NEEDS_TARGET = ("ratio", "inverse", "baseline", "closeness", "pass_fail")
IS_AGREED = (*NEEDS_TARGET, "range")
LISTED = 5


class BscScorecard(models.Model):
    """From draft to agreed to final, and what stands in the way.

    ===========  =========================  ==========================================
    Action       Who                        When
    ===========  =========================  ==========================================
    agree        appraiser or officer       draft, nothing is refused, every target is
                                            agreed or decided
    reopen       officer                    agreed, while the cycle is being planned
    finish       the cycle                  leaving the assessment
    ===========  =========================  ==========================================
    """

    _inherit = "bsc.scorecard"

    refusals = fields.Text(compute="_compute_findings")
    flags = fields.Text(compute="_compute_findings")
    open_target_count = fields.Integer(compute="_compute_open_target_count")
    has_limits = fields.Boolean(compute="_compute_has_limits")
    can_edit = fields.Boolean(compute="_compute_can_edit")
    can_agree = fields.Boolean(compute="_compute_can_move")
    can_reopen = fields.Boolean(compute="_compute_can_move")

    @api.depends(
        "line_ids.weight",
        "line_ids.target",
        "line_ids.target_status",
        "line_ids.capacity",
        "line_ids.indicator_id",
        "line_ids.child_line_ids.target",
    )
    @api.depends_context("lang")
    def _compute_findings(self):
        for card in self:
            findings = card._get_findings()
            for name, is_refusal in (("refusals", True), ("flags", False)):
                sentences = [
                    sentence
                    for severity, sentence in findings
                    if (severity == REFUSE) == is_refusal
                ]
                card[name] = "\n".join(sentences)

    @api.depends("line_ids.target_status", "line_ids.calculation")
    def _compute_open_target_count(self):
        for card in self:
            card.open_target_count = len(card._get_open_targets())

    @api.depends("line_ids.calculation")
    def _compute_has_limits(self):
        for card in self:
            kinds = set(card.line_ids.mapped("calculation"))
            card.has_limits = bool(kinds - set(NEEDS_TARGET) - {False})

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can_edit(self):
        editable = self._origin._filtered_access("write")
        for card in self:
            is_open = card.state == "draft"
            card.can_edit = is_open and (not card._origin or card._origin in editable)

    @api.depends("state", "refusals", "open_target_count", "stage")
    @api.depends_context("uid")
    def _compute_can_move(self):
        for card in self:
            card.can_agree = not card._get_cannot_agree_reasons()
            card.can_reopen = not card._get_cannot_reopen_reasons()

    def action_agree(self):
        """Put the scorecards in force.

        :raise UserError: with everything that stands against it
        """
        self.check_access("write")
        self._raise_reasons({card: card._get_cannot_agree_reasons() for card in self})
        # closed to clients; rights and reasons were checked above
        self.sudo().state = "agreed"
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])  # tasks of others

    def action_reopen(self):
        """Make drafts of agreed scorecards while the cycle is being planned."""
        self.check_access("read")
        self._raise_reasons({card: card._get_cannot_reopen_reasons() for card in self})
        self.sudo().state = "draft"  # closed to clients, checked above

    def _is_appraisal_officer(self):
        return self.env.su or self.env.user.has_group(
            "bsc_appraisal.group_appraisal_officer"
        )

    def _get_cannot_agree_reasons(self) -> list[str]:
        if self.state != "draft":
            return [self.env._("It is agreed already.")]
        if self.stage not in ("plan", "coach"):
            return [self.env._("The cycle is being assessed already.")]
        reasons = self.refusals.split("\n") if self.refusals else []
        open_lines = self._get_open_targets()
        if open_lines:
            reasons.append(
                self.env._(
                    "Targets not agreed yet (%(count)s): %(names)s.",
                    count=len(open_lines),
                    names=self._list_names(open_lines.indicator_id),
                )
            )
        reasons += self._get_unscorable_reasons()
        if not self.has_access("write"):
            reasons.append(self.env._("The appraiser or HR puts it in force."))
        return reasons

    def _get_cannot_reopen_reasons(self) -> list[str]:
        reasons = []
        if self.state != "agreed":
            reasons.append(self.env._("Only an agreed scorecard can be reopened."))
        if self.stage != "plan":
            reasons.append(
                self.env._("The cycle is running: request changes of its targets.")
            )
        if not self._is_appraisal_officer() or self.responsible_id == self.env.user:
            reasons.append(self.env._("An appraisal officer reopens it, not his own."))
        return reasons

    def _get_open_targets(self):
        """Return the lines that need a target and have none that counts."""
        if self.subject_kind == "job":
            return self.line_ids.browse()
        return self.line_ids.filtered(
            lambda line: (
                line.calculation in IS_AGREED
                and line.target_status not in ("agreed", "decided")
            )
        )

    def _get_unscorable_reasons(self) -> list[str]:
        """Name the lines that no figure could score, a ratio to a target of 0 say."""
        reasons = []
        if self.subject_kind == "job":
            return reasons
        for line in self.line_ids - self._get_open_targets():
            try:
                check(line.indicator_id._get_rule(line))
            except RuleError as error:
                reasons.append(
                    self.env._(
                        "%(line)s: %(problem)s",
                        line=line.indicator_id.display_name,
                        problem=line._describe_error(error.code),
                    )
                )
        return reasons

    def _get_findings(self) -> list[tuple[str, str]]:
        """Return (severity, sentence) for everything that speaks against the card."""
        cycle = self.cycle_id
        financial = self.env.ref(
            "bsc_appraisal.bsc_perspective_financial", raise_if_not_found=False
        )
        limits = Limits(
            max_lines=cycle.max_indicators,
            over_capacity=cycle.over_capacity,
            financial=financial and financial.id,
        )
        lines = {line.id: line for line in self.line_ids}
        found = examine([line._as_guarded() for line in self.line_ids], limits)
        sentences = [
            (one.severity, self._describe_finding(one, lines.get(one.key)))
            for one in found
        ]
        return sentences + [
            (
                "flag",
                self.env._(
                    "%(line)s: the targets below promise %(parts)s of %(target)s,"
                    " %(gap)s is missing (negative: too much).",
                    line=line.indicator_id.display_name,
                    parts=line.served_total,
                    target=line.target,
                    gap=line.served_gap,
                ),
            )
            for line in self.line_ids
            if line.served_gap
        ]

    def _describe_finding(self, finding, line) -> str:
        values = finding.values
        if finding.code == "empty":
            return self.env._("It has no indicator yet.")
        if finding.code == "too_many":
            return self.env._(
                "%(count)s indicators are too many: nobody can steer by more than"
                " %(limit)s. Keep those that matter most.",
                **values,
            )
        if finding.code == "weights":
            return self.env._(
                "The weights sum to %(total).2f %%, not to 100 %%.", **values
            )
        if finding.code == "only_financial":
            return self.env._(
                "All indicators are financial: they tell what was, not what makes it"
                " happen. Add customers, processes or learning."
            )
        return self.env._(
            "%(line)s: the target is %(excess).1f %% above what was assessed as"
            " possible (%(limit).0f %% is the limit). Say what makes it reachable, or"
            " lower it.",
            line=line.indicator_id.display_name,
            **values,
        )

    def _get_not_agreed_reasons(self) -> list[str]:
        return self._list_cards(
            self.filtered(
                lambda card: card.state == "draft" and card.subject_kind != "job"
            ),
            self.env._("not agreed"),
        )

    def _get_not_final_reasons(self) -> list[str]:
        scored = self.filtered(lambda card: card.subject_kind != "job")
        thin = scored.filtered(lambda card: card.coverage < card.cycle_id.min_coverage)
        partial = scored.filtered(lambda card: not card.is_complete) - thin
        return self._list_cards(
            thin, self.env._("less measured than required")
        ) + self._list_cards(partial, self.env._("figures are missing"))

    def _do_finish(self):
        self.filtered(lambda card: card.state == "agreed").state = "final"

    def _do_unfinish(self):
        self.filtered(lambda card: card.state == "final").state = "agreed"

    def _list_cards(self, cards, problem) -> list[str]:
        if not cards:
            return []
        return [
            self.env._(
                "Scorecards %(problem)s (%(count)s): %(names)s.",
                problem=problem,
                count=len(cards),
                names=self._list_names(cards),
            )
        ]

    def _list_names(self, records) -> str:
        names = ", ".join(records[:LISTED].mapped("name"))
        return f"{names} …" if len(records) > LISTED else names

    def _raise_reasons(self, reasons_by_card):
        blocks = [
            "\n".join([card.display_name, *(f"- {reason}" for reason in reasons)])
            for card, reasons in reasons_by_card.items()
            if reasons
        ]
        if blocks:
            raise UserError("\n\n".join(blocks))
