from odoo import fields, models
from odoo.exceptions import UserError


class PerformanceBudgetRound(models.Model):
    """What an agreed round becomes: one budget, through the door of every budget."""

    _inherit = "performance.budget.round"

    def _on_granted(self):
        """Make the budget and, if the last one to agree may, put it into force."""
        self._lock()
        if self.budget_id:
            return
        budget_sudo = self.env["performance.budget"].create(self._prepare_budget_vals())
        self._get_current_lines()._make_budget_lines(budget_sudo)
        self.write(
            {
                "state": "agreed",
                "agreed_date": fields.Datetime.now(),
                "budget_id": budget_sudo.id,
            }
        )
        self._tell_requester(
            self.env._(
                "“%(round)s” is agreed; the budget “%(budget)s” was made of it.",
                round=self.name,
                budget=budget_sudo.name,
            )
        )
        self._try_put_into_force()

    def _prepare_budget_vals(self):
        return {
            "name": self.name,
            "company_id": self.company_id.id,
            "date_from": self.date_from,
            "date_to": self.date_to,
            "user_id": self.user_id.id,
            "round_id": self.id,
            "note": self.note,
        }

    def _try_put_into_force(self):
        """Submit and approve the budget as who agreed last; else say why not."""
        budget = self.budget_id.with_user(self.env.user)
        if not self.env.user.has_group("budget_performance.group_budget_manager"):
            self._message_log(
                body=self.env._(
                    "The budget is a draft: a finance manager puts it into force."
                )
            )
            return
        try:
            with self.env.cr.savepoint():
                budget.action_submit()
                budget.action_approve()
                self.env.cr.flush()
        except UserError as error:
            self.env.invalidate_all()
            self._message_log(
                body=self.env._(
                    "The budget was made, but is still a draft: %s", str(error)
                )
            )
