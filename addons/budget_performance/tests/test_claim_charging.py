from datetime import date

from psycopg2 import DatabaseError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .claim_states import COMMITTED, NOTHING, RESERVED, SPENT_IN_MAY, ClaimStates


@tagged("post_install", "-at_install")
class TestClaimCharging(ClaimStates):
    """Which lines a claim charges, to the cent, and who may not touch that."""

    def test_a_split_is_as_many_claims(self):
        """#18: the server checks no sum; the budget checks the rise."""
        claim = self._submitted()

        def split(*amounts):
            action = claim.with_user(self.user_manager).action_split_wizard()
            wizard = self.env[action["res_model"]].browse(action["res_id"])
            for part, amount in zip(
                wizard.expense_split_line_ids, amounts, strict=True
            ):
                part.total_amount_currency = amount
            wizard.action_split_expense()

        with self._refused("Hotel"):
            split(7000.0, 50.0)
        split(70.0, 50.0)
        self.assertHeld(self.line_hotel_sales, {(3, "reserved"): 120.0})
        self.assertHeld(self.line_hotel_sales, {(3, "reserved"): 70.0}, claim)

    def test_what_is_no_spending_is_refused(self):
        """#12, #34, B5: nothing changes and a sentence says why."""
        whole = self.line_hotel_sales.amount_planned
        for vals, words in (
            ({"total_amount_currency": -100.0}, "above zero"),
            ({"total_amount_currency": 1e13}, "cannot be used"),
            ({"date": False}, "no date"),
            ({"date": "2028-01-01"}, "not in the budget"),
            ({"date": "2025-11-01"}, "closed"),
            ({"product_id": self.product_gift.id}, "not in the budget"),
            ({"analytic_distribution": {str(self.centre_sales.id): 60}}, "100 %"),
            ({"total_amount_currency": whole}, "80 %"),
            ({"total_amount_currency": whole + 1}, "Blocked"),
        ):
            with self.subTest(vals):
                claim = self._create_claim()
                with self._refused(words):
                    claim.write({**vals, "approval_state": "submitted"})

    def test_a_mass_approval_passes_whole_or_not_at_all(self):
        """#7: one claim that does not fit stops all of them."""
        claims = self._draft() | self._create_claim(total_amount_currency=4000.0)
        with self._refused("Hotel"):
            claims.action_submit()
        self.assertEqual(set(claims.mapped("approval_state")), {False})

    def test_cents_of_a_distribution_add_up(self):
        """B19: whatever the order of the keys in client and database."""
        first, second = sorted((self.centre_sales.id, self.centre_making.id))
        keys = {str(second): 50.0, str(first): 50.0}
        claim = self._create_claim(
            total_amount_currency=0.05, analytic_distribution=keys
        )
        claim.action_submit()
        self._flush()
        before = [self._held(line, claim) for line in self.budget.line_ids]
        self.env.invalidate_all()
        claim.action_submit()
        self._flush()
        self.assertEqual(
            [self._held(line, claim) for line in self.budget.line_ids], before
        )
        held = [
            self._held(line, claim)[3, "reserved"]
            for line in (self.line_hotel_sales, self.line_hotel_making)
        ]
        self.assertEqual(sorted(held), [0.02, 0.03])
        self.assertHeld(self.line_travel, {(3, "reserved"): 0.05}, claim)

    def test_a_key_of_two_plans_is_not_divided(self):
        """B19: department and project are each charged in full."""
        sales, making = self.centre_sales.id, self.centre_making.id
        alpha, beta = self.project_alpha.id, self.project_beta.id
        claim = self._create_claim(
            product_id=self.product_training.id,
            analytic_distribution={f"{sales},{alpha}": 60, f"{making},{beta}": 40},
        )
        claim.action_submit()
        self.assertHeld(self.line_training_alpha, {(3, "reserved"): 60.0})
        self.assertHeld(self.line_training, {(3, "reserved"): 100.0})

    def test_leaf_and_pool_are_charged_and_checked_together(self):
        """B9: the pool refuses what the leaf would take."""
        claim = self._submitted()
        self.assertHeld(self.line_hotel_sales, RESERVED, claim)
        self.assertHeld(self.line_travel, RESERVED, claim)
        self.assertHeld(self.line_reserve, NOTHING)
        self._create_entry(7000.0, self.account_taxi)
        with self._refused("Travel"):
            self._create_claim(total_amount_currency=1000.0).action_submit()

    def test_tax_counts_when_it_is_not_claimed_back(self):
        """#35, B19: reserved like it will be booked."""
        both = self.tax_claimed | self.tax_borne
        for taxes, total, net in (
            (self.tax_claimed, 115.0, 100.0),
            (self.tax_borne, 110.0, 110.0),
            (both, 125.0, 110.0),
        ):
            with self.subTest(taxes.mapped("name")), self.env.cr.savepoint() as point:
                claim = self._create_approved(
                    total_amount_currency=total, tax_ids=[Command.set(taxes.ids)]
                )
                self.assertHeld(self.line_hotel_sales, {(3, "committed"): net})
                self._post(claim, "2026-03-20")
                self._flush()
                held = self._held(self.line_hotel_sales)
                self.assertEqual(sum(held.values()), net)
                point.rollback()

    def test_the_rounding_of_taxes_is_that_of_the_entry(self):
        """B19: to the cent, where part of the tax is claimed and part of it borne."""
        self.company.tax_calculation_rounding_method = "round_per_line"
        for mode, currency, total in (
            ("company_account", self.other_currency, 148.61),
            ("company_account", self.other_currency, 250.66),
            ("own_account", self.company.currency_id, 148.61),
        ):
            with self.subTest(mode=mode, total=total), self.env.cr.savepoint() as point:
                claim = self._create_approved(
                    total_amount_currency=total,
                    currency_id=currency.id,
                    payment_mode=mode,
                    tax_ids=[Command.set((self.tax_claimed | self.tax_borne).ids)],
                )
                committed = sum(self._held(self.line_hotel_sales, claim).values())
                entry = self._post(claim)
                self._flush()
                self.assertEqual(self._held(self.line_hotel_sales, claim), {})
                actual = sum(self._held(self.line_hotel_sales, entry).values())
                self.assertEqual(actual, committed)
                point.rollback()

    def test_a_closed_budget_keeps_what_it_holds_and_takes_no_more(self):
        """#37."""
        claim = self._submitted()
        self.budget.action_close()
        claim._do_approve()
        self.assertHeld(self.line_hotel_sales, COMMITTED)
        with self._refused("closed"):
            claim.total_amount_currency = 101.0
        claim.total_amount_currency = 99.0
        self.assertHeld(self.line_hotel_sales, {(3, "committed"): 99.0})
        with self._refused("closed"):
            # Odoo books the price that the claim was submitted with: the entry counts.
            self._post(claim, "2026-05-20")
        other = self._create_claim(total_amount_currency=1.0)
        with self._refused("closed"):
            other.action_submit()

    def test_an_approved_claim_is_posted_in_a_closed_budget(self):
        """#37: its entry takes no more than the claim gives up."""
        claim = self._approved()
        self.budget.action_close()
        self._post(claim, "2026-05-20")
        self.assertHeld(self.line_hotel_sales, SPENT_IN_MAY)

    def test_a_refund_gives_back_and_its_correction_says_what(self):
        """B19, I6: corrections point to the row that they take back."""
        entry = self._create_entry(-40.0)
        self.assertHeld(self.line_hotel_sales, {(5, "actual"): -40.0})
        entry.button_draft()
        self.assertHeld(self.line_hotel_sales, NOTHING)
        back, booked = self.line_hotel_sales.entry_ids.sorted("id", reverse=True)
        self.assertEqual(back.reversed_id, booked)

    def test_months_of_another_year_belong_to_another_budget(self):
        """#23: the entry of a claim of December may be next year's."""
        claim = self._create_approved(date=date(2026, 12, 20))
        self._post(claim, "2027-01-10")
        self.assertHeld(self.line_travel, NOTHING)
        self.assertHeld(self.line_next, {(1, "actual"): 100.0})
        claim.account_move_id.button_draft()
        self.assertHeld(self.line_travel, {(12, "committed"): 100.0})
        self.assertHeld(self.line_next, NOTHING)

    def test_nobody_changes_an_entry(self):
        """I6: not the database user, not the superuser."""
        self._submitted()
        entry = self.line_hotel_sales.entry_ids.sudo()
        self.assertTrue(entry)
        for query in (
            "UPDATE performance_budget_entry SET amount = 0 WHERE id = %s",
            "DELETE FROM performance_budget_entry WHERE id = %s",
            "TRUNCATE performance_budget_entry CASCADE -- %s",
        ):
            with (
                self.subTest(query),
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(DatabaseError, "append-only"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(query, [entry.id])
        for method, args in (("write", [{"amount": 0}]), ("unlink", [])):
            with self.subTest(method), self.assertRaises(UserError):
                getattr(entry, method)(*args)
        self.assertLedgerSound()

    def test_an_entry_of_any_size_is_followed(self):
        """I5: what is in the books is never refused, yens and rupiahs are many."""
        self._create_entry(2e12)
        self.assertHeld(self.line_hotel_sales, {(5, "actual"): 2e12})

    def test_the_key_of_a_line_is_not_written(self):
        """I12: what a line stands for comes from its analytic accounts alone."""
        line = self.line_hotel_sales.with_user(self.user_officer)
        with self.assertRaises(AccessError):
            line.analytic_key = str(self.project_alpha.id)

    def test_the_documents_of_others_are_not_counted(self):
        """A company without a budget is left alone."""
        claim = self._create_claim(
            company_id=self.company_other.id,
            employee_id=self.emp_stranger.id,
            product_id=False,
            account_id=self.env["account.account"]
            .search([("company_ids", "in", self.company_other.ids)], limit=1)
            .id,
        )
        claim.approval_state = "submitted"
        self._flush()
        self.assertFalse(
            self.env["performance.budget.entry"].search([("res_id", "=", claim.id)])
        )
        self.assertLedgerSound()
