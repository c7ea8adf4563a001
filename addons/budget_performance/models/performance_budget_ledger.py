from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models, tools
from odoo.exceptions import MissingError, UserError

from ..tools import ledger, money, periods

_MARKS = "budget_performance.marks"
_DELETED = "budget_performance.deleted"
_ASKING = "budget_performance.asking"


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

    @api.model
    def _sync(self, documents_by_model, asking=None):
        """Write the difference between what documents should hold and do hold.

        :param documents_by_model: ``{model name: records}``, deleted ones included
        :param asking: ``{model name: ids}`` that must be in the budget; None books
            facts without asking the control rules either
        :raise UserError: the rules refuse what the documents add
        """
        rows = {}
        alive_by_model = {}
        for model, documents in documents_by_model.items():
            # sudo: the ledger follows what people did who cannot read budgets, and
            # who may no longer read a document that they have just handed on
            alive = documents.sudo() - self._get_deleted(documents)
            asking_ids = (asking or {}).get(model, ())
            try:
                desired = self._get_desired(alive, asking_ids)
            except MissingError:  # created in a savepoint that was rolled back since
                alive = alive.exists()
                desired = self._get_desired(alive, asking_ids)
            held = self._get_held(model, documents.ids)
            rows[model] = ledger.differences(desired, held)
            alive_by_model[model] = alive
        totals = _sum_by_month(rows)
        if totals:
            Balance_sudo = self.env["performance.budget.balance"].sudo()  # its writer
            owners = Balance_sudo._lock({line_id for line_id, _month in totals})
            if asking is not None:
                self._check(rows, totals)
            Balance_sudo._apply(totals)
            self._write_entries(alive_by_model, rows, owners)

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
        matches = self.env["performance.budget.matcher"]._match(spendings)
        for spending, charges, uncovered in matches:
            if documents._budget_document_type and spending.res_id in asking_ids:
                document = documents.browse(spending.res_id)
                document._check_budget_coverage(spending, uncovered)
            month = periods.month_start(spending.date)
            for line_id, amount in charges:
                key = (spending.res_id, line_id, month, spending.kind)
                desired[key] += amount
        return {position: amount for position, amount in desired.items() if amount}

    @api.model
    def _check(self, rows_by_model, totals):
        """Ask the rules about the lines to which controlled documents add.

        What is judged is all that the transaction adds to the line, so that a claim
        cannot hide behind another document that moves at the same time. But a claim
        whose journal entry was taken back asks for nothing that it had before: who
        cancels an entry is never refused, even when the budget is short since.

        :raise UserError: with a sentence for each line that refuses
        """
        asking = defaultdict(set)
        for model, rows in rows_by_model.items():
            document_type = self.env[model]._budget_document_type
            if document_type:
                added = _sum_by_month({model: self._without_returning(model, rows)})
                asking[document_type] |= {
                    line_id
                    for (line_id, _month), kinds in added.items()
                    if sum(kinds.values()) > 0
                }
        for document_type, line_ids in asking.items():
            requests = defaultdict(dict)
            for (line_id, month), kinds in totals.items():
                if line_id in line_ids:
                    requests[line_id][month] = sum(kinds.values(), Decimal(0))
            if requests:
                self._refuse(requests, document_type, rows_by_model)

    @api.model
    def _without_returning(self, model, rows):
        """Return the rows less what documents held until they were spent."""
        growing = _sum_by_document(rows)
        returning = self.env["performance.budget.entry"]._get_given_back(
            model, [res_id for res_id, amount in growing.items() if amount > 0]
        )
        return [
            row._replace(amount=row.amount - min(row.amount, returning[row[:4]]))
            if row[:4] in returning and row.amount > 0
            else row
            for row in rows
        ]

    @api.model
    def _refuse(self, requests, document_type, rows_by_model):
        """:raise UserError: the rules hold or block one of the requests"""
        Control = self.env["performance.budget.control"]
        decision = Control._decide(requests, document_type)
        refused = [
            verdict
            for verdict in decision.verdicts
            if verdict.action in ("hold", "block")
            and not self._is_authorized(verdict, document_type, rows_by_model)
        ]
        if refused:
            raise UserError(
                "\n\n".join(
                    f"{Control._explain(verdict)}\n{Control._get_way_out(verdict)}"
                    for verdict in refused
                )
            )

    @api.model
    def _write_entries(self, alive_by_model, rows_by_model, owners):
        """Append the rows to the ledger.

        :param alive_by_model: the documents that still exist
        :param owners: ``{line_id: (budget_id, company_id)}``
        """
        vals_list = []
        for model, rows in rows_by_model.items():
            alive = alive_by_model[model]
            states = alive._get_budget_source_states()
            names = {document.id: document.display_name for document in alive}
            vals_list += [
                {
                    "line_id": row.line_id,
                    "budget_id": owners[row.line_id][0],
                    "company_id": owners[row.line_id][1],
                    "month": row.month,
                    "kind": row.kind,
                    "amount": float(row.amount),
                    "res_model": model,
                    "res_id": row.res_id,
                    "document_name": names.get(row.res_id),
                    "reversed_id": row.corrects,
                    "source_state": states.get(row.res_id, "deleted"),
                    "user_id": self.env.uid,
                    "date": fields.Datetime.now(),
                }
                for row in rows
            ]
        self.env["performance.budget.entry"].sudo().create(vals_list)  # see _sync


def _sum_by_month(rows_by_model):
    """Return ``{(line_id, month): {kind: Decimal}}`` over all rows."""
    totals = defaultdict(lambda: defaultdict(Decimal))
    for rows in rows_by_model.values():
        for row in rows:
            totals[row.line_id, row.month][row.kind] += row.amount
    return totals


def _sum_by_document(rows):
    """Return ``{res_id: Decimal}`` over all lines and kinds."""
    totals = defaultdict(Decimal)
    for row in rows:
        totals[row.res_id] += row.amount
    return totals
