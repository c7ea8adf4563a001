from odoo import Command, fields, models
from odoo.exceptions import UserError, ValidationError

from .performance_budget_round import OPEN_STATES

ASKED = ("proposing", "consolidation")


class PerformanceBudgetProposal(models.Model):
    """How a proposal goes to finance and comes back as the next iteration."""

    _inherit = "performance.budget.proposal"

    def action_submit(self):
        """Hand the proposals to finance.

        :raise UserError: not yours, the round is not open, or lines are incomplete
        """
        for proposal in self:
            proposal._check_may_plan()
            proposal.round_id._check_state(*ASKED)
            proposal._check_open()
            proposal._check_complete()
            proposal.line_ids._assess()
        self.sudo().write(  # protected fields, checked above
            {
                "state": "submitted",
                "submitted_by_id": self.env.uid,
                "submitted_date": fields.Datetime.now(),
            }
        )
        # sudo: tasks of others; the rights were checked above
        self.sudo().activity_feedback(["mail.mail_activity_data_todo"])
        for proposal in self:
            proposal._tell_finance()

    def action_take_back(self):
        """Take back what you submitted, as long as finance has not accepted it."""
        for proposal in self:
            proposal._check_may_plan()
            proposal.round_id._check_state(*ASKED)
            proposal._check_is("submitted")
        self.sudo().state = "draft"  # protected, checked above

    def action_accept(self):
        """Take the proposals as they are into what the levels decide on."""
        for proposal in self:
            proposal.round_id._check_officer()
            proposal.round_id._check_state(*ASKED)
            proposal._check_is("submitted")
        self.sudo().state = "accepted"  # protected, checked above

    def action_return(self):
        """Ask which lines to change and why; then the department goes on."""
        self.ensure_one()
        self._check_can_return()
        return self.env["performance.budget.proposal.return"]._open(self.round_id, self)

    def action_copy_last_year(self):
        """Ask what to start from: the plan or the execution of the year before."""
        self.ensure_one()
        self._check_may_plan()
        self._check_open()
        return self.env["performance.budget.proposal.copy"]._open(self.round_id, self)

    def action_open_lines(self):
        """Open the lines of these proposals in full width."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "budget_performance.performance_budget_proposal_line_action"
        )
        one = self.id if len(self) == 1 else False
        return {
            **action,
            "domain": [("proposal_id", "in", self.ids)],
            "context": {"default_proposal_id": one},
        }

    def _return(self, reason, lines):
        """Keep the proposal as it is and let the department work on a copy.

        :param lines: those that have to change, empty: all of it
        :return: the next iteration
        """
        self.ensure_one()
        self._check_can_return()
        if not (reason or "").strip():
            raise ValidationError(
                self.env._("Say what has to change: the department is told.")
            )
        self.round_id._lock()
        proposal_sudo = self.sudo()  # protected fields, checked above
        proposal_sudo.write(
            {"state": "returned", "is_current": False, "return_reason": reason}
        )
        proposal_sudo.flush_recordset()
        following_sudo = proposal_sudo.create(
            {
                "round_id": self.round_id.id,
                "department_id": self.department_id.id,
                "user_id": self.user_id.id,
                "iteration": self.iteration + 1,
                "previous_id": self.id,
                "note": self.note,
                "line_ids": [
                    Command.create(line._prepare_copy_vals(reason, line in lines))
                    for line in proposal_sudo.line_ids
                ],
            }
        )
        following_sudo._tell_sent_back(reason)
        return following_sudo.sudo(False)

    def _check_can_return(self):
        self.round_id._check_officer()
        self.round_id._check_state(*ASKED)
        self._check_is("submitted", "accepted")
        if not self.is_current:
            raise UserError(self.env._("A later iteration is worked on already."))

    def _check_is(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for proposal in self:
            if proposal.state not in states:
                raise UserError(
                    self.env._(
                        "“%(proposal)s” is in state %(state)s; this needs:"
                        " %(sources)s.",
                        proposal=proposal.display_name,
                        state=labels[proposal.state],
                        sources=", ".join(labels[state] for state in states),
                    )
                )

    def _check_may_plan(self):
        """:raise UserError: neither the head of the department nor finance"""
        self.check_access("write")
        self.round_id._check_state(*OPEN_STATES)
        if self.filtered(lambda proposal: not proposal.is_current):
            raise UserError(self.env._("A later iteration is worked on already."))

    def _check_complete(self):
        """:raise ValidationError: with a sentence for each thing that is missing"""
        if not self.line_ids:
            raise ValidationError(
                self.env._(
                    "“%s” has no lines. Propose some, copy those of last year, or ask"
                    " finance to take the department out of the round.",
                    self.display_name,
                )
            )
        problems = self.line_ids._get_incomplete_reasons()
        if problems:
            raise ValidationError("\n".join(problems))

    def _ask_head(self):
        """Ask who leads the department for its proposal."""
        for proposal in self.filtered("user_id"):
            summary = proposal.with_context(lang=proposal.user_id.lang).env._(
                "Propose the budget of %(department)s for “%(round)s”",
                department=proposal.department_id.name,
                round=proposal.round_id.name,
            )
            proposal.sudo().activity_schedule(  # whoever opens the round asks
                "mail.mail_activity_data_todo",
                user_id=proposal.user_id.id,
                summary=summary,
                date_deadline=proposal.round_id.date_deadline,
            )

    def _tell_finance(self):
        responsible = self.round_id.user_id
        if responsible and responsible != self.env.user:
            self.sudo().message_notify(  # telling needs no right on the one told
                partner_ids=responsible.partner_id.ids,
                subject=self.env._("Proposed: %s", self.display_name),
                body=self.env._("“%s” was submitted.", self.display_name),
            )

    def _tell_sent_back(self, reason):
        self._ask_head()
        self.message_post(
            body=self.env._("Sent back: %s", reason),
            partner_ids=self.user_id.partner_id.ids,
            subtype_xmlid="mail.mt_comment",
        )
