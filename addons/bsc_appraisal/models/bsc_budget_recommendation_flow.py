from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..tools import recommendation

MONEY = ("increase", "upgrade", "training")
BATCH = 200
# From here on there is nothing missed that would have a cause.
MET = 100.0


class BscBudgetRecommendation(models.Model):
    """How recommendations come about, and what people make of them."""

    _inherit = "bsc.budget.recommendation"

    def action_compute(self):
        """Look again for the rule, with the cause as it is now."""
        self._check_may_decide()
        self._check_state("proposed")
        self.sudo()._recompute()  # reads budgets and results, checked above

    def action_create_adjustment(self):
        """Make a draft adjustment, in the rights of who does it, and open it.

        :raise UserError: no money is proposed, or an adjustment is under way
        """
        self.ensure_one()
        self._check_may_decide()
        if not self.env.user.has_group("budget_performance.group_budget_owner"):
            raise UserError(
                self.env._("Finance or the owner of the lines makes the adjustment.")
            )
        if self.adjustment_id and self.state != "proposed":
            return self.adjustment_id._get_records_action()
        self._check_state("proposed")
        adjustment = self.env["performance.budget.adjustment"].create(
            self._prepare_adjustment_vals()
        )
        one_sudo = self.sudo()  # closed to clients, checked above
        one_sudo.write({"adjustment_id": adjustment.id, "state": "adjusting"})
        one_sudo._note_outcome("approved")
        return adjustment._get_records_action()

    def action_done(self):
        """Note that what needs no money was done: targets reviewed, for example."""
        self._check_may_decide()
        self._check_state("proposed")
        for one in self:
            if one.effect in MONEY:
                raise UserError(
                    self.env._("It proposes money: make the adjustment, or drop it.")
                )
        self.sudo().state = "applied"  # closed to clients, checked above
        self.sudo()._note_outcome("applied")  # closed to clients, checked above

    def action_drop(self):
        """Drop recommendations; the decision says why.

        :raise UserError: no reason is given
        """
        self._check_may_decide()
        self._check_state("proposed")
        for one in self:
            if not (one.note or "").strip():
                raise UserError(
                    self.env._(
                        "“%s”: say in the decision why it is dropped.", one.display_name
                    )
                )
        self.sudo().state = "dropped"  # closed to clients, checked above
        self.sudo()._note_outcome("dropped")  # closed to clients, checked above

    def _check_may_decide(self):
        """:raise UserError: neither appraisal officer nor finance"""
        self.check_access("write")
        groups = (
            "bsc_appraisal.group_appraisal_officer",
            "budget_performance.group_budget_officer",
        )
        if not any(self.env.user.has_group(group) for group in groups):
            raise UserError(
                self.env._("Appraisal officers and finance decide on this.")
            )

    def _check_state(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for one in self:
            if one.state not in states:
                raise UserError(
                    self.env._(
                        "“%(name)s” is %(state)s; this starts from: %(sources)s.",
                        name=one.display_name,
                        state=labels[one.state],
                        sources=", ".join(labels[state] for state in states),
                    )
                )

    def _prepare_adjustment_vals(self):
        if not self.line_ids:
            raise UserError(
                self.env._(
                    "No line is proposed: the department has no line in a budget in"
                    " force on these positions, or the rule proposes no money."
                )
            )
        return {
            "company_id": self.company_id.id,
            "kind": "supplement",
            "driver": "plan",
            "reason": "\n".join(
                text for text in (self.justification, self.advice, self.note) if text
            ),
            "line_ids": [
                Command.create({"line_id": line.line_id.id, "amount": line.amount})
                for line in self.line_ids
            ],
        }

    def _follow(self, state):
        """Take over what became of the money, in sudo."""
        self.write({"state": state})
        self._note_outcome(state)

    def _note_outcome(self, state):
        for one in self:
            one.scorecard_id._set_outcome("budget", state, one)

    @api.model
    def _recommend(self, cards):
        """Recommend for published results of departments without one, in sudo.

        :return: the new recommendations
        """
        known = self.search([("scorecard_id", "in", cards.ids)]).scorecard_id
        cards = (cards - known).filtered(
            lambda card: card.subject_kind == "department" and card.published_date
        )
        new = self.create([{"scorecard_id": card.id} for card in cards])
        new._recompute(with_cause=True)
        new._note_outcome("proposed")
        return new

    def _recompute(self, with_cause=False):
        """Find rule, amounts and figures anew, in sudo, a few queries for all."""
        lines = self._get_budget_lines()
        for company, some in self.grouped("company_id").items():
            for one in some if with_cause else self.browse():
                if one.scorecard_id.score < MET:
                    one.cause_id = one._find_cause(lines.get(one.department_id, ()))
            rules = self.env["bsc.budget.rule"]._choose(
                company,
                {one: (one.scorecard_id.score, one.cause_id) for one in some},
            )
            for one in some:
                one._set_rule(rules[one], lines.get(one.department_id, ()))

    def _get_budget_lines(self):
        """Return the lines in force today of each department."""
        today = fields.Date.context_today(self)
        lines = self.env["performance.budget.line"].search(
            [
                ("state", "=", "approved"),
                ("date_to", ">=", today),
                ("date_from", "<=", today),
                ("is_reserve", "=", False),
                (
                    "analytic_account_ids",
                    "in",
                    self.department_id.cost_centre_id.ids,
                ),
            ]
        )
        return lines.grouped("department_id")

    def _find_cause(self, lines):
        """Return the cause of the largest line that has one."""
        causes = [line for line in lines if line.budget_cause_id]
        largest = max(causes, key=lambda line: line.amount_planned, default=None)
        return largest.budget_cause_id if largest else False

    def _set_rule(self, rule, lines):
        card = self.scorecard_id
        measured = card.line_ids.filtered(lambda line: line.status == "reported")
        # Pools follow their lines; the adjustment can complete them.
        chosen = [
            line
            for line in lines
            if not line.pool_member_ids
            and (not rule.position_ids or line.position_id in rule.position_ids)
        ]
        amounts = recommendation.amounts(
            {line: line.amount_planned for line in chosen},
            rule.percent if rule.effect in MONEY else 0.0,
            self.currency_id.decimal_places,
        )
        self.write(
            {
                "score": card.score,
                "rule_id": rule.id,
                "facts": [
                    [line.indicator_id.id, line.points]
                    for line in measured.sorted("effective_weight", reverse=True)
                ],
                "line_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "line_id": line.id,
                                "planned": line.amount_planned,
                                "amount": float(amount),
                            }
                        )
                        for line, amount in amounts.items()
                    ),
                ],
            }
        )

    @api.model
    def _cron_recommend(self):
        """Recommend for published departments, a batch per commit."""
        waiting = [
            ("subject_kind", "=", "department"),
            ("published_date", "!=", False),
            ("budget_recommendation_ids", "=", False),
        ]
        scorecards = self.env["bsc.scorecard"]
        while cards := scorecards.search(waiting, limit=BATCH, order="id"):
            cards._recommend_budget()
            left = self.env["ir.cron"]._commit_progress(
                len(cards), remaining=scorecards.search_count(waiting)
            )
            if not left:
                return
