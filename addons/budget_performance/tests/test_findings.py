from datetime import datetime

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import BudgetCommon

DIFFERENCE = "performance.budget.claim.difference"
UNCOVERED = "performance.budget.uncovered"


class FindingsCommon(BudgetCommon):
    def _find(self, model, user=None):
        """Return the rows of the company, as finance sees them."""
        self._flush()
        self.env.invalidate_all()
        rows = self.env[model].with_user(user or self.user_officer)
        return rows.search([("company_id", "=", self.company.id)])

    @mute_logger("odoo.addons.base.models.ir_model")
    def _check_readers(self, model):
        """Finance and audit read the report, nobody else; nobody writes it."""
        for user in (self.user_officer, self.user_manager, self.user_auditor):
            with self.subTest(reads=user.login):
                self.assertTrue(self._find(model, user))
        stranger = self._create_user(
            "findings_stranger",
            "budget_performance.group_budget_manager",
            self.company_other,
        )
        self.assertFalse(self._find(model, stranger))
        for user in (self.user_owner, self.user_employee):
            with self.subTest(refused=user.login), self.assertRaises(AccessError):
                self._find(model, user)


@tagged("post_install", "-at_install")
class TestClaimDifferences(FindingsCommon):
    """Claims whose entry says something else (transition 9 and 26 of a claim)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claim = cls._create_approved()
        cls.same = cls._create_approved(
            name="Same", tax_ids=[Command.set(cls.tax_claimed.ids)]
        )
        cls.moves = cls._post(cls.claim) | cls._post(cls.same)

    def test_claims_as_they_were_posted_are_not_listed(self):
        paid = self._create_approved(
            payment_mode="company_account",
            currency_id=self.other_currency.id,
            total_amount_currency=33.33,
        )
        self._post(paid)
        self._post(self._create_approved(name="A") | self._create_approved(name="B"))
        self.assertFalse(self._find(DIFFERENCE))

    def test_a_claim_edited_after_posting_is_listed(self):
        self.claim.total_amount_currency = 130
        self.assertRecordValues(
            self._find(DIFFERENCE).sudo(),
            [
                {
                    "expense_id": self.claim.id,
                    "move_id": self.claim.account_move_id.id,
                    "employee_id": self.emp_employee.id,
                    "amount_claim": 130,
                    "amount_entry": 100,
                    "amount_difference": -30,
                }
            ],
        )

    def test_an_entry_edited_and_posted_again_is_listed_until_it_agrees(self):
        move = self.claim.account_move_id
        for price, difference in ((500, [400]), (100, [])):
            move.button_draft()
            move.invoice_line_ids.price_unit = price
            move.action_post()
            with self.subTest(price=price):
                self.assertEqual(
                    self._find(DIFFERENCE).mapped("amount_difference"), difference
                )

    def test_a_draft_entry_is_no_difference(self):
        self.claim.total_amount_currency = 130
        self.claim.account_move_id.button_draft()
        self.assertFalse(self._find(DIFFERENCE))

    def test_both_sides_can_be_opened(self):
        self.claim.total_amount_currency = 130
        row = self._find(DIFFERENCE)
        self.assertEqual(row.action_open_claim()["res_id"], self.claim.id)
        self.assertEqual(
            row.action_open_entry()["res_id"], self.claim.account_move_id.id
        )

    def test_who_reads_it(self):
        self.claim.total_amount_currency = 130
        self._check_readers(DIFFERENCE)


@tagged("post_install", "-at_install")
class TestUncovered(FindingsCommon):
    """What was spent although no budget line covers it (B5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.budget_uncovered_entry = "warn"

    def test_what_the_company_ignores_is_not(self):
        """The setting of the type of document decides, as when it is posted."""
        self.company.budget_uncovered_expense = "warn"
        entry = self._create_entry(70, self.account_gift)
        bill = self._create_bill(80, account=self.account_gift)
        bill.action_post()
        claim = self._create_approved(product_id=self.product_gift.id)
        moves = {"entry": entry, "bill": bill, "expense": self._post(claim)}
        self.assertEqual(self._find(UNCOVERED).move_id, entry | bill | moves["expense"])
        for name, move in moves.items():
            with self.subTest(ignored=name):
                self.company[f"budget_uncovered_{name}"] = "ignore"
                self.assertNotIn(move, self._find(UNCOVERED).move_id)
                self.assertEqual(len(self._find(UNCOVERED).move_id), 2)
                self.company[f"budget_uncovered_{name}"] = "block"

    def test_an_account_without_line_is_listed(self):
        move = self._create_entry(70, self.account_gift)
        self.assertRecordValues(
            self._find(UNCOVERED),
            [{"move_id": move.id, "amount": 70, "reason": "account"}],
        )
        action = self._find(UNCOVERED).action_open_document()
        self.assertEqual(action["res_id"], move.id)

    def test_covered_items_are_not(self):
        """By the own line, by the pool, or by the parent of the position."""
        for account in (self.account_hotel, self.account_taxi, self.account_training):
            self._create_entry(10, account, analytic_distribution={})
        self.assertFalse(self._find(UNCOVERED))

    def test_only_the_part_without_line_counts(self):
        """With no pool around them, parts of an amount can lie outside."""
        budget = self._create_budget(
            name="2029", date_from="2029-01-01", date_to="2029-12-31"
        )
        self._line("training", 100, self.centre_sales, budget)
        self._approve_budget(budget)
        self._create_entry(
            90,
            self.account_training,
            day="2029-02-02",
            analytic_distribution={
                str(self.centre_sales.id): 60,
                str(self.centre_making.id): 40,
            },
        )
        self._create_entry(
            5, self.account_training, day="2029-02-02", analytic_distribution={}
        )
        self.assertEqual(
            sorted((row.amount, row.reason) for row in self._find(UNCOVERED)),
            [(5.0, "centre"), (36.0, "centre")],
        )

    def test_without_a_budget_for_the_date_nothing_is_outside(self):
        self._create_entry(70, self.account_gift, day="2024-05-05")
        self._create_entry(70, self.account_gift).button_draft()
        self.assertFalse(self._find(UNCOVERED))

    def test_the_reserve_covers_nothing(self):
        budget = self._create_budget(
            name="2029", date_from="2029-01-01", date_to="2029-12-31"
        )
        self._line("hotel", 100, self.centre_sales, budget)
        self._line("training", 100, budget=budget, is_reserve=True)
        self._approve_budget(budget)
        self._create_entry(7, self.account_training, day="2029-02-02")
        self.assertEqual(self._find(UNCOVERED).mapped("reason"), ["account"])

    def test_who_reads_it(self):
        self._create_entry(70, self.account_gift)
        self._check_readers(UNCOVERED)


@tagged("post_install", "-at_install")
class TestDigest(FindingsCommon):
    """The figures of the digest, each reader his own (B6)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.budget_uncovered_entry = "warn"
        cls._create_entry(9700, cls.account_hotel, day="2026-06-05")  # and the pool
        cls._create_entry(4000, cls.account_training, day="2026-06-05")
        cls._create_entry(70, cls.account_gift, day="2026-06-14")
        cls._flush()
        cls.env["performance.budget.alert"]._refresh()
        cls.digest = cls.env["digest.digest"].create(
            {
                "name": "Budget",
                "company_id": cls.company.id,
                "kpi_budget_alert": True,
                "kpi_budget_blocked": True,
                "kpi_budget_spent": True,
                "kpi_budget_uncovered": True,
            }
        )

    def _read(self, name, user, start=datetime(2026, 6, 1), end=datetime(2026, 6, 16)):
        digest = self.digest.with_context(start_datetime=start, end_datetime=end)
        digest.invalidate_recordset()  # as the digest does: the period is no key
        return digest.with_user(user)[f"kpi_budget_{name}_value"]

    def test_figures_of_finance(self):
        lines = self.env["performance.budget.alert"].search([]).line_id
        self.assertEqual(self._read("alert", self.user_officer), len(lines))
        self.assertEqual(
            lines, self.line_hotel_sales | self.line_travel | self.line_training
        )
        self.assertEqual(self._read("blocked", self.user_officer), 3)
        # of 800 and 500 that lie in no pool
        self.assertAlmostEqual(
            self._read("spent", self.user_officer), 100 * 13700 / 1300
        )
        self.assertEqual(self._read("uncovered", self.user_officer), 1)
        before = datetime(2026, 5, 1)
        self.assertEqual(self._read("alert", self.user_auditor, end=before), 0)

    def test_an_owner_gets_figures_of_his_lines(self):
        self.budget.line_ids.owner_id = self.user_manager
        self.assertEqual(self._read("alert", self.user_owner), 1)
        with self.assertRaises(AccessError):
            self._read("uncovered", self.user_owner)

    def test_others_get_none_and_the_mail_goes_out_without(self):
        for name in ("alert", "blocked", "spent", "uncovered"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                self._read(name, self.user_employee)
        kpis = self.digest._compute_kpis(self.company, self.user_employee)
        self.assertFalse([kpi for kpi in kpis if "budget" in kpi["kpi_name"]])
        kpis = self.digest._compute_kpis(self.company, self.user_officer)
        self.assertEqual(
            {kpi["kpi_name"] for kpi in kpis if "budget" in kpi["kpi_name"]},
            {
                "kpi_budget_alert",
                "kpi_budget_blocked",
                "kpi_budget_spent",
                "kpi_budget_uncovered",
            },
        )
        self.assertTrue(all(kpi["kpi_action"] for kpi in kpis))
