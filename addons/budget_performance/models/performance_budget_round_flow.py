from odoo import models
from odoo.exceptions import UserError

from .performance_budget_round import OPEN_STATES


class PerformanceBudgetRound(models.Model):
    """How a round moves from state to state, and who is asked each time."""

    _inherit = "performance.budget.round"

    def action_ask_frames(self):
        """Ask management for the amounts that departments plan within."""
        self._move(("draft",), "frames")
        group = self.env.ref("budget_performance.group_budget_manager")
        for budget_round in self:
            # sudo: who is in the group that is asked
            for user in budget_round._get_members(group.sudo()):
                budget_round._ask(
                    user, self.env._("Set the frames of “%s”", budget_round.name)
                )

    def action_open(self):
        """Ask the departments for their proposals.

        :raise UserError: nobody is asked, or frames below pass the one above them
        """
        for budget_round in self:
            if not budget_round.department_ids:
                raise UserError(
                    self.env._("“%s” asks no department: name some.", budget_round.name)
                )
            budget_round.frame_ids._check_tree()
        self._move(("draft", "frames"), "proposing")
        # sudo: tasks of others; the rights were checked above
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        proposals = self.proposal_ids.filtered("is_current")
        proposals.line_ids._assess()
        for proposal in proposals.filtered("department_id"):
            proposal._ask_head()

    def action_consolidate(self):
        """Begin to assess what was proposed; what is missing may still come."""
        self._move(("proposing",), "consolidation")
        self._get_current_lines()._assess()

    def action_back_to_proposing(self):
        """Go on collecting proposals."""
        self._move(("consolidation",), "proposing")

    def action_assess(self):
        """Look up history, forecast and commitments of all lines again."""
        self._check_officer()
        self._check_state(*OPEN_STATES)
        self._get_current_lines()._assess()

    def action_cancel(self):
        """Give the round up; what was proposed stays readable."""
        self._move((*OPEN_STATES, "approval"), "cancelled")
        # sudo: tasks of others; the rights were checked above
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        # sudo: as above
        self.proposal_ids.sudo().activity_unlink(["mail.mail_activity_data_todo"])

    def action_open_board(self):
        """Show the departments with frame, proposal and difference."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "budget_performance.performance_budget_round_board_action"
        )
        return {**action, "domain": [("round_id", "=", self.id)], "context": {}}

    def action_open_proposals(self):
        """Open the proposals of the round."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "budget_performance.performance_budget_proposal_action"
        )
        return {
            **action,
            "domain": [("round_id", "=", self.id)],
            "context": {
                "search_default_current": 1,
                "default_round_id": self.id,
            },
        }

    def action_open_lines(self):
        """Open all lines of the round, as a list or a pivot."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "budget_performance.performance_budget_proposal_line_action"
        )
        return {
            **action,
            "domain": [("round_id", "=", self.id)],
            "context": {"search_default_current": 1},
        }

    def action_copy_last_year(self):
        """Ask what to start from: the plan or the execution of the year before."""
        self.ensure_one()
        return self.env["performance.budget.proposal.copy"]._open(
            self, self.proposal_ids.filtered("is_current")
        )

    def _move(self, sources, target):
        """Move the state.

        :raise UserError: not finance, or not in a state it starts from
        """
        self._check_officer()
        self._check_state(*sources)
        self._lock()
        self.sudo().state = target  # protected, checked above

    def _check_officer(self):
        """:raise UserError: for anybody but finance"""
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(
            "budget_performance.group_budget_officer"
        ):
            raise UserError(self.env._("Only a finance officer can do this."))

    def _check_state(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for budget_round in self:
            if budget_round.state not in states:
                raise UserError(
                    self.env._(
                        "“%(round)s” is in state %(state)s; this needs: %(sources)s.",
                        round=budget_round.name,
                        state=labels[budget_round.state],
                        sources=", ".join(labels[state] for state in states),
                    )
                )

    def _ask(self, user, summary):
        self.sudo().activity_schedule(  # asking needs no right on the one who is asked
            "mail.mail_activity_data_todo",
            user_id=user.id,
            summary=summary,
            date_deadline=self.date_deadline,
        )

    def _ensure_proposals(self):
        """Give each department, and the whole company, its proposal."""
        vals_list = []
        for budget_round in self:
            known = budget_round.proposal_ids.department_id
            if not budget_round.proposal_ids.filtered(lambda p: not p.department_id):
                vals_list.append(budget_round._prepare_proposal_vals(known.browse()))
            vals_list += [
                budget_round._prepare_proposal_vals(department)
                for department in budget_round.department_ids - known
            ]
        # sudo: proposals begin in states that nobody writes; finance made the round
        proposals_sudo = self.env["performance.budget.proposal"].sudo()
        proposals = proposals_sudo.create(vals_list).sudo(False)
        for proposal in proposals.filtered("department_id"):
            if proposal.round_id.state in ("proposing", "consolidation"):
                proposal._ask_head()
        return proposals

    def _prepare_proposal_vals(self, department):
        head_sudo = department.sudo().manager_id.user_id  # who leads is no secret
        return {
            "round_id": self.id,
            "department_id": department.id,
            "user_id": head_sudo.id or self.user_id.id,
        }

    def _get_uplift(self, department):  # pylint: disable=unused-argument
        """Return by how many percent a department's money should grow.

        Zero here; an addon that knows the results of a department says more or less.
        """
        return 0.0
