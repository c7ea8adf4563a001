from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL

from .common import BudgetCommon


@tagged("post_install", "-at_install")
class TestMatching(BudgetCommon):
    """What is kept of the lines in force is what a transaction sees (B3, I12)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.draft = cls._create_budget(name="2027")
        cls.draft.write({"date_from": "2027-01-01", "date_to": "2027-12-31"})
        cls.drafted = cls._line("flight", 100, cls.centre_making, cls.draft)
        cls._flush()
        cls.matcher = cls.env["performance.budget.matcher"]
        cls.companies = tuple(cls.company.ids)

    def _get(self):
        return self.matcher._get_shelf(self.companies)

    @contextmanager
    def _not_read(self):
        """Fail when the lines are read again."""
        with patch.object(
            self.env.registry["performance.budget.matcher"],
            "_read_shelf",
            side_effect=AssertionError("read again"),
        ):
            yield

    def _execute(self, code, *args):
        self.env.cr.execute(SQL(code, *args))

    def test_nothing_is_read_twice(self):
        kept = self._get()
        with self._not_read():
            self.assertIs(self._get(), kept)

    def test_a_draft_is_no_news(self):
        self._get()
        self._line("flight", 10, self.centre_sales, self.draft)
        self.draft.date_to = "2027-06-30"
        self.env.flush_all()
        with self._not_read():
            self._get()

    def test_every_change_is_seen_whoever_makes_it(self):
        line, budget = self.line_hotel_sales.id, self.budget.id
        changes = {
            "a budget is approved": (
                "UPDATE performance_budget SET state = 'approved' WHERE id = %s",
                self.draft.id,
            ),
            "a budget leaves": (
                "UPDATE performance_budget SET state = 'draft' WHERE id = %s",
                budget,
            ),
            "a budget ends earlier": (
                "UPDATE performance_budget SET date_to = '2026-11-30' WHERE id = %s",
                budget,
            ),
            "a line moves to a budget in force": (
                "UPDATE performance_budget_line SET budget_id = %s WHERE id = %s",
                budget,
                self.drafted.id,
            ),
            "a line leaves its budget": (
                "UPDATE performance_budget_line SET budget_id = %s WHERE id = %s",
                self.draft.id,
                line,
            ),
            "a line gets another position": (
                "UPDATE performance_budget_line SET position_id = %s WHERE id = %s",
                self.line_training.position_id.id,
                line,
            ),
            "a line gets another cost centre": (
                "UPDATE performance_budget_line SET analytic_key = %s WHERE id = %s",
                str(self.project_beta.id),
                line,
            ),
            "a line is kept in reserve": (
                "UPDATE performance_budget_line SET is_reserve = TRUE WHERE id = %s",
                line,
            ),
            "a line goes to another company": (
                "UPDATE performance_budget_line SET company_id = %s WHERE id = %s",
                self.company_other.id,
                line,
            ),
            "a line goes": (
                "DELETE FROM performance_budget_line WHERE id = %s",
                self.line_training_alpha.id,
            ),
            "a line comes": (
                """INSERT INTO performance_budget_line (
                          budget_id, position_id, company_id, balance_id)
                   SELECT budget_id, %s, company_id, balance_id
                     FROM performance_budget_line WHERE id = %s""",
                self.line_training.position_id.id,
                line,
            ),
            "an account leaves a position": (
                """DELETE FROM performance_budget_position_account_rel
                    WHERE account_id = %s""",
                self.account_hotel.id,
            ),
            "an account joins a position": (
                """INSERT INTO performance_budget_position_account_rel
                          (position_id, account_id) VALUES (%s, %s)""",
                self.line_training.position_id.id,
                self.account_gift.id,
            ),
            "a position moves": (
                "UPDATE performance_budget_position SET parent_path = %s WHERE id = %s",
                f"{self.line_hotel_sales.position_id.id}/",
                self.line_hotel_sales.position_id.id,
            ),
        }
        before = self._get()
        for name, statement in changes.items():
            with self.subTest(name):
                self.cr.execute("SAVEPOINT matching")
                self._execute(*statement)
                seen, stored = self._get(), self.matcher._read_shelf(self.companies)
                self.assertEqual(seen, stored)
                self.assertNotEqual(seen, before)
                self.cr.execute("ROLLBACK TO SAVEPOINT matching")
                self.assertEqual(self._get(), before)

    def test_two_changes_of_one_transaction_are_two(self):
        line = self.line_hotel_sales.id
        found = []
        for key in (self.project_alpha.id, self.project_beta.id):
            self._execute(
                "UPDATE performance_budget_line SET analytic_key = %s WHERE id = %s",
                str(key),
                line,
            )
            found.append(self._get())
        self.assertNotEqual(*found)

    def test_a_change_that_was_rolled_back_is_not_met_again(self):
        """Numbers are not given twice: the same number would mean the same lines."""
        line, found = self.line_hotel_sales.id, []
        for key in (self.project_alpha.id, self.project_beta.id):
            self.cr.execute("SAVEPOINT matching")
            self._execute(
                "UPDATE performance_budget_line SET analytic_key = %s WHERE id = %s",
                str(key),
                line,
            )
            found.append(self._get())
            self.cr.execute("ROLLBACK TO SAVEPOINT matching")
        self.assertNotEqual(*found)
