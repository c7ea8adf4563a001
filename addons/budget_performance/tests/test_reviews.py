from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import BudgetCommon

CONCLUSIONS = {
    "market_forecast": "<p>Orders grow</p>",
    "resource_assessment": "<p>One person short</p>",
    "target_calibration": "<p>Hotels + 10 %</p>",
}


@tagged("post_install", "-at_install")
class TestReviews(BudgetCommon):
    """Quarterly review: asked for, filled in, concluded by people, closed (B16)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for month in (1, 2, 3):
            cls._create_entry(500.0, day=f"2026-{month:02}-10")
        cls._flush()
        cls.env["performance.budget.forecast"].sudo()._refresh(cls.company)
        cls.Review = cls.env["performance.budget.review"].sudo()
        cls.reviews = cls.Review._ask(cls.company)
        cls.review = cls.reviews.filtered(lambda r: r.department_id == cls.sales)

    def _conclude(self, user=None):
        review = self.review.with_user(user or self.user_owner)
        review.write(CONCLUSIONS)
        return review

    def test_every_department_with_lines_is_asked_once_for_the_quarter_that_is_over(
        self,
    ):
        self.assertEqual(self.reviews.department_id, self.sales | self.making)
        self.assertEqual(
            (self.review.date_from, self.review.date_to),
            (date(2026, 1, 1), date(2026, 3, 31)),
        )
        self.assertFalse(self.Review._ask(self.company))
        with freeze_time("2026-07-01"):
            self.assertEqual(len(self.Review._ask(self.company)), 2)

    def test_the_manager_of_the_department_is_asked(self):
        self.assertEqual(self.review.user_id, self.user_owner)
        activity = self.review.activity_ids
        self.assertEqual(activity.user_id, self.user_owner)
        self.assertEqual(activity.date_deadline, self.review.date_deadline)

    def test_figures_are_filled_in_and_stay(self):
        line = self.review.line_ids.filtered(
            lambda line: line.line_id == self.line_hotel_sales
        )
        self.assertEqual((line.quarter_planned, line.quarter_used), (1200.0, 1500.0))
        self.assertEqual((line.amount_planned, line.amount_used), (4800.0, 1500.0))
        self.assertEqual(line.amount_left, 4800.0 - line.amount_expected)
        self.assertEqual(self.review.amount_used, 1500.0)
        self._create_entry(100.0, day="2026-03-20")
        self._flush()
        self.assertEqual(line.quarter_used, 1500.0)
        self.review.with_user(self.user_owner).action_renew()
        line = self.review.line_ids.filtered(
            lambda line: line.line_id == self.line_hotel_sales
        )
        self.assertEqual(line.quarter_used, 1600.0)

    def test_a_review_needs_its_three_conclusions(self):
        review = self.review.with_user(self.user_owner)
        with self.assertRaisesRegex(UserError, "Market Forecast.*Target Calibration"):
            review.action_close()
        review.write({**CONCLUSIONS, "target_calibration": "<p><br></p>"})
        with self.assertRaisesRegex(UserError, "Target Calibration"):
            review.action_close()
        self._conclude().action_close()
        self.assertEqual(self.review.state, "done")
        self.assertEqual(self.review.closed_by_id, self.user_owner)
        self.assertFalse(self.review.activity_ids)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_a_closed_review_stays_as_it_is(self):
        self._conclude().action_close()
        for user in (self.user_owner, self.user_officer, self.user_manager):
            review = self.review.with_user(user)
            with self.subTest(user=user.login):
                for attempt in (
                    lambda review=review: review.write({"market_forecast": "<p>X</p>"}),
                    review.action_renew,
                    review.action_close,
                    review.unlink,
                    review.copy,
                ):
                    with self.assertRaises(UserError):  # an AccessError is one
                        attempt()
        with self.assertRaises(UserError):
            self.review.with_user(self.user_owner).action_reopen()
        with self.assertRaises(UserError):
            self.review.with_user(self.user_officer).action_reopen()
        self.review.with_user(self.user_manager).action_reopen()
        self._conclude()

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_nobody_forges_state_or_figures(self):
        for user in (self.user_owner, self.user_manager):
            review = self.review.with_user(user)
            for values in (
                {"state": "done"},
                {"closed_by_id": self.user_owner.id},
                {"date_from": "2026-04-01"},
                {"department_id": self.making.id},
                {"line_ids": [Command.clear()]},
            ):
                with (
                    self.subTest(user=user.login, values=values),
                    self.assertRaises(AccessError),
                ):
                    review.write(values)
            with self.assertRaises(AccessError):
                review.line_ids[0].amount_expected = 1.0
            with self.assertRaises(AccessError):
                review.create({"department_id": self.making.id})
        with self.assertRaises(AccessError):
            self.review.with_user(self.user_owner).user_id = self.user_manager
        self.review.with_user(self.user_officer).user_id = self.user_manager

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_who_sees_and_does_reviews(self):
        stranger = new_test_user(
            self.env,
            login="review_other",
            groups="budget_performance.group_budget_manager",
            company_id=self.company_other.id,
            company_ids=[Command.set(self.company_other.ids)],
        )
        own = [("company_id", "=", self.company.id)]
        seen = {
            self.user_owner: self.review,
            self.user_officer: self.reviews,
            self.user_auditor: self.reviews,
            stranger: self.Review,
        }
        for user, expected in seen.items():
            with self.subTest(user=user.login):
                self.assertEqual(
                    self.Review.with_user(user).search(own).sudo(), expected.sudo()
                )
        with self.assertRaises(AccessError):
            self.Review.with_user(self.user_employee).search([])
        with self.assertRaises(AccessError):
            self.review.with_user(self.user_auditor).action_close()
        with self.assertRaises(AccessError):
            self.review.with_user(self.user_owner).action_ask()
        # Somebody else is responsible: the head of the department reads only.
        self.review.user_id = self.user_manager
        self._conclude()
        with self.assertRaisesRegex(UserError, "finance to do"):
            self.review.with_user(self.user_owner).action_close()

    def test_who_has_not_done_it_is_listed(self):
        self._conclude().action_close()
        late = [("company_id", "=", self.company.id), ("is_late", "=", True)]
        self.assertFalse(self.Review.search(late))
        with freeze_time("2026-07-15"):
            self.assertEqual(self.Review.search(late), self.reviews - self.review)
            self.reviews.invalidate_recordset(["is_late"])
            self.assertEqual(
                self.reviews.filtered("is_late"), self.reviews - self.review
            )

    def test_the_review_proposes_and_links_an_adjustment(self):
        review = self.review.with_user(self.user_owner)
        action = review.action_propose_adjustment()
        self.assertEqual(review.adjustment_ids.ids, [action["res_id"]])
        self.assertEqual(review.adjustment_ids.requester_id, self.user_owner)
        self._conclude().action_close()
        with self.assertRaises(UserError):
            review.action_propose_adjustment()
