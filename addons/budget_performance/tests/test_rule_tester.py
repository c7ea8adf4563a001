from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import BudgetCommon


@tagged("post_install", "-at_install")
class TestRuleTester(BudgetCommon):
    """What would happen to a spending, and why (B5, B6, B19)."""

    def _test(self, amount, user=None, **values):
        test = (
            self.env["performance.budget.rule.test"]
            .with_user(user or self.user_officer)
            .create(
                {
                    "company_id": self.company.id,
                    "product_id": self.product_hotel.id,
                    "department_id": self.sales.id,
                    "date": "2026-03-03",
                    "amount": amount,
                    **values,
                }
            )
        )
        test.action_test()
        return test

    def _reasons(self, test):
        return {line.line_id: line.reason for line in test.miss_ids}

    def test_it_says_what_the_user_would_read(self):
        for amount, action in ((100, "ok"), (3900, "hold"), (5000, "block")):
            with self.subTest(amount=amount):
                test = self._test(amount)
                self.assertEqual(test.action, action)
                self.assertEqual(
                    test.line_ids.line_id, self.line_hotel_sales | self.line_travel
                )
                if action == "ok":
                    continue
                with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
                    self._create_claim(total_amount_currency=amount).action_submit()
                    self._flush()
                refusals = str(caught.exception).split("\n\n")
                for refusal in refusals:
                    self.assertIn(refusal, test.message)

    def test_it_shows_every_band_and_the_one_that_decides(self):
        test = self._test(3900)
        bands = test.band_ids.filtered(lambda b: b.line_id == self.line_hotel_sales)
        self.assertRecordValues(
            bands,
            [
                {
                    "amount_planned": 4800,
                    "amount_used": 0,
                    "amount_requested": 3900,
                    "amount_after": 3900,
                    "amount_limit": limit,
                    "result": result,
                }
                for limit, result in ((3840, "decides"), (4800, "free"))
            ],
        )
        self.assertIn("80 %", bands[0].description)

    def test_it_says_why_other_lines_are_not_charged(self):
        draft = self._create_budget(name="Draft 2026")
        planned = self._line("hotel", 10, self.centre_sales, budget=draft)
        reasons = self._reasons(self._test(100))
        self.assertEqual(
            set(reasons),
            {
                self.line_hotel_making,
                self.line_reserve,
                self.line_closed,
                self.line_next,
                planned,
            },
        )
        for line, word in (
            (self.line_hotel_making, "does not name"),
            (self.line_reserve, "reserve"),
            (self.line_closed, "runs from"),
            (self.line_next, "2027"),
            (planned, "not in force"),
        ):
            with self.subTest(line=line.display_name):
                self.assertIn(word, reasons[line])
        self.assertNotIn("does not name", reasons[self.line_next])

    def test_not_in_the_budget_is_said_in_the_words_of_the_document(self):
        test = self._test(100, product_id=self.product_gift.id)
        self.assertEqual(test.action, "block")
        self.assertIn("“Gift” is not in the budget", test.message)
        self.assertFalse(test.line_ids)

    def test_outside_the_budget_each_type_of_document_has_its_policy(self):
        for policy, action, said in (
            ("block", "block", True),
            ("warn", "alert", True),
            ("ignore", "ok", False),
        ):
            self.company.budget_uncovered_bill = policy
            test = self._test(
                100, product_id=self.product_gift.id, document_type="bill"
            )
            with self.subTest(policy=policy):
                self.assertEqual(test.action, action)
                self.assertEqual("“Gift” is not in the budget" in test.message, said)
        test = self._test(100, product_id=self.product_gift.id)
        self.assertEqual(test.action, "block", "claims have a policy of their own")

    def test_a_closed_budget_blocks(self):
        test = self._test(100, date="2025-03-03")
        self.assertEqual(test.action, "block")
        self.assertIn("closed", test.message)

    def test_nothing_is_booked_and_testing_again_answers_again(self):
        before = self._snapshot()
        test = self._test(5000)
        test.amount = 100
        test.action_test()
        self.assertEqual(test.action, "ok")
        self.assertEqual(len(test.line_ids), 2)
        self._flush()
        self.assertEqual(self._snapshot(), before)

    def test_an_owner_sees_what_he_may_read_only(self):
        self.budget.line_ids.owner_id = self.user_manager
        test = self._test(9000, self.user_owner)
        self.assertEqual(test.line_ids.line_id, self.line_hotel_sales)
        self.assertEqual(test.band_ids.line_id, self.line_hotel_sales)
        self.assertNotIn(self.line_travel.display_name + "”", test.message)
        self.assertNotIn(self.line_hotel_making, test.miss_ids.line_id)

    def test_the_line_opens_it_with_its_own_account_and_distribution(self):
        action = self.line_flight_sales.with_user(self.user_owner).action_test_rules()
        test = (
            self.env["performance.budget.rule.test"]
            .with_user(self.user_owner)
            .with_context(**action["context"])
            .create({"amount": 1})
        )
        test.action_test()
        self.assertIn(self.line_flight_sales, test.line_ids.line_id)
        self.assertEqual(test.account_id, self.account_flight)
        self.assertEqual(test.date, date(2026, 6, 15))

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_people_without_a_budget_role_cannot_test(self):
        for user in (self.user_employee, self.user_auditor):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._test(100, user)

    def test_another_company_is_not_looked_into(self):
        self.user_officer.company_ids = [Command.set(self.company.ids)]
        with self.assertRaisesRegex(UserError, "your companies"):
            self._test(100, company_id=self.company_other.id)

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_an_answer_is_not_written_by_its_reader(self):
        test = self._test(5000)
        for records in (test.line_ids, test.band_ids):
            with self.subTest(model=records._name), self.assertRaises(AccessError):
                records.write({"test_id": test.id})

    def test_what_is_no_amount_is_refused(self):
        for amount in (1e15, -1e15):
            with self.subTest(amount=amount), self.assertRaises(UserError):
                self._test(amount)
