from decimal import ROUND_UP, Decimal

from odoo import Command, api, models
from odoo.exceptions import UserError

from ..tools import money


class PerformanceBudgetAdjustment(models.Model):
    """How a stopped document asks for the money that is missing."""

    _inherit = "performance.budget.adjustment"

    @api.model
    def _prepare_from_document(self, document):
        """Return a draft that gives a stopped document the room it lacks.

        It asks for the shortfall of every line that stops the document, no more. One
        that is asked for already is returned as it is.

        :param document: one record of a model that inherits
            ``performance.budget.document`` and can look ahead
        :return: the adjustment, in the rights of the person who asks
        :raise UserError: the document is not stopped, or no line could help
        """
        document.ensure_one()
        document.check_access("write")
        # sudo: an employee neither reads budgets nor plans; the lines and amounts come
        # from the check, all that he writes is why
        Adjustment_sudo = self.sudo()
        adjustment_sudo = Adjustment_sudo._find_open(document)
        if not adjustment_sudo:
            adjustment_sudo = Adjustment_sudo.create(
                {
                    "company_id": document.company_id.id,
                    "kind": "supplement",
                    "reason": self._get_document_reason(document),
                    "requester_id": self.env.uid,
                    "res_model": document._name,
                    "res_id": document.id,
                    "document_name": document.display_name,
                    "line_ids": [
                        Command.create(vals) for vals in self._get_needs(document)
                    ],
                }
            )
        return adjustment_sudo.sudo(False)

    @api.model
    def _open_from_document(self, document):
        """Return the action that opens what :meth:`_prepare_from_document` prepares."""
        action = self._prepare_from_document(document)._get_records_action()
        return {**action, "target": "current"}

    @api.model
    def _find_open(self, document):
        return self.search(
            [
                ("res_model", "=", document._name),
                ("res_id", "in", document.ids),
                ("state", "in", ("draft", "submitted", "approved")),
            ],
            limit=1,
        )

    @api.model
    def _get_document_reason(self, document):
        return self.env._("“%s” is stopped by the budget.", document.display_name)

    @api.model
    def _get_needs(self, document):
        """Return the values of the legs that let the document pass.

        A line that blocks needs more plan. One that only holds needs none: approving
        the adjustment lets the document pass there.
        """
        outlook = document._look_ahead()
        if outlook.problems:
            raise UserError("\n".join(outlook.problems))
        decision = outlook.decision
        verdicts = [v for v in decision.verdicts if v.action in ("hold", "block")]
        if not verdicts:
            raise UserError(
                self.env._(
                    "“%s” is not stopped by the budget: submit it.",
                    document.display_name,
                )
            )
        Control = self.env["performance.budget.control"]
        for verdict in verdicts:
            if verdict.usage.closed:
                raise UserError(Control._explain(verdict))
        unit = money.unit(document.company_id.currency_id.decimal_places)
        return [
            {
                "line_id": verdict.usage.line_id,
                "month": month,
                # all that is missing in the first month, which the others count with
                "amount": 0.0
                if number
                else float(_get_shortfall(decision, verdict, unit)),
                "amount_document": float(amount),
            }
            for verdict in verdicts
            for number, (month, amount) in enumerate(
                outlook.get_months(verdict.usage.line_id)
            )
        ]


def _get_shortfall(decision, verdict, unit):
    """Return how much more plan keeps the document off every limit that blocks it.

    A limit of 120 % of the plan rises by 1.20 with every 1.00 that is added.
    """
    lacking = [
        (
            (band.limit(usage), usage.after + (unit if band.inclusive else 0)),
            band.rate,
        )
        for usage in decision.usages or [verdict.usage]
        if usage.line_id == verdict.usage.line_id
        for band in usage.bands
        if band.action == "block" and band.bites(usage)
    ]
    return max(
        (
            ((needed - limit) / rate).quantize(unit, ROUND_UP)
            for (limit, needed), rate in lacking
        ),
        default=Decimal(0),
    )
