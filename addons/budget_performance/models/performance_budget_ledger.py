from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models, tools
from odoo.exceptions import MissingError, UserError

from ..tools import ledger, money, periods


class Changes(NamedTuple):
    """What one synchronisation is about to book.

    :param alive: ``{model name: records}`` that still exist
    :param rows: ``{model name: [Difference, …]}``
    :param totals: ``{(line_id, month): {kind: Decimal}}`` over all rows
    :param books: ``{model name: {position: (amount, last entry id)}}``, zeros included
    """

    alive: dict
    rows: dict
    totals: dict
    books: dict


_MARKS = "budget_performance.marks"
_DELETED = "budget_performance.deleted"
_ASKING = "budget_performance.asking"
_BORN = "budget_performance.born"
_MATCHED = "budget_performance.matched"


class PerformanceBudgetLedger(models.AbstractModel):
    """Keeps the ledger in step with the documents.

    Documents are followed by state, not by event: what a document should hold is a
    function of what it is now, and only the difference to what the ledger says is
    written. A double click, a retry or a missed button changes nothing.
    """

    _name = "performance.budget.ledger"
    _description = "Budget Ledger"

    @api.model
    @tools.ormcache("company_id")
    def _is_controlled(self, company_id):
        """Tell whether the company has a budget in force; if not, nothing is done."""
        return bool(
            self.env["performance.budget"]
            .sudo()  # asked on behalf of people who cannot read budgets
            .search_count(
                [
                    ("company_id", "=", company_id),
                    ("state", "in", ("approved", "closed")),
                ],
                limit=1,
            )
        )

    @api.model
    def _mark(self, documents, deleted=False, asking=True):
        """Remember documents to synchronise before the transaction commits.

        :param deleted: they are about to be deleted; whether they were is looked up
            when it matters, the deletion may have been rolled back since
        :param asking: False when they follow another document, which was changed: what
            they hold by that is not refused for a budget that is missing
        """
        ids = [
            document.id
            # sudo: reads the company only, whoever was allowed to move the document
            for document in documents.sudo()
            if self._is_controlled(document.company_id.id)
        ]
        if not ids:
            return
        precommit = self.env.cr.precommit
        if _MARKS not in precommit.data:
            precommit.data[_MARKS] = defaultdict(set)
            precommit.add(self._sync_marked)
        precommit.data[_MARKS][documents._name].update(ids)
        for key, applies in ((_DELETED, deleted), (_ASKING, asking)):
            if applies:
                precommit.data.setdefault(key, defaultdict(set))
                precommit.data[key][documents._name].update(ids)

    @api.model
    def _get_asking(self, documents):
        """Return those that were changed themselves, not only what they follow."""
        asking = self.env.cr.precommit.data.get(_ASKING, {})
        return documents & documents.browse(asking.get(documents._name, ()))

    @api.model
    def _is_marked(self, documents):
        """Tell whether the ledger has still to follow one of the documents."""
        marks = self.env.cr.precommit.data.get(_MARKS, {})
        return not marks.get(documents._name, set()).isdisjoint(documents.ids)

    @api.model
    def _mark_born(self, documents):
        """Remember that documents are new: nothing was ever booked for them."""
        born = self.env.cr.precommit.data.setdefault(_BORN, defaultdict(set))
        born[documents._name].update(documents.ids)

    @api.model
    def _sync_marked(self):
        """Synchronise what was marked since the last time.

        When that fails, the marks stay: code that swallows the error cannot commit a
        document that the budget refused.
        """
        precommit = self.env.cr.precommit
        marks = precommit.data.get(_MARKS)
        if not marks:
            return
        try:
            self._sync(
                {
                    model: self.env[model].browse(sorted(ids))
                    for model, ids in sorted(marks.items())
                },
                # Loading a module must not fail on what people did: facts are booked.
                precommit.data.get(_ASKING, {}) if self.env.registry.loaded else None,
            )
        except Exception:
            precommit.add(self._sync_marked)
            raise
        precommit.data.pop(_MARKS)
        precommit.data.pop(_DELETED, None)
        precommit.data.pop(_ASKING, None)
        precommit.data.pop(_BORN, None)

    @api.model
    def _sync(self, documents_by_model, asking=None):
        """Write the difference between what documents should hold and do hold.

        :param documents_by_model: ``{model name: records}``, deleted ones included
        :param asking: ``{model name: ids}`` that must be in the budget; None books
            facts without asking the control rules either
        :raise UserError: the rules refuse what the documents add
        """
        alive_by_model, desired_by_model = {}, {}
        for model, documents in documents_by_model.items():
            asking_ids = (asking or {}).get(model, ())
            alive, desired = self._get_alive_and_desired(documents, asking_ids)
            alive_by_model[model], desired_by_model[model] = alive, desired
        ids_by_model = self._get_bookable(documents_by_model, desired_by_model)
        if not ids_by_model:
            return
        # sudo: the ledger follows what people did who cannot read it
        Entry_sudo = self.env["performance.budget.entry"].sudo()
        books, transaction = Entry_sudo._read_books(ids_by_model)
        rows = {
            model: ledger.differences(desired_by_model[model], books[model])
            for model in ids_by_model
        }
        totals = sum_by_month(rows)
        if totals:
            asked = asking is not None
            changes = Changes(alive_by_model, rows, totals, books)
            requests = self._get_requests(changes) if asked else {}
            leaving_xact = self._move_balances(transaction, changes, requests)
            Entry_sudo._append(self._name_entries(changes), leaving_xact)
        if asking is not None:
            Entry_sudo._touch(get_unmoved(books, rows))

    @api.model
    def _get_bookable(self, documents_by_model, desired_by_model):
        """Return ``{model name: ids}`` without new documents that hold nothing yet.

        A draft costs nothing then, and most documents begin as one.
        """
        born = self.env.cr.precommit.data.get(_BORN, {})
        ids_by_model = {}
        for model, documents in documents_by_model.items():
            wanting = {position[0] for position in desired_by_model[model]}
            idle = set(born.get(model, ())) - wanting
            if ids := [res_id for res_id in documents.ids if res_id not in idle]:
                ids_by_model[model] = ids
        return ids_by_model

    @api.model
    def _get_alive_and_desired(self, documents, asking_ids):
        """Return the documents that still exist, and what they should hold."""
        # sudo: the ledger follows what people did who cannot read budgets, and who may
        # no longer read a document that they have just handed on
        alive_sudo = documents.sudo() - self._get_deleted(documents)
        try:
            return alive_sudo, self._get_desired(alive_sudo, asking_ids)
        except MissingError:  # created in a savepoint that was rolled back since
            alive_sudo = alive_sudo.exists()
            return alive_sudo, self._get_desired(alive_sudo, asking_ids)

    @api.model
    def _get_deleted(self, documents):
        """Return those that no longer exist; asked only when a deletion was marked."""
        suspects = documents.browse(
            self.env.cr.precommit.data.get(_DELETED, {}).get(documents._name, ())
        )
        return (suspects & documents) - suspects.exists()

    @api.model
    def _get_held(self, model, res_ids):
        """Return ``{position: (Decimal, last entry id)}`` of the documents."""
        # sudo: asked on behalf of people who cannot read the ledger
        held = self.env["performance.budget.entry"].sudo()._get_held(model, res_ids)
        return {
            position: (money.exact(amount, money.FINEST, money.MAX_BOOKED), last_id)
            for position, (amount, last_id) in held.items()
        }

    @api.model
    def _get_desired(self, documents, asking_ids):
        """Return ``{position: Decimal}`` that the documents should hold.

        :raise UserError: one of those that ask is not in the budget
        """
        asking = documents.filtered(lambda document: document.id in asking_ids)
        for obstacle in asking._get_budget_obstacles():
            raise UserError(obstacle)
        spendings = documents._get_budget_spendings()
        desired = defaultdict(Decimal)
        matches = self._match_once(spendings)
        asking._check_budget_coverage(
            [match for match in matches if match[0].res_id in asking_ids]
        )
        for spending, charges, _uncovered in matches:
            month = periods.month_start(spending.date)
            for line_id, amount in charges:
                key = (spending.res_id, line_id, month, spending.kind)
                desired[key] += amount
        return {position: amount for position, amount in desired.items() if amount}

    @api.model
    def _match_once(self, spendings):
        """Find the lines of spendings, unless somebody has just looked ahead at them.

        :return: as :meth:`PerformanceBudgetMatcher._match`
        """
        known = self.env.cr.precommit.data.pop(_MATCHED, None)
        if known and known[0] == spendings:
            return known[1]
        return self.env["performance.budget.matcher"]._match(spendings)

    @api.model
    def _remember_matches(self, spendings, matches):
        """Keep what a look ahead has found for the step that follows it at once."""
        self.env.cr.precommit.data[_MATCHED] = spendings, matches

    @api.model
    def _forget_matches(self):
        """Forget what was found: the budget is about to change."""
        self.env.cr.precommit.data.pop(_MATCHED, None)

    @api.model
    def _name_entries(self, changes):
        """Return the rows with the names and states of their documents."""
        entries = []
        for model, rows in changes.rows.items():
            alive = changes.alive[model]
            states = alive._get_budget_source_states()
            names = {document.id: document.display_name for document in alive}
            entries += [
                (
                    model,
                    row,
                    names.get(row.res_id),
                    states.get(row.res_id, "deleted"),
                )
                for row in rows
            ]
        return entries


def sum_by_month(rows_by_model):
    """Return ``{(line_id, month): {kind: Decimal}}`` over all rows."""
    totals = defaultdict(lambda: defaultdict(Decimal))
    for rows in rows_by_model.values():
        for row in rows:
            totals[row.line_id, row.month][row.kind] += row.amount
    return totals


def get_unmoved(books, rows):
    """Return ``{model name: ids}`` of known documents for which there are no rows."""
    return {
        model: {position[0] for position in held} - {row.res_id for row in rows[model]}
        for model, held in books.items()
    }
