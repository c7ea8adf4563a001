from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError

from .performance_budget_ledger import sum_by_month


class PerformanceBudgetLedger(models.AbstractModel):
    """What documents ask of the lines, and how the balances answer."""

    _inherit = "performance.budget.ledger"

    @api.model
    def _get_requests(self, changes):
        """Return what controlled documents ask of the lines.

        What is judged is all that the transaction adds to the line, so that a claim
        cannot hide behind another document that moves at the same time. But two things
        ask for nothing: what a document held before its spending was booked and gets
        back when that is cancelled; and what is booked in place of what was held for
        it, in whichever month, whatever documents of another type add beside it.

        :return: ``{document type: {line_id: {month: Decimal}}}``
        """
        asking = defaultdict(lambda: defaultdict(set))
        added = defaultdict(lambda: defaultdict(Decimal))
        for model, rows in changes.rows.items():
            types = changes.alive[model]._get_budget_document_types()
            for row in rows:
                added[row.line_id][types.get(row.res_id)] += row.amount
            rows_by_type = defaultdict(list)
            for row in self._without_returning(model, rows, changes.books[model]):
                rows_by_type[types.get(row.res_id)].append(row)
            rows_by_type.pop(None, None)
            for document_type, typed in rows_by_type.items():
                for (line_id, _month), kinds in sum_by_month({model: typed}).items():
                    if sum(kinds.values()) > 0:
                        asking[document_type][line_id] |= {
                            kind for kind, amount in kinds.items() if amount > 0
                        }
        months_by_line = defaultdict(dict)
        for (line_id, month), kinds in changes.totals.items():
            months_by_line[line_id][month] = sum(kinds.values(), Decimal(0))
        return {
            document_type: {
                line_id: months_by_line[line_id]
                for line_id, kinds in lines.items()
                if kinds != {"actual"} or _adds(added[line_id], document_type)
            }
            for document_type, lines in asking.items()
        }

    @api.model
    def _without_returning(self, model, rows, books):
        """Return the rows less what documents held until they were spent."""
        growing = defaultdict(Decimal)
        for row in rows:
            growing[row.res_id] += row.amount
        released = {
            position[0]
            for position, (amount, _last) in books.items()
            if position[3] == "committed" and not amount
        }
        returning = self.env["performance.budget.entry"]._get_given_back(
            model,
            [res_id for res_id in released if growing.get(res_id, 0) > 0],
        )
        return [
            row._replace(amount=row.amount - min(row.amount, returning[row[:4]]))
            if row[:4] in returning and row.amount > 0
            else row
            for row in rows
        ]

    @api.model
    def _move_balances(self, transaction, changes, requests):
        """Decide on the requests and see that the balances follow the ledger.

        :return: the transaction, if its entries leave word for the balances
        :raise UserError: the rules refuse one of the requests
        """
        # sudo: balances have one writer and nobody has rights on them
        Balance_sudo = self.env["performance.budget.balance"].sudo()
        line_ids = {line_id for line_id, _month in changes.totals}
        if Balance_sudo._owns_any(transaction):
            Balance_sudo._lock(line_ids)
            self._refuse(self._get_refused(requests, changes), changes)
            Balance_sudo._apply(changes.totals)
            return None
        if any(requests.values()):
            self._take(transaction, changes, requests)
        Balance_sudo._settle_afterwards(line_ids)
        return transaction.id

    @api.model
    def _take(self, transaction, changes, requests):
        """Have the money set aside, on figures as they are now, or refuse.

        :raise UserError: see :meth:`_move_balances`
        """
        # sudo: as in _move_balances
        Balance_sudo = self.env["performance.budget.balance"].sudo()
        Pending_sudo = self.env["performance.budget.pending"].sudo()
        Control = self.env["performance.budget.control"]
        left = Pending_sudo._get_left(transaction.id) if transaction.has_left else {}
        line_ids = {line_id for lines in requests.values() for line_id in lines}
        with Balance_sudo._aside() as aside:
            taking = Balance_sudo._take(
                transaction.id, line_ids, _get_growth(changes.totals, line_ids)
            )
            figures = Control._read_figures_aside(
                aside, line_ids, transaction.id, taking
            )
            for line in figures:
                for month in line["used"]:
                    line["used"][month] += left.get((line["id"], month), 0)
            # Raises where it refuses: then nothing was taken.
            self._refuse(self._get_refused(requests, changes, figures), changes)

    @api.model
    def _get_refused(self, requests, changes, figures=None):
        """Return the verdicts that hold or block one of the requests.

        What passes and takes a line over a limit is told to its owner soon.
        """
        Control = self.env["performance.budget.control"]
        refused, crossed = [], False
        for document_type, lines in requests.items():
            decision = Control._decide(lines, document_type, figures=figures)
            for verdict in decision.verdicts:
                if verdict.action in ("hold", "block") and not self._is_authorized(
                    verdict, document_type, changes
                ):
                    refused.append(verdict)
                elif verdict.action != "ok":
                    crossed = crossed or verdict.usage.used < verdict.limit
        if crossed and not refused:
            self.env["performance.budget.alert"]._notice()
        return refused

    @api.model
    def _refuse(self, refused, _changes):
        """:raise UserError: with a sentence for each verdict, if there is one"""
        Control = self.env["performance.budget.control"]
        if refused:
            raise UserError(
                "\n\n".join(
                    f"{Control._explain(verdict)}\n{Control._get_way_out(verdict)}"
                    for verdict in refused
                )
            )


def _adds(added, document_type):
    """Tell whether documents of a type add more to a line than is given up there.

    :param added: ``{document type: Decimal}`` of all that moves on the line
    """
    given_up = sum(
        min(amount, Decimal(0))
        for other, amount in added.items()
        if other != document_type
    )
    return added[document_type] + given_up > 0


def _get_growth(totals, line_ids):
    """Return ``{(line_id, month): Decimal}`` where the lines get fuller."""
    growth = {
        (line_id, month): sum(kinds.values(), Decimal(0))
        for (line_id, month), kinds in totals.items()
        if line_id in line_ids
    }
    return {position: amount for position, amount in growth.items() if amount > 0}
