from odoo import api, fields, models

from ..tools import distribution, ledger, money


class PerformanceBudgetDocument(models.AbstractModel):
    """What a document tells the ledger.

    To put one more document under the budget, inherit this, say what the document
    holds in its present state and on which of its fields that depends. Constraints
    are the one hook that sees every way a field can change (form, RPC, import,
    recomputation); what they mark is synchronised once, before the commit. Lines of
    the document inherit ``performance.budget.document.line``.
    """

    _name = "performance.budget.document"
    _description = "Document Followed by the Budget"

    # Which control rules apply; None follows the document and never refuses it.
    _budget_document_type = None

    # Whether that step is taken by itself once it is authorised; people are told so.
    _budget_continues = True

    # Whether it is also taken once it was overridden, when nobody has asked to.
    _budget_continues_overridden = True

    budget_alerts = fields.Json(
        compute="_compute_budget_alerts", export_string_translation=False
    )

    @api.depends(lambda self: self._get_budget_alert_fields())
    def _compute_budget_alerts(self):
        for document in self:
            document.budget_alerts = document._get_budget_alerts()

    @api.constrains(lambda self: self._get_budget_fields())
    def _constrain_budget(self):
        self._mark_for_budget()

    @api.ondelete(at_uninstall=True)
    def _unlink_release_budget(self):
        self._mark_for_budget(deleted=True)

    @api.model_create_multi
    def create(self, vals_list):
        documents = super().create(vals_list)
        self.env["performance.budget.ledger"]._mark_born(documents)
        return documents

    def _get_budget_document_types(self):
        """Return ``{id: document type}``, None for those that are only followed.

        Override it where documents of one model are of several types.
        """
        return {
            document._origin.id: document._budget_document_type for document in self
        }

    @api.model
    def _get_budget_fields(self):
        """Return the stored fields that decide what a document holds."""
        return []

    @api.model
    def _get_budget_alert_fields(self):
        """Return the fields, dotted ones too, that the hint on the form depends on."""
        return self._get_budget_fields()

    def _get_budget_spendings(self):
        """Return what the documents should hold now, as plain values.

        :return: list of :class:`~..tools.ledger.Spending`; a document that should
            hold nothing (draft, refused, …), or has no figures, has none
        """
        raise NotImplementedError

    def _get_budget_obstacles(self):
        """Return why documents that should hold something cannot be judged.

        Asked of documents that ask for budget only; nobody else is stopped by them.
        """
        return []

    def _prepare_spending(self, kind, account, date, amount, analytic_distribution):
        """Return one amount of the document as the ledger takes it.

        :param kind: reserved, committed or actual
        :param date: its month is charged
        :param amount: in the currency of the company, what has to be borne
        :raise ValueError: the amount or the distribution cannot be used
        """
        self.ensure_one()
        unit = money.unit(self.company_id.currency_id.decimal_places)
        return ledger.Spending(
            self._origin.id,
            kind,
            self.company_id.id,
            account.id or 0,
            date,
            money.exact(amount, unit, money.MAX_BOOKED),
            distribution.parse(analytic_distribution),
        )

    def _get_budget_source_states(self):
        """Return ``{id: state}``, kept on the entries as the reason they were made."""
        return {document.id: document.state for document in self}

    def _find_for_backfill(self, budget, accounts):
        """Return the documents that a newly approved budget has to know of."""
        raise NotImplementedError

    def _fetch_for_budget(self):
        """Read for many documents at once what tells what they should hold.

        Without it Odoo reads every column of every document: see the backfill.
        """

    def _mark_for_budget(self, deleted=False, asking=True):
        """Have the ledger follow these documents when the transaction commits.

        :param deleted: True when they are about to be deleted
        :param asking: False when they only follow another document that changed
        """
        self.env["performance.budget.ledger"]._mark(self, deleted, asking)

    def _continue_authorized(self):
        """Take the step that the budget held, after it was authorised.

        Called in the rights of the person who asked.
        """
        raise NotImplementedError

    def _get_budget_beneficiaries(self):
        """Return the users whom the documents serve: they authorise none of them."""
        return self.env["res.users"]

    def action_open_budget_entries(self):
        """Open what the documents hold on the budget."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "budget_performance.performance_budget_entry_action"
        )
        return {**action, "domain": self._get_budget_entry_domain(), "context": {}}

    def _get_budget_entry_domain(self):
        return [("res_model", "=", self._name), ("res_id", "in", self.ids)]
