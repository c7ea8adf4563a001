from odoo import fields, models
from odoo.exceptions import UserError

from ..tools import money, periods


class HrExpense(models.Model):
    """How a held claim asks for an authorisation, and what it knows of the answer."""

    _inherit = "hr.expense"

    def _get_authorization_needs(self):
        """Return what the claim has to be allowed, from the figures of now.

        :return: list of values of ``performance.budget.authorization.line``
        :raise UserError: nothing can be authorised: not held, or blocked
        """
        self.ensure_one()
        problems, decision = self._look_ahead()
        if problems:
            raise UserError("\n".join(problems))
        if decision.action == "block":
            raise UserError(
                self.env._(
                    "“%s” is above the plan by now: no authorisation passes that.",
                    self.name,
                )
            )
        if decision.action != "hold":
            raise UserError(
                self.env._("“%s” is not held any more: submit it.", self.name)
            )
        return [
            {
                "line_id": verdict.usage.line_id,
                "month": periods.month_start(self.date),
                "amount": float(verdict.usage.requested),
                "amount_planned": float(verdict.usage.planned),
                "amount_used": float(verdict.usage.used),
                "amount_limit": float(verdict.limit),
                "usage_rate": float(verdict.usage.rate_after or 0),
            }
            for verdict in decision.verdicts
            if verdict.action == "hold"
        ]

    def _is_hold_authorized(self, decision):
        """Tell whether every band that holds this one claim was authorised for it."""
        if len(self) != 1 or not self._origin:
            return False
        # sudo: the employee does not read what was decided, he is let through by it
        allowed = (
            self.env["performance.budget.authorization"]
            .sudo()
            ._get_allowed(self._name, self._origin.ids)
        )
        month = periods.month_start(self.date)
        return decision.action == "hold" and all(
            verdict.usage.requested
            <= money.exact(
                allowed.get((self._origin.id, verdict.usage.line_id, month), 0.0),
                money.FINEST,
            )
            for verdict in decision.verdicts
            if verdict.action == "hold"
        )

    def _get_authorization_alert(self):
        """Return the hint about the newest request of the claim, or None."""
        if not self._origin:
            return None
        # sudo: see _is_hold_authorized
        request = (
            self.env["performance.budget.authorization"]
            .sudo()
            .search(
                [("res_model", "=", self._name), ("res_id", "=", self._origin.id)],
                limit=1,
            )
        )
        messages = {
            "requested": self.env._(
                "An authorisation was asked for; it waits for: %s.", request.waiting_for
            ),
            "granted": self.env._(
                "Authorised until %s: it can be submitted.", request.date_expiry
            ),
            "refused": self.env._("The authorisation was refused."),
        }
        levels = {"requested": "info", "granted": "info", "refused": "danger"}
        if request.state not in messages or (
            request.state == "granted" and request.date_expiry < fields.Date.today()
        ):
            return None
        return {"level": levels[request.state], "message": messages[request.state]}
