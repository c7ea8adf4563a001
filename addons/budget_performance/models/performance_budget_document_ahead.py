from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from odoo import models

from ..tools import control, periods


class Outlook(NamedTuple):
    """What the budget would say.

    :param problems: sentences on what stops the documents before any line is asked
    :param warnings: sentences on what is not in the budget and passes nevertheless
    :param decision: :class:`~..tools.control.Decision` on the lines
    :param charges: ``{(res_id, line_id, month): Decimal}`` of the documents alone
    """

    problems: list
    warnings: list
    decision: control.Decision
    charges: dict

    @property
    def action(self):
        return "block" if self.problems else self.decision.action

    def get_months(self, line_id):
        """Return ``[(month, amount), …]`` that the documents would use on a line."""
        months = defaultdict(Decimal)
        for (_res_id, charged_id, month), amount in self.charges.items():
            if charged_id == line_id:
                months[month] += amount
        return sorted((m, amount) for m, amount in months.items() if amount > 0)


class PerformanceBudgetDocument(models.AbstractModel):
    """What the budget would say if documents took their next step now.

    Nothing is locked: this serves hints, dialogs and requests; the ledger decides.
    """

    _inherit = "performance.budget.document"

    def _get_budget_spendings_ahead(self):
        """Return what the documents would hold if the next step were taken now.

        This and :meth:`_get_budget_stage` are all that a document has to tell for
        hints, dialogs and authorisations. A document that was not saved yet has the
        id False.
        """
        return self._get_budget_spendings()

    def _get_budget_handed_over(self):
        """Return what other documents would give up as these take their step.

        :return: list of :class:`~..tools.ledger.Spending`: what a claim holds that
            its entry replaces, what an order holds for the bill
        """
        return []

    def _get_budget_obstacles_ahead(self):
        """Return why the documents could not be judged if they took their step."""
        return self._get_budget_obstacles()

    def _get_budget_stage(self):
        """Return where the document stands: step ``ahead``, ``taken``, or None.

        None shows no hint: the document says too little, or the budget is done with it.
        """
        self.ensure_one()

    def _look_ahead(self):
        """Return the :class:`Outlook` of the documents, judged together."""
        documents_sudo = self.sudo()  # against budgets that the person cannot read
        problems = documents_sudo._get_budget_obstacles_ahead()
        if problems:
            return Outlook(problems, [], control.Decision(()), {})
        spendings = documents_sudo._get_budget_spendings_ahead()
        matches = self.env["performance.budget.matcher"]._match(spendings)
        self.env["performance.budget.ledger"]._remember_matches(spendings, matches)
        uncovered = documents_sudo._get_budget_uncovered(matches)
        charges = defaultdict(Decimal)
        for spending, lines, _uncovered in matches:
            month = periods.month_start(spending.date)
            for line_id, amount in lines:
                charges[spending.res_id, line_id, month] += amount
        return Outlook(
            [text for policy, _document, text in uncovered if policy == "block"],
            [text for policy, _document, text in uncovered if policy == "warn"],
            documents_sudo._decide_ahead(matches, charges),
            dict(charges),
        )

    def _decide_ahead(self, matches, charges):
        """Return the decision on what the documents would charge.

        As in the ledger, a line whose money is only booked in place of what was held
        for it is not asked, in whichever month.
        """
        requests, freed = _by_line(charges), self._get_freed_ahead()
        types, asked = self._get_budget_document_types(), defaultdict(set)
        kinds = defaultdict(set)
        for spending, lines, _uncovered in matches:
            for line_id, _amount in lines:
                kinds[line_id].add(spending.kind)
                asked[types[spending.res_id]].add(line_id)
        asked.pop(None, None)
        verdicts, usages = [], []
        for document_type, line_ids in asked.items():
            wanted = {
                line_id: requests[line_id]
                for line_id in line_ids
                if kinds[line_id] != {"actual"}
                or sum(requests[line_id].values())
                > sum(freed.get(line_id, {}).values())
            }
            Control = self.env["performance.budget.control"]
            if wanted:
                decision = Control._decide(wanted, document_type, freed)
                verdicts += decision.verdicts
                usages += decision.usages
        return control.Decision(_worst_by_line(verdicts), tuple(usages))

    def _get_freed_ahead(self):
        """Return ``{line_id: {month: Decimal}}`` that the step would give back."""
        freed = defaultdict(Decimal)
        documents = self._origin
        Ledger = self.env["performance.budget.ledger"]
        held = {}
        # What should hold nothing holds nothing, once the ledger has followed it.
        if Ledger._is_marked(documents) or documents._get_budget_spendings():
            held = Ledger._get_held(self._name, documents.ids)
        for (res_id, line_id, month, _kind), (amount, _last) in held.items():
            freed[res_id, line_id, month] += amount
        handed_over = self.env["performance.budget.matcher"]._match(
            self._get_budget_handed_over()
        )
        for spending, lines, _uncovered in handed_over:
            month = periods.month_start(spending.date)
            for line_id, amount in lines:
                freed[spending.res_id, line_id, month] += amount
        return _by_line(freed)

    def _ask_budget_ahead(self):
        """Return the dialog when a button wants it and the budget would stop, or None.

        RPC and import get the same text as an error, when the ledger refuses before
        the commit.
        """
        if self.env.context.get("budget_performance_dialog"):
            return self._check_budget_ahead()
        return None

    def _check_budget_ahead(self):
        """Return the dialog that explains why the documents would be stopped, or None.

        Whatever was authorised passes.
        """
        Ledger = self.env["performance.budget.ledger"]
        types = self._get_budget_document_types()
        documents = self.filtered(
            lambda document: (
                types[document._origin.id]
                and Ledger._is_controlled(document.company_id.id)
            )
        )
        if not documents:
            return None
        outlook = documents._look_ahead()
        if outlook.action in ("ok", "alert") or documents._is_authorized(outlook):
            return None
        return self.env["performance.budget.check"]._open(documents, outlook)

    def _get_refusal_ahead(self, action):
        """Return why the document would be held or blocked, empty when it is not.

        :param action: ``hold``, which a document that was authorised passes; ``block``
        """
        self.ensure_one()
        if not self.env["performance.budget.ledger"]._is_controlled(self.company_id.id):
            return ""
        outlook = self._look_ahead()
        if outlook.action != action or self._is_authorized(outlook):
            return ""
        Control = self.env["performance.budget.control"]
        with_amounts = self.env["performance.budget.check"]._shows_amounts(
            self.company_id
        )
        return "\n\n".join(
            outlook.problems
            + [
                f"{Control._explain(verdict, with_amounts)}\n"
                f"{Control._get_way_out(verdict)}"
                for verdict in outlook.decision.verdicts
                if verdict.action == action
            ]
        )

    def _get_budget_alerts(self):
        """Return the hint for the form, as ``actionable_errors`` wants it."""
        self.ensure_one()
        if not self.env["performance.budget.ledger"]._is_controlled(self.company_id.id):
            return False
        stage = self._get_budget_stage()
        if not stage:
            return False
        outlook = self._look_ahead()
        asks = stage == "ahead"
        held = asks and outlook.action == "hold"
        asked = held and self._get_authorization_alert(outlook)
        # Who has asked needs no advice to ask, unless he was refused.
        alerts = self.env["performance.budget.check"]._get_alerts(
            self.company_id, outlook, asks, not asked or asked["level"] == "danger"
        )
        return {**(alerts or {}), "authorization": asked} if asked else alerts


def _by_line(amounts):
    """Return ``{line_id: {month: Decimal}}`` of amounts by document."""
    lines = defaultdict(lambda: defaultdict(Decimal))
    for (_res_id, line_id, month), amount in amounts.items():
        lines[line_id][month] += amount
    return lines


def _worst_by_line(verdicts):
    """Return the worst verdict on each line, the worst line first."""

    def severity(verdict):
        return control.ACTIONS.index(verdict.action), verdict.usage.rate_after or 0

    worst = {}
    for verdict in sorted(verdicts, key=severity):
        worst[verdict.usage.line_id] = verdict
    return tuple(sorted(worst.values(), key=severity, reverse=True))
