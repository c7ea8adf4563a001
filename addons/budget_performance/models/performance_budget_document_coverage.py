from collections import defaultdict
from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date
from odoo.tools.mail import html_to_inner_content

from ..tools import distribution


class PerformanceBudgetDocument(models.AbstractModel):
    """What happens to spending that no budget line covers."""

    _inherit = "performance.budget.document"

    def _is_budget_expected(self, spending):
        """Tell whether a spending of the document has to be in the budget at all.

        Costs have to, and assets as soon as a position covers their account.
        """
        self.ensure_one()
        # sudo: asked on behalf of people who read neither accounts nor positions
        account_sudo = self.env["account.account"].sudo().browse(spending.account_id)
        if account_sudo.internal_group != "asset":
            return account_sudo.internal_group == "expense" or not account_sudo
        Position_sudo = self.env["performance.budget.position"].sudo()
        domain = [
            ("company_id", "=", spending.company_id),
            ("account_ids", "=", spending.account_id),
        ]
        return bool(Position_sudo.search_count(domain, limit=1))

    def _get_budget_coverage_policy(self, document_type):
        """Return what the company does to documents of a type: block, warn, ignore."""
        self.ensure_one()
        field_name = f"budget_uncovered_{document_type}"
        if document_type is None:
            return "ignore"
        if field_name not in self.company_id._fields:
            return "warn"
        return self.company_id.sudo()[field_name]  # who asks need not see settings

    def _check_budget_coverage(self, matches):
        """Refuse what is not in the budget, or note it, as the company wants.

        :param matches: what the matcher found for spendings of these documents
        :raise UserError: the distribution is not complete, or no line covers it
        """
        uncovered = self._get_budget_uncovered(matches)
        for policy, _document, text in uncovered:
            if policy == "block":
                raise UserError(text)
        for _policy, document, text in uncovered:
            document._note_uncovered(text)

    def _get_budget_uncovered(self, matches):
        """Return ``[(policy, document, sentence), …]`` on what is not in the budget.

        Money that goes back needs no budget: what counts is the sum of the document
        on the account and its distribution.
        """
        documents = {document._origin.id: document for document in self}
        types = self._get_budget_document_types()
        sums = defaultdict(Decimal)
        for spending, _charges, _uncovered in matches:
            sums[_get_place(spending)] += spending.amount
        found = {}
        for spending, _charges, uncovered in matches:
            document = documents[spending.res_id]
            policy = document._get_budget_coverage_policy(types[spending.res_id])
            if (
                policy != "ignore"
                and sums[_get_place(spending)] > 0
                and document._is_budget_expected(spending)
            ):
                for text in document._get_coverage_problems(spending, uncovered):
                    found[document, text] = (policy, document, text)
        return list(found.values())

    def _get_coverage_problems(self, spending, uncovered):
        """Return sentences; none when the spending can be judged by its lines.

        :param uncovered: analytic keys of the spending that no budget line covers
        """
        plan_of = self.env["performance.budget.matcher"]._get_plans([spending])
        totals = distribution.plan_totals(spending.keys, plan_of)
        incomplete = [total for total in totals.values() if total != distribution.WHOLE]
        if incomplete:
            return [
                self.env._(
                    "“%(document)s”: the analytic distribution adds up to %(total)s %%,"
                    " not to 100 %%. Complete it, so that every part has its budget.",
                    document=self.display_name,
                    total=incomplete[0].normalize(),
                )
            ]
        return [self._get_unbudgeted_message(spending, key) for key in uncovered]

    def _get_unbudgeted_message(self, spending, key):
        """Say what is not in the budget: account, month and analytic accounts."""
        # sudo: the names of the person's own document, he need not be an accountant
        account_sudo = self.env["account.account"].sudo().browse(spending.account_id)
        centres_sudo = self.env["account.analytic.account"].sudo().browse(sorted(key))
        return self.env._(
            "“%(document)s” is not in the budget: no approved budget line covers"
            " %(account)s%(centres)s on %(date)s. Choose another account or category,"
            " or ask the finance department for a budget line.",
            document=self.display_name,
            account=account_sudo.name or self.env._("a document without account"),
            centres="".join(f" · {centre.name}" for centre in centres_sudo),
            date=format_date(self.env, spending.date),
        )

    def _note_uncovered(self, text):
        """Note on the document, once, what passes without a budget."""
        if "message_ids" not in self._fields:
            return
        # sudo: it is the budget that speaks, whoever moved the document
        document_sudo = self.sudo()
        known = map(html_to_inner_content, document_sudo.message_ids.mapped("body"))
        if text not in known:
            document_sudo._message_log(body=text)
            self.env.flush_all()  # the ledger works after the last flush


def _get_place(spending):
    """Return what money that goes back is set off against."""
    return (
        spending.res_id,
        spending.account_id,
        tuple(sorted((tuple(sorted(key)), s) for key, s in spending.keys.items())),
    )
