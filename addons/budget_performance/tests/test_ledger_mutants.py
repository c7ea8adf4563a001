import logging
from contextlib import contextmanager
from decimal import Decimal
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.budget_performance.models import (
    account_move_line,
    performance_budget_matcher,
)

from .common import BudgetCommon
from .ledger_walk import LedgerWalk

_logger = logging.getLogger(__name__)

CARRY = ("new", "submit", "approve", "post")
SEEDS = range(1, 7)
STEPS = 60


@tagged("post_install", "-at_install")
class TestLedgerMutants(BudgetCommon):
    """Each way of getting the hooks wrong is caught by a short walk.

    A mutant that survives means that the walk is too weak, not that it is harmless.
    """

    def _registry(self, model):
        return self.env.registry[model]

    def _patch(self, model, name, function):
        return patch.object(self._registry(model), name, function)

    @contextmanager
    def _without_hooks(self, model, *names):
        """Take constraints and deletion hooks away from a model."""
        cls = self._registry(model)
        record = self.env[model]
        kept = [
            (
                attribute,
                [m for m in getattr(record, attribute) if m.__name__ not in names],
            )
            for attribute in ("_constraint_methods", "_ondelete_methods")
        ]
        with (
            patch.object(cls, *kept[0]),
            patch.object(cls, *kept[1]),
        ):
            yield

    @contextmanager
    def _without_fields(self, *fields):
        """Let the constraints of claims overlook some fields."""
        methods = []
        for method in self.env["hr.expense"]._constraint_methods:
            if method.__name__.startswith("_constrain_budget"):
                names = [name for name in method._constrains if name not in fields]

                def blind(records, method=method):
                    return method(records)

                blind._constrains = names
                methods.append(blind)
            else:
                methods.append(method)
        with patch.object(self._registry("hr.expense"), "_constraint_methods", methods):
            yield

    def assertCaught(self, mutant, *operations):
        """A walk over the operations fails, and the same walk is sound otherwise."""
        for seed in SEEDS:
            with self.env.cr.savepoint() as savepoint:
                try:
                    with mutant():
                        LedgerWalk(self, seed, CARRY + operations).run(STEPS)
                except AssertionError as caught:
                    self.assertIn(f"seed {seed}", str(caught))
                    _logger.info("%s: %s", self.id(), str(caught).partition("\n")[0])
                    return
                finally:
                    savepoint.rollback()
        self.fail("The mutant survived: the walk is too weak.")

    # Hooks

    def test_hooks_on_buttons_only(self):
        def mutant():
            return self._without_hooks(
                "hr.expense", "_constrain_budget", "_constrain_budget_entry"
            )

        buttons = ("action_submit", "_do_approve", "_do_refuse", "_do_reset_approval")
        cls = self._registry("hr.expense")
        for name in buttons:
            press = getattr(cls, name)

            def marking(claims, *args, press=press, **kwargs):
                result = press(claims, *args, **kwargs)
                claims._mark_for_budget()
                return result

            self.startPatcher(patch.object(cls, name, marking))
        self.assertCaught(mutant, "state_hack", "amount", "date")

    def test_a_field_is_overlooked(self):
        """Together with the watched fields that Odoo computes again from it."""
        for fields, operations in (
            (("approval_state", "state"), ()),
            (("total_amount", "tax_amount"), ("amount",)),
            (("date", "total_amount", "tax_amount"), ("date",)),
            (
                ("account_id", "product_id", "analytic_distribution"),
                ("account", "product"),
            ),
            (("analytic_distribution",), ("distribution",)),
            (("tax_ids", "total_amount", "tax_amount"), ("taxes",)),
            (("account_move_id", "state"), ("reverse", "move_hack")),
        ):
            with self.subTest(fields=fields):
                self.assertCaught(
                    lambda f=fields: self._without_fields(*f), *operations
                )

    def test_no_hook_on_deletion(self):
        self.assertCaught(
            lambda: self._without_hooks("hr.expense", "_unlink_release_budget"),
            "delete",
        )

    def test_no_hook_on_journal_entries(self):
        self.assertCaught(
            lambda: self._without_hooks("account.move", "_constrain_budget"),
            "draft",
            "cancel",
            "posted_raw",
        )

    def test_no_hook_on_journal_items(self):
        self.assertCaught(
            lambda: self._without_hooks("account.move.line", "_constrain_budget"),
            "entry",
            "edit_entry",
        )

    def test_the_old_owner_of_an_item_is_forgotten(self):
        # pylint: disable=missing-return
        # The super() below is that of a mutant, not of this test.
        cls = account_move_line.AccountMoveLine

        def write(items, vals):
            return super(cls, items).write(vals)

        self.assertCaught(lambda: patch.object(cls, "write", write), "owner_of_item")

    # What a document should hold

    def test_the_department_of_today_instead_of_the_distribution(self):
        cls = self._registry("hr.expense")
        prepare = cls._prepare_budget_spending

        def _prepare_budget_spending(claim, kind):
            centre = claim.employee_id.sudo().department_id.cost_centre_id
            keys = {frozenset(centre.ids): Decimal(100)}
            return prepare(claim, kind)._replace(keys=keys)

        self.assertCaught(
            lambda: patch.object(
                cls, "_prepare_budget_spending", _prepare_budget_spending
            ),
            "department",
            "resubmit",
        )

    def test_the_state_alone_decides(self):
        def _get_budget_kind(claim):
            kinds = {"submitted": "reserved", "approved": "committed"}
            return kinds.get(claim.state)

        self.assertCaught(
            lambda: self._patch("hr.expense", "_get_budget_kind", _get_budget_kind),
            "state_hack",
            "move_hack",
            "both_states",
        )

    def test_a_posted_claim_keeps_its_commitment(self):
        self.assertCaught(
            lambda: self._patch("hr.expense", "_is_budget_spent", lambda _claim: False)
        )

    def test_spent_is_who_is_linked_to_any_posted_entry(self):
        def _is_budget_spent(claim):
            return claim.account_move_id.state == "posted"

        self.assertCaught(
            lambda: self._patch("hr.expense", "_is_budget_spent", _is_budget_spent),
            "move_hack",
            "owner_of_item",
        )

    def test_amounts_are_not_rounded(self):
        def split(amount, percentages, _unit):
            return [amount * percentage / 100 for percentage in percentages]

        matcher = performance_budget_matcher
        self.assertCaught(
            lambda: patch.object(matcher.distribution, "split", split), "distribution"
        )

    def test_the_remainder_of_a_split_is_lost(self):
        def split(amount, percentages, unit):
            return [(amount * p / 100).quantize(unit) for p in percentages]

        matcher = performance_budget_matcher
        self.assertCaught(
            lambda: patch.object(matcher.distribution, "split", split), "distribution"
        )

    def test_the_whole_tax_is_taken_off(self):
        def _get_budget_amount(claim):
            return claim.total_amount - claim.tax_amount

        self.assertCaught(
            lambda: self._patch("hr.expense", "_get_budget_amount", _get_budget_amount),
            "taxes",
        )

    def test_refunds_are_not_given_back(self):
        cls = self._registry("account.move")
        get = cls._get_budget_spendings

        def _get_budget_spendings(moves):
            return [spending for spending in get(moves) if spending.amount > 0]

        self.assertCaught(
            lambda: patch.object(cls, "_get_budget_spendings", _get_budget_spendings),
            "entry",
            "reverse",
        )

    def test_pools_are_not_charged(self):
        cls = self._registry("performance.budget.matcher")
        find = cls._find_candidates

        def _find_candidates(matcher, *args):
            return [c for c in find(matcher, *args) if c.key]

        self.assertCaught(
            lambda: patch.object(cls, "_find_candidates", _find_candidates)
        )

    # Writing the difference

    def test_what_is_held_is_ignored(self):
        cls = self._registry("performance.budget.entry")
        read = cls._read_books

        def _read_books(entry, ids_by_model):
            _books, transaction = read(entry, ids_by_model)
            return {model: {} for model in ids_by_model}, transaction

        self.assertCaught(
            lambda: patch.object(cls, "_read_books", _read_books), "resubmit", "amount"
        )

    def test_the_balance_forgets_what_was_spent(self):
        cls = self._registry("performance.budget.balance")
        apply = cls._apply

        def _apply(balance, deltas):
            for kinds in deltas.values():
                kinds.pop("actual", None)
            return apply(balance, deltas)

        self.assertCaught(lambda: patch.object(cls, "_apply", _apply), "entry")

    def test_a_refusal_that_was_caught_is_forgotten(self):
        cls = self._registry("performance.budget.ledger")
        sync = cls._sync

        def _sync(ledger, *args, **kwargs):
            try:
                return sync(ledger, *args, **kwargs)
            except Exception:
                ledger.env.cr.precommit.data.clear()
                raise

        self.assertCaught(lambda: patch.object(cls, "_sync", _sync), "swallowed")

    # Asking the rules

    def test_the_rules_are_not_asked(self):
        self.assertCaught(
            lambda: self._patch(
                "performance.budget.ledger", "_get_requests", lambda *_a: {}
            ),
            "amount",
        )

    def test_what_is_not_in_the_budget_passes(self):
        self.assertCaught(
            lambda: self._patch(
                "hr.expense", "_check_budget_coverage", lambda *_args: None
            ),
            "product",
        )

    def test_bills_are_only_followed(self):
        self.assertCaught(
            lambda: self._patch(
                "account.move", "_get_budget_document_type", lambda _move: None
            ),
            "bill",
        )

    def test_an_entry_asks_again_for_what_its_claim_gave_up(self):
        """Posting in another month would be refused on a line that is nearly full."""
        cls = self._registry("performance.budget.ledger")
        get = cls._get_requests

        def _get_requests(ledger, changes):
            growing = {
                line_id: {
                    month: sum(kinds.values())
                    for (line, month), kinds in changes.totals.items()
                    if line == line_id
                }
                for line_id, _month in changes.totals
            }
            return {**get(ledger, changes), "expense": growing}

        self.assertCaught(
            lambda: patch.object(cls, "_get_requests", _get_requests), "bill"
        )

    def test_an_entry_of_a_claim_charges_what_it_likes(self):
        self.assertCaught(
            lambda: self._patch("account.move", "_is_claimed", lambda *_args: True),
            "edit_entry",
            "edit_draft",
        )

    def test_a_claim_hides_behind_another(self):
        """Each document asks for itself: two that fit alone pass together."""
        cls = self._registry("performance.budget.ledger")
        sync = cls._sync

        def _sync(ledger, documents_by_model, asking=None):
            for model, documents in documents_by_model.items():
                for document in documents:
                    ids = {document.id} & set((asking or {}).get(model, ()))
                    sync(ledger, {model: document}, asking and {model: ids})

        self.assertCaught(lambda: patch.object(cls, "_sync", _sync), "swap", "draft")

    def test_a_returning_claim_is_refused(self):
        cls = self._registry("performance.budget.ledger")
        mark = cls._mark

        def _mark(ledger, documents, deleted=False, **_asking):
            return mark(ledger, documents, deleted)

        self.startPatcher(
            patch.object(cls, "_without_returning", lambda _self, _m, rows, _b: rows)
        )
        self.assertCaught(
            lambda: patch.object(cls, "_mark", _mark), "edit_draft", "product", "cancel"
        )
