from typing import NamedTuple

from odoo import models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import SQL


class Transition(NamedTuple):
    """The states an action starts from, where it leads, and the group that may."""

    sources: tuple
    target: str
    group: str


TRANSITIONS = {
    "submit": Transition(
        ("draft",), "submitted", "budget_performance.group_budget_officer"
    ),
    "approve": Transition(
        ("submitted",), "approved", "budget_performance.group_budget_manager"
    ),
    "reset": Transition(
        ("submitted", "approved", "cancelled"),
        "draft",
        "budget_performance.group_budget_manager",
    ),
    "close": Transition(
        ("approved",), "closed", "budget_performance.group_budget_manager"
    ),
    "cancel": Transition(
        ("draft", "submitted"), "cancelled", "budget_performance.group_budget_officer"
    ),
}


class PerformanceBudget(models.Model):
    """How a budget moves from state to state."""

    _inherit = "performance.budget"

    def _do_transition(self, action):
        """Move the state.

        :raise UserError: not in a state the action starts from, or not allowed
        """
        self._check_transition(action)
        # sudo: balances have one writer and nobody has rights on them
        self.env["performance.budget.balance"].sudo()._own(self.line_ids.ids)
        self.sudo().state = TRANSITIONS[action].target  # protected, checked above
        self.env["performance.budget.cached"]._clear_cached()

    def _check_transition(self, action):
        """:raise UserError: see :meth:`_do_transition`"""
        sources, _target, group = TRANSITIONS[action]
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(group):
            raise UserError(
                self.env._(
                    "Only a %(group)s can do this.",
                    group=self.env.ref(group).sudo().name,  # the name only
                )
            )
        labels = dict(self._fields["state"]._description_selection(self.env))
        for budget in self:
            if budget.state not in sources:
                raise UserError(
                    self.env._(
                        "“%(budget)s” is %(state)s; this starts from: %(sources)s.",
                        budget=budget.name,
                        state=labels[budget.state],
                        sources=", ".join(labels[source] for source in sources),
                    )
                )

    def _lock_companies(self):
        """Let one budget of a company be approved at a time.

        The row is written, not only locked: a second approval fails on it and is run
        again, then it sees the lines that the first has put into force.
        """
        self.env.cr.execute(
            SQL(
                "UPDATE res_company SET write_date = write_date WHERE id = ANY(%s)",
                self.company_id.ids,
            )
        )

    def _stop_bookings(self):
        """Let nobody book on the budgets until this transaction has ended.

        Every entry refers to its budget: who has booked is waited for, who wants to is
        run again afterwards.

        :raise ConcurrencyError: something was booked since this transaction began; it
            is run again, too, and sees it then
        """
        self.env.cr.execute(
            SQL(
                "SELECT FROM performance_budget WHERE id = ANY(%s)"
                " ORDER BY id FOR UPDATE",
                self.ids,
            )
        )
        query = SQL(
            "SELECT COUNT(*) FROM performance_budget_entry WHERE budget_id = ANY(%s)",
            self.ids,
        )
        (seen,) = self.env.execute_query(query)
        # sudo: balances have one writer and nobody has rights on them
        with self.env["performance.budget.balance"].sudo()._aside() as aside:
            (now,) = aside.execute_query(query)
        if now > seen:
            raise ConcurrencyError("something was booked on the budget meanwhile")
