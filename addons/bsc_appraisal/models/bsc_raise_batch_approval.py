from odoo import models
from odoo.exceptions import UserError


class BscRaiseBatch(models.Model):
    """Who decides on a batch, on which values, and that nobody decides on his own."""

    _inherit = "bsc.raise.batch"

    _approval_state = "submitted"
    _approval_inverse = "batch_id"
    _approval_depends = ("state", "decision_ids", "line_ids.cost")

    def action_submit(self):
        """Reserve the money and ask for the decisions of every level.

        :raise UserError: not simulated, somebody is above the cap, nobody can decide
        """
        self._check_hr_manager()
        for batch in self:
            batch._check_state("simulated")
            batch._check_ready()
        dialog = self._ask_budget_ahead()
        if dialog:
            return dialog
        for batch_sudo in self.sudo():  # protected, checked above
            batch_sudo._do_submit(self.env.user)
        return None

    def action_approve(self):
        """Approve the step that is yours."""
        self._decide("granted")

    def action_refuse(self):
        """Ask why; then the batch ends here."""
        self.ensure_one()
        self._check_can_decide()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "bsc_appraisal.bsc_raise_refuse_action"
        )
        return {**action, "context": {"default_batch_id": self.id}}

    def action_reset(self):
        """Take a batch back before it is applied; its decisions are void."""
        self._check_hr_manager()
        self._check_state("simulated", "submitted", "approved", "refused", "cancelled")
        self.sudo()._do_reset("draft")  # protected, checked above

    def action_cancel(self):
        """Give up a batch that was not applied; its money is free again."""
        self._check_hr_manager()
        self._check_state("draft", "simulated", "submitted", "approved")
        self.sudo()._do_reset("cancelled")  # protected, checked above

    def _do_submit(self, user):
        self._start_revision(user)
        self._note_outcomes("proposed")
        self._notify_deciders()

    def _do_reset(self, state):
        self.activity_unlink(["mail.mail_activity_data_todo"])
        self.filtered("revision")._note_outcomes("dropped")
        self.line_ids.write({"state": "draft", "failure": False})
        self.write({"state": state})

    def _check_ready(self):
        """:raise UserError: with what is missing before levels can decide"""
        self.ensure_one()
        if not self.budget_line_id:
            raise UserError(
                self.env._(
                    "Choose the budget line that pays. If none is offered, have finance"
                    " mark an approved line as one that pays raises and bonuses."
                )
            )
        if not self.line_ids.filtered("cost"):
            raise UserError(
                self.env._("Nobody would get anything: change the pool or the policy.")
            )
        over = self.line_ids.filtered("is_over_cap")
        if over:
            raise UserError(
                self.env._(
                    "More than the policy allows at most (%(cap)s %%): %(people)s."
                    " Choose a smaller percentage for them.",
                    cap=self.policy_id.cap,
                    people=", ".join(over[:10].employee_id.mapped("name")),
                )
            )

    def _get_no_level_message(self):
        return self.env._("No level decides on this: have an HR manager add one.")

    def _get_nobody_left_message(self, level):
        return self.env._(
            "On level “%s” nobody is left to decide: who prepares a batch or gets"
            " something from it does not. Another HR manager has to, or HR managers go"
            " into a batch of their own.",
            level.name,
        )

    def _admit(self, users):
        """Do nothing: whoever may decide on pay reads every batch."""

    def _get_document(self):
        # EXTENDS 'performance.budget.approval': it is the document itself
        return self

    def _get_levels(self):
        return self.env["bsc.raise.level"].search(
            [
                ("company_id", "in", (False, self.company_id.id)),
                ("amount_from", "<=", self.amount_cost),
            ]
        )

    def _get_level_lines(self, level):
        return self.budget_line_id if level.approver == "owner" else [None]

    def _get_approvers(self, level, line):
        # EXTENDS 'performance.budget.approval': nobody decides on what he cannot see
        managers = self._get_members(self.env.ref("hr.group_hr_manager"))
        return super()._get_approvers(level, line) & managers

    def _get_fingerprint(self):
        self.ensure_one()
        head = [
            *(self.kind, self.date_effective.isoformat(), self.budget_line_id.id),
            *(self.months, self.company_id.id, f"{self.pool_amount:.6f}"),
        ]
        return self._hash(
            [
                head,
                [
                    [
                        line.employee_id.id,
                        f"{line.wage_old:.6f}",
                        f"{line.base:.6f}",
                        f"{line.lump:.6f}",
                    ]
                    for line in self.line_ids.sorted("id")
                ],
            ]
        )

    def _get_request_summary(self):
        return self.env._("Decide on “%s”", self.name)

    def _on_granted(self):
        self.line_ids.filtered("cost").write({"state": "approved"})
        self.state = "approved"
        self._note_outcomes("approved")
        self._tell_requester(self.env._("“%s” was approved: apply it.", self.name))

    def _on_refused(self):
        self._do_reset("refused")
        comment = self.decision_ids[-1:].comment or ""
        self._tell_requester(
            self.env._("“%(batch)s” was refused: %(why)s", batch=self.name, why=comment)
        )

    def _note_outcomes(self, state):
        """Note on the scorecards how far their consequence has come, in sudo."""
        self.line_ids.filtered("cost")._note_outcomes(state)
