import threading
from unittest.mock import patch

from odoo.tests import tagged

from .common import BudgetCommon


@tagged("post_install", "-at_install")
class TestLedgerBackfill(BudgetCommon):
    """A budget that comes into force after people began to spend."""

    def _create_late_budget(self):
        budget = self._create_budget(
            name="2028", date_from="2028-01-01", date_to="2028-12-31"
        )
        return budget, self._line("hotel", 1000, self.centre_sales, budget)

    def test_an_approval_books_what_happened_before(self):
        """B3: claims and entries of its months are on the budget at once."""
        claim = self._create_claim(date="2028-02-01", total_amount_currency=50)
        claim.approval_state = "approved"
        self._create_entry(70, day="2028-03-05")
        budget, line = self._create_late_budget()
        # Claims are asked for their budget as soon as the company has one in force.
        self._approve_budget(budget)
        self.assertHeld(line, {(2, "committed"): 50, (3, "actual"): 70})

    def test_who_met_the_approval_is_booked_later(self):
        """A request that did not see the budget yet is caught up with."""
        budget, line = self._create_late_budget()
        self._approve_budget(budget)
        Ledger = self.env.registry["performance.budget.ledger"]
        with patch.object(Ledger, "_mark", lambda *_args, **_options: None):
            self._create_entry(70, day="2028-03-05")
            self._flush()
        self.assertEqual(self._held(line), {})
        Cron = self.env.registry["ir.cron"]
        with patch.object(Cron, "_commit_progress", lambda *_args, **_counts: 0):
            self.env["performance.budget.ledger"]._cron_catch_up()
        self.assertHeld(line, {(3, "actual"): 70})

    def test_old_documents_are_not_asked_again(self):
        budget, _line = self._create_late_budget()
        self._approve_budget(budget)
        entry = self._create_entry(70, day="2028-03-05")
        self._flush()
        self.env.cr.execute(
            "UPDATE account_move SET write_date = '2020-01-01' WHERE id = %s",
            [entry.id],
        )
        Ledger = self.env["performance.budget.ledger"]
        batches = Ledger._find_batches(budget, budget.approved_date)
        self.assertNotIn(entry, [move for batch in batches for move in batch])

    def test_only_the_columns_that_count_are_read(self):
        """A year of journal entries is long: amounts and places, nothing else."""
        self._create_entry(70, day="2028-03-05")
        budget, line = self._create_late_budget()
        self._flush()
        self.env.invalidate_all()
        queries = []

        def note(_cr, query, *_details):
            queries.append(query)

        with patch.object(
            threading.current_thread(), "query_hooks", [note], create=True
        ):
            self.env["performance.budget.ledger"]._backfill(budget)
        reading = [query for query in queries if '"account_move' in query]
        self.assertTrue(reading)
        for column in ("price_unit", "invoice_partner_display_name", "partner_id"):
            with self.subTest(column=column):
                self.assertFalse([q for q in reading if f'"{column}"' in q])
        self.assertHeld(line, {})  # it is not in force yet
