from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

from .bsc_budget_recommendation import BUDGET_READERS


class BscBudgetRecommendation(models.Model):
    """A recommendation goes into what the department proposes for the next budget."""

    _inherit = "bsc.budget.recommendation"

    state = fields.Selection(
        selection_add=[("planned", "In the Budget Round"), ("applied",)],
        ondelete={"planned": "set default"},
    )
    proposal_id = fields.Many2one(
        "performance.budget.proposal",
        string="Budget Proposal",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups=BUDGET_READERS,
    )

    def action_add_to_round(self):
        """Add the recommended amounts to the department's open budget proposal.

        In the rights of who does it, and open the proposal. A line that is proposed
        already grows; another one is proposed with its plan of now and the increase.

        :raise UserError: no round asks the department, or no line is recommended
        """
        self.ensure_one()
        self._check_may_decide()
        if not self.env.user.has_group("budget_performance.group_budget_owner"):
            raise UserError(
                self.env._("Finance or the owner of the lines makes the proposal.")
            )
        if self.state == "planned" and self.proposal_id:
            return self.proposal_id._get_records_action()
        self._check_state("proposed")
        if not self.line_ids:
            raise UserError(
                self.env._("No line is recommended: there is nothing to propose.")
            )
        proposal = self.env["performance.budget.proposal"].search(
            [
                ("department_id", "=", self.department_id.id),
                ("is_current", "=", True),
                ("state", "=", "draft"),
            ],
            order="id desc",
            limit=1,
        )
        if not proposal:
            raise UserError(
                self.env._(
                    "No budget round waits for a proposal of “%s”: open a round, or"
                    " draft an adjustment of the budget in force.",
                    self.department_id.name,
                )
            )
        self._add_to_proposal(proposal)
        one_sudo = self.sudo()  # closed to clients, checked above
        one_sudo.write({"proposal_id": proposal.id, "state": "planned"})
        one_sudo._note_outcome("approved")
        return proposal._get_records_action()

    def _add_to_proposal(self, proposal):
        centre = self.department_id.sudo().cost_centre_id  # finance is not HR
        proposed = {
            (line.position_id, line.analytic_account_ids - centre): line
            for line in proposal.line_ids
        }
        for wanted in self.line_ids:
            line = wanted.line_id
            projects = line.analytic_account_ids - centre
            known = proposed.get((line.position_id, projects))
            if known:
                self._add_to_line(known, wanted.amount)
                continue
            proposal.line_ids.create(
                {
                    "proposal_id": proposal.id,
                    "position_id": line.position_id.id,
                    "analytic_account_ids": [(6, 0, projects.ids)],
                    "amount": wanted.planned + wanted.amount,
                    "justification": self.justification,
                }
            )

    def _add_to_line(self, line, amount):
        """Let a proposed line grow; pieces at a price become an amount as a whole."""
        reasons = [line.justification]
        if line.quantity and line.unit_price:
            reasons.append(
                self.env._(
                    "Counted before as %(quantity)s × %(price)s.",
                    quantity=formatLang(self.env, line.quantity),
                    price=formatLang(
                        self.env, line.unit_price, currency_obj=line.currency_id
                    ),
                )
            )
        reasons.append(self.justification)
        line.write(
            {
                "quantity": 0.0,
                "unit_price": 0.0,
                "amount": line.amount + amount,
                "justification": "\n".join(text for text in reasons if text),
            }
        )
