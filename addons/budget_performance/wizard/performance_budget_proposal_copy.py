from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..tools import money, planning


class PerformanceBudgetProposalCopy(models.TransientModel):
    """Fills proposals from the budget before: its plan, its actual use, or what its
    execution and the results of each department suggest.
    """

    _name = "performance.budget.proposal.copy"
    _description = "Copy a Budget Into Proposals"
    _rec_name = "round_id"

    round_id = fields.Many2one(
        "performance.budget.round", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="round_id.company_id")
    budget_id = fields.Many2one(
        "performance.budget",
        string="Copy From",
        required=True,
        domain="[('company_id', '=', company_id),"
        " ('state', 'in', ('approved', 'closed'))]",
    )
    source = fields.Selection(
        [
            ("plan", "What was planned"),
            ("actual", "What was booked so far"),
            ("execution", "Execution and results"),
        ],
        required=True,
        default="execution",
        help="Execution and results: what the forecast expects to be spent until the"
        " end of the budget, raised or lowered by department.",
    )
    distribution = fields.Selection(
        [("season", "Last year's season"), ("even", "Even")],
        string="Months",
        required=True,
        default="season",
    )
    replace = fields.Boolean(
        string="Replace Amounts",
        help="Off: lines that are proposed already stay as they are.",
    )
    line_ids = fields.One2many(
        "performance.budget.proposal.copy.line", "copy_id", string="Departments"
    )

    @api.model
    def _open(self, budget_round, proposals):
        """Return the action that asks what to copy into the open proposals."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Copy From the Budget Before"),
            "res_model": self._name,
            "res_id": self._make(budget_round, proposals).id,
            "view_mode": "form",
            "target": "new",
        }

    @api.model
    def _make(self, budget_round, proposals):
        """Return the question with what the round suggests for each department."""
        proposals = proposals.filtered(lambda p: p.state == "draft")
        if not proposals:
            raise UserError(
                self.env._("No proposal is open: send one back, then copy into it.")
            )
        return self.create(
            {
                "round_id": budget_round.id,
                "budget_id": self._get_default_budget(budget_round).id,
                "line_ids": [
                    Command.create(
                        {
                            "proposal_id": proposal.id,
                            "uplift": budget_round._get_uplift(proposal.department_id),
                        }
                    )
                    for proposal in proposals
                ],
            }
        )

    @api.model
    def _get_default_budget(self, budget_round):
        """:raise UserError: there is nothing to copy from"""
        if not budget_round.base_budget_id:
            raise UserError(
                self.env._(
                    "“%s” is compared with no budget: choose one that is or was in"
                    " force, then there is something to copy.",
                    budget_round.name,
                )
            )
        return budget_round.base_budget_id

    def action_copy(self):
        """Write the lines; who may plan for the departments is checked again.

        :raise UserError: a proposal is not open, or not this person's
        """
        self.ensure_one()
        proposals = self.line_ids.proposal_id
        proposals._check_may_plan()
        proposals._check_open()
        if proposals.round_id != self.round_id:
            raise UserError(self.env._("These are proposals of another round."))
        self.round_id.check_access("read")
        found = self._find_lines()
        uplifts = {line.proposal_id: line.uplift for line in self.line_ids}
        vals_list, known = [], self._find_known(proposals)
        for base_sudo, proposal in found:
            key = self._get_key(base_sudo, proposal)
            amount = self._get_amount(base_sudo, uplifts[proposal])
            line = known.get((proposal, key))
            if line and self.replace:
                line.write({"amount": amount, "quantity": 0.0})
            elif not line and amount:
                vals_list.append(self._prepare_vals(base_sudo, proposal, amount))
        self.env["performance.budget.proposal.line"].create(vals_list)
        if len(proposals) == 1:
            return proposals._get_records_action()
        return {"type": "ir.actions.act_window_close"}

    def _find_lines(self):
        """Return ``[(line before in sudo, proposal it is copied into)]``."""
        # sudo: a head plans on the lines of his departments, whoever owns them; the
        # lines of other departments are left out below
        budget_sudo = self.budget_id.sudo()
        if budget_sudo.company_id != self.company_id:
            raise UserError(self.env._("Copy from a budget of the same company."))
        by_department = {
            proposal.department_id: proposal for proposal in self.line_ids.proposal_id
        }
        return [
            (line_sudo, by_department[line_sudo.department_id.sudo(False)])
            for line_sudo in budget_sudo.line_ids
            if line_sudo.department_id.sudo(False) in by_department
        ]

    @api.model
    def _get_key(self, base_sudo, proposal):
        accounts = (
            base_sudo.analytic_account_ids - proposal.department_id.cost_centre_id
        )
        return (
            base_sudo.position_id.id,
            frozenset(accounts.ids),
            base_sudo.is_reserve,
        )

    def _find_known(self, proposals):
        return {
            (
                line.proposal_id,
                (
                    line.position_id.id,
                    frozenset(line.analytic_account_ids.ids),
                    line.is_reserve,
                ),
            ): line
            for line in proposals.line_ids
        }

    def _get_amount(self, base_sudo, uplift):
        unit = money.unit(base_sudo.currency_id.decimal_places)
        if self.source == "plan" or base_sudo.is_reserve:
            amount = base_sudo.amount_planned
        elif self.source == "actual":
            amount = base_sudo.amount_actual
        else:
            # What was used since the forecast was made it could not expect.
            expected = base_sudo.forecast_line_id.amount_expected
            amount = max(expected, base_sudo.amount_used)
        exact = money.exact(max(0.0, amount), unit)
        percent = money.exact(uplift, money.FINEST)
        return float(planning.uplifted(exact, percent, unit))

    def _prepare_vals(self, base_sudo, proposal, amount):
        accounts = (
            base_sudo.analytic_account_ids - proposal.department_id.cost_centre_id
        )
        labels = dict(self._fields["source"]._description_selection(self.env))
        return {
            "proposal_id": proposal.id,
            "position_id": base_sudo.position_id.id,
            "analytic_account_ids": [Command.set(accounts.ids)],
            "is_reserve": base_sudo.is_reserve,
            "owner_id": base_sudo.owner_id.id,
            "amount": amount,
            "distribution": self.distribution,
            "justification": base_sudo.note
            or self.env._(
                "As in “%(budget)s”: %(basis)s",
                budget=self.budget_id.name,
                basis=labels[self.source],
            ),
        }
