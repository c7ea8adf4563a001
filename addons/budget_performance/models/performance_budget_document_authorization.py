from odoo import fields, models
from odoo.exceptions import UserError

from ..tools import override


class PerformanceBudgetDocument(models.AbstractModel):
    """How a held document asks for an authorisation, and what was answered."""

    _inherit = "performance.budget.document"

    def _get_authorization_needs(self):
        """Return what the document has to be allowed, from the figures of now.

        :return: list of values of ``performance.budget.authorization.line``, one for
            each line that holds it and each month it spends in
        :raise UserError: nothing can be authorised: not held, or blocked
        """
        self.ensure_one()
        outlook = self._look_ahead()
        if outlook.problems:
            raise UserError("\n".join(outlook.problems))
        if outlook.action == "block":
            raise UserError(
                self.env._(
                    "“%s” is above the plan by now: no authorisation passes that.",
                    self.display_name,
                )
            )
        if outlook.action != "hold":
            raise UserError(
                self.env._(
                    "“%s” is not held any more: it can go on.", self.display_name
                )
            )
        return [
            {
                "line_id": verdict.usage.line_id,
                "month": month,
                "amount": float(amount),
                "amount_planned": float(verdict.usage.planned),
                "amount_used": float(verdict.usage.used),
                "amount_limit": float(verdict.limit),
                "usage_rate": float(verdict.usage.rate_after or 0),
            }
            for verdict in outlook.decision.verdicts
            if verdict.action == "hold"
            for month, amount in outlook.get_months(verdict.usage.line_id)
        ]

    def _is_authorized(self, outlook):
        """Tell whether this one document may pass everything that stops it.

        :param outlook: of this document, see :meth:`_look_ahead`
        """
        if outlook.problems or len(self) != 1 or not self._origin:
            return False
        Ledger = self.env["performance.budget.ledger"]
        for verdict in outlook.decision.verdicts:
            if verdict.action in ("hold", "block"):
                level = override.level_of(verdict)
                allowed = Ledger._get_allowed(self._name, self._origin.ids, level)
                if any(
                    amount > allowed.get(position, 0)
                    for position, amount in outlook.charges.items()
                    if position[1] == verdict.usage.line_id and amount > 0
                ):
                    return False
        return True

    def _get_authorization_alert(self, outlook):
        """Return the hint about the newest request of the document, or None.

        :param outlook: of this document; one that grew since has to ask again
        """
        if not self._origin:
            return None
        # sudo: the person does not read what was decided, he is let through by it
        request_sudo = (
            self.env["performance.budget.authorization"]
            .sudo()
            .search(
                [("res_model", "=", self._name), ("res_id", "=", self._origin.id)],
                limit=1,
            )
        )
        messages = {
            "requested": self.env._(
                "An authorisation was asked for; it waits for: %s.",
                request_sudo.waiting_for,
            ),
            "granted": self.env._(
                "Authorised until %s: it can go on.", request_sudo.date_expiry
            ),
            "refused": self.env._("The authorisation was refused."),
        }
        levels = {"requested": "info", "granted": "info", "refused": "danger"}
        state = request_sudo.state
        if state not in messages or (
            state == "granted"
            and (
                request_sudo.date_expiry < fields.Date.today()
                or not self._is_authorized(outlook)
            )
        ):
            return None
        return {"level": levels[state], "message": messages[state]}
