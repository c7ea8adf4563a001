from datetime import date
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import BudgetCommon

FORECAST_MODELS = (
    "performance.budget.forecast",
    "performance.budget.forecast.line",
    "performance.budget.forecast.month",
    "performance.budget.forecast.correction",
    "performance.budget.forecast.analysis",
)


@tagged("post_install", "-at_install")
class TestForecast(BudgetCommon):
    """The rolling forecast: figures, snapshots, corrections, warnings, rights (B13)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for month in range(1, 6):  # 500 a month on a plan of 400
            cls._create_entry(500.0, day=f"2026-{month:02}-10")
        cls.open_claim = cls._create_claim(
            total_amount_currency=120.0, date=date(2026, 3, 10)
        )
        cls.open_claim.action_submit()
        cls._flush()
        cls.Forecast = cls.env["performance.budget.forecast"].sudo()
        cls.snapshot = cls.Forecast._refresh(cls.company)
        cls.user_other_manager = new_test_user(
            cls.env,
            login="forecast_other_manager",
            groups="budget_performance.group_budget_manager",
            company_id=cls.company_other.id,
            company_ids=[Command.set(cls.company_other.ids)],
        )

    def _get_line(self, line=None, snapshot=None):
        line = line or self.line_hotel_sales
        return (snapshot or self.snapshot).line_ids.filtered(
            lambda found: found.line_id == line
        )

    def _run_job(self):
        # Without the commit after each batch, which a test cannot make.
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *_a, **_k: 60.0
        ):
            self.Forecast._cron_refresh()

    def _correct(self, month, amount=777.0, user=None, **values):
        return (
            self.env["performance.budget.forecast.correction"]
            .with_user(user or self.user_owner)
            .create(
                {
                    "month_id": month.id,
                    "amount": amount,
                    "reason": "A fair in that month",
                    **values,
                }
            )
        )

    def test_every_line_in_force_is_forecast_except_the_reserve(self):
        self.assertEqual(
            self.snapshot.line_ids.line_id, self.budget.line_ids - self.line_reserve
        )
        self.assertEqual(self.snapshot.month, date(2026, 6, 1))
        for line in self.snapshot.line_ids:
            self.assertEqual(len(line.month_ids), 12)
        self.assertEqual(self.snapshot.state, "done")
        self.assertTrue(self.snapshot.is_latest)

    def test_steady_spending_goes_on_and_runs_out_in_the_month_that_passes_the_plan(
        self,
    ):
        line = self._get_line()
        self.assertEqual(line.history_months, 5)
        self.assertEqual(line.amount_planned, 4800)
        self.assertEqual(line.amount_used, 2500)
        self.assertEqual(set(line.month_ids.mapped("amount_forecast")), {500.0})
        self.assertEqual(line.amount_expected, 2500 + 7 * 500)
        self.assertEqual(line.warning, "runs_out")
        self.assertEqual(line.runs_out_month, date(2026, 10, 1))  # 5,000 of 4,800
        self.assertEqual(line.warning_text, "Will run out in October 2026")

    def test_what_is_open_in_a_month_that_is_over_stands_in_the_first_month(self):
        first, second, *_later = self._get_line().month_ids
        self.assertEqual(first.amount_open, 120.0)
        self.assertEqual(second.amount_open, 0.0)
        claim = self._create_claim(total_amount_currency=900.0, date=date(2026, 7, 2))
        claim.with_user(self.user_manager).action_submit()
        self._flush()
        second = self._get_line(
            snapshot=self.Forecast._refresh(self.company)
        ).month_ids[1]
        self.assertEqual(second.amount_open, 900.0)
        self.assertEqual(second.amount_forecast, 900.0)  # at least what is bound

    def test_a_line_without_history_is_expected_to_spend_its_plan(self):
        line = self._get_line(self.line_flight_sales)
        self.assertEqual(line.history_months, 5)  # planned since January, never used
        self.assertEqual(line.amount_expected, 0.0)
        self.assertEqual(line.warning, "unspent")
        self.assertEqual(line.warning_text, "Will leave 100 % unspent")
        with freeze_time("2026-01-15"):
            line = self._get_line(
                self.line_hotel_making, self.Forecast._refresh(self.company)
            )
        self.assertEqual(line.method, "plan")
        self.assertEqual(line.amount_expected, line.amount_planned)
        self.assertEqual(line.warning, "none")

    def test_journal_items_of_before_the_first_budget_are_history(self):
        for month in (7, 8, 9, 10, 11, 12):
            self._create_entry(300.0, day=f"2025-{month:02}-05")
        self._create_entry(999.0, account=self.account_gift, day="2025-07-05")
        self._create_entry(
            999.0,
            day="2025-07-05",
            analytic_distribution={str(self.centre_making.id): 100},
        )
        self._create_entry(
            200.0,
            day="2025-07-06",
            analytic_distribution={
                f"{self.centre_sales.id},{self.project_alpha.id}": 50,
                str(self.centre_making.id): 50,
            },
        )
        months = self.Forecast._get_months(
            self.line_hotel_sales, date(2026, 6, 1), date(2027, 5, 31)
        )
        (history,) = self.Forecast._get_histories(
            self.line_hotel_sales, date(2026, 6, 1), months
        )
        self.assertEqual(history, [400.0, 300, 300, 300, 300, 300] + [500.0] * 5)

    def test_a_pool_reads_the_months_of_its_closed_budget(self):
        months = self.Forecast._get_months(
            self.line_travel, date(2026, 6, 1), date(2027, 5, 31)
        )[self.line_travel.id]
        self.assertEqual(min(months), date(2025, 1, 1))
        self.assertEqual(months[date(2027, 1, 1)].planned, 500.0)  # the next budget

    def test_actual_of_the_snapshot_is_the_ledgers(self):
        for line in self.snapshot.line_ids:
            held = self._oracle().held
            used = sum(
                float(amount)
                for key, amount in held.items()
                if key.line_id == line.line_id.id
                and key.kind == "actual"
                and key.month < self.snapshot.month
            )
            self.assertEqual(line.amount_used, used)

    def test_snapshots_are_kept_and_the_newest_is_the_latest(self):
        with freeze_time("2026-07-02"):
            newer = self.Forecast._refresh(self.company)
        self.assertTrue(newer.is_latest)
        self.assertFalse(self.snapshot.is_latest)
        self.assertEqual(self._get_line().amount_expected, 6000)
        self.assertEqual(newer.month, date(2026, 7, 1))

    def test_the_job_makes_one_snapshot_a_month_and_continues_what_was_stopped(self):
        self._run_job()
        own = [("company_id", "=", self.company.id)]
        self.assertEqual(self.Forecast.search(own), self.snapshot)
        with freeze_time("2026-07-02"):
            stopped = self.Forecast._create_snapshot(self.company)
            stopped._add_lines(2)
            self.assertEqual(len(stopped.line_ids), 2)
            self.assertFalse(stopped.is_latest)
            self._run_job()
        self.assertEqual(self.Forecast.search(own)[0], stopped)
        self.assertEqual(len(stopped.line_ids), 6)
        self.assertTrue(stopped.is_latest)

    def test_each_owner_gets_one_digest_of_his_warnings(self):
        (activity,) = self.snapshot.activity_ids.filtered(
            lambda activity: activity.user_id == self.user_owner
        )
        self.assertIn("Will run out in October 2026", activity.note)
        self.assertIn(self.line_hotel_sales.display_name, activity.note)
        self.Forecast._refresh(self.company)
        self.assertFalse(activity.exists().active)

    def test_correction_stands_beside_the_computed_figure(self):
        month = self._get_line().month_ids[2]
        correction = self._correct(month)
        self.assertEqual(month.amount_forecast, 777.0)
        self.assertEqual(month.amount_computed, 500.0)
        self.assertEqual(month.correction_reason, "A fair in that month")
        self.assertEqual(correction.amount_computed, 500.0)
        self.assertEqual(correction.user_id, self.user_owner)
        self.assertEqual(self._get_line().amount_expected, 6277.0)
        self._correct(month, 600.0)
        self.assertEqual(month.amount_forecast, 600.0)
        self.assertEqual(len(self._get_line().correction_ids), 2)

    def test_correction_holds_for_later_snapshots_until_it_is_taken_back(self):
        self._correct(self._get_line().month_ids[2])
        with freeze_time("2026-07-02"):
            line = self._get_line(snapshot=self.Forecast._refresh(self.company))
            month = line.month_ids.filtered(lambda m: m.month == date(2026, 8, 1))
            self.assertEqual(month.amount_forecast, 777.0)
            self._correct(month, 0.0, is_withdrawal=True, reason="Cancelled")
            self.assertEqual(month.amount_forecast, month.amount_computed)
            line = self._get_line(snapshot=self.Forecast._refresh(self.company))
            month = line.month_ids.filtered(lambda m: m.month == date(2026, 8, 1))
            self.assertEqual(month.amount_forecast, month.amount_computed)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_correction_is_refused(self):
        month = self._get_line().month_ids[2]
        older = month
        first = self._get_line().month_ids[0]
        cases = {
            "no reason": (ValidationError, {"month": month, "reason": " "}),
            "no amount": (ValidationError, {"month": month, "amount": float("nan")}),
            "negative": (ValidationError, {"month": month, "amount": -1.0}),
            "huge": (ValidationError, {"month": month, "amount": 1e15}),
            "below what is open": (ValidationError, {"month": first, "amount": 100.0}),
            "auditor": (AccessError, {"month": month, "user": self.user_auditor}),
            "employee": (AccessError, {"month": month, "user": self.user_employee}),
            "other company": (
                AccessError,
                {"month": month, "user": self.user_other_manager},
            ),
        }
        for name, (error, values) in cases.items():
            with self.subTest(name), self.assertRaises(error), self.cr.savepoint():
                self._correct(values.pop("month"), **values)
        self.line_hotel_sales.owner_id = self.user_manager  # he heads the department
        with self.assertRaisesRegex(UserError, "owner of the line"):
            self._correct(month)
        self.line_hotel_sales.owner_id = self.user_owner
        self.Forecast._refresh(self.company)
        with self.assertRaisesRegex(UserError, "older forecast"):
            self._correct(older)

    def test_who_corrected_and_when_cannot_be_forged(self):
        month = self._get_line().month_ids[2]
        correction = self._correct(
            month, user_id=self.user_manager.id, date="2020-01-01", amount_computed=1.0
        )
        self.assertEqual(correction.user_id, self.user_owner)
        self.assertEqual(correction.date.year, 2026)
        self.assertEqual(correction.amount_computed, 500.0)
        for user in (
            self.user_owner,
            self.user_manager,
            self.env.ref("base.user_root"),
        ):
            mine = correction.with_user(user)
            for attempt in (
                lambda mine=mine: mine.write({"amount": 1.0}),
                mine.unlink,
                mine.copy,
            ):
                with self.assertRaises(UserError), self.cr.savepoint():
                    attempt()

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_nobody_writes_a_snapshot(self):
        line = self._get_line()
        for user in (self.user_owner, self.user_officer, self.user_manager):
            for record, values in (
                (self.snapshot, {"is_latest": False}),
                (self.snapshot, {"month": "2020-01-01"}),
                (line, {"amount_expected": 1.0}),
                (line.month_ids[0], {"amount_forecast": 1.0}),
            ):
                with (
                    self.subTest(user=user.login, values=values),
                    self.assertRaises(AccessError),
                ):
                    record.with_user(user).write(values)
            with self.assertRaises(AccessError):
                self.snapshot.with_user(user).unlink()
            with self.assertRaises(AccessError):
                self.Forecast.with_user(user).create(
                    {
                        "company_id": self.company.id,
                        "month": "2026-06-01",
                        "horizon": 12,
                    }
                )

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_who_reads_forecasts(self):
        self._correct(self._get_line().month_ids[2])
        for model in FORECAST_MODELS:
            for user in (self.user_officer, self.user_auditor):
                self.assertTrue(self.env[model].with_user(user).search_count([]), model)
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.user_employee).search_count([])
            own = [("company_id", "=", self.company.id)]
            found = self.env[model].with_user(self.user_other_manager).search_count(own)
            self.assertFalse(found, model)

    def test_owner_reads_the_forecast_of_his_lines_only(self):
        self.budget.line_ids.owner_id = self.user_manager
        seen = self.env["performance.budget.forecast.line"].with_user(self.user_owner)
        self.assertEqual(seen.search([]).sudo().line_id.department_id, self.sales)
        self.assertNotIn(self.line_hotel_making, seen.search([]).sudo().line_id)

    def test_only_finance_makes_a_forecast(self):
        Line = self.env["performance.budget.forecast.line"]
        for user in (self.user_owner, self.user_auditor, self.user_employee):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                Line.with_user(user).action_refresh()
        Line.with_user(self.user_officer).action_refresh()
        self.assertFalse(self.snapshot.is_latest)
        with self.assertRaisesRegex(UserError, "in force"):
            Line.with_user(self.user_other_manager).action_refresh()

    def test_chart_shows_plan_actual_and_forecast_of_the_line(self):
        action = self.line_hotel_sales.with_user(self.user_owner).action_open_forecast()
        groups = (
            self.env[action["res_model"]]
            .with_user(self.user_owner)
            .formatted_read_group(action["domain"], ["series"], ["amount:sum"])
        )
        sums = {group["series"]: group["amount:sum"] for group in groups}
        self.assertEqual(sums["planned"], 4800)
        self.assertEqual(sums["actual"], 2500)
        self.assertEqual(sums["forecast"], 6000)
        self.assertEqual(
            self.line_hotel_sales.forecast_text, "Will run out in October 2026"
        )

    def test_horizon_is_twelve_to_eighteen_months(self):
        self.company.budget_forecast_months = 18
        snapshot = self.Forecast._refresh(self.company)
        self.assertEqual(len(self._get_line(snapshot=snapshot).month_ids), 18)
        for months in (11, 19):
            with (
                self.subTest(months=months),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.cr.savepoint(),
            ):
                self.company.budget_forecast_months = months
                self.company.flush_recordset()

    def test_differences_become_a_draft_adjustment_in_the_rights_of_the_person(self):
        lines = self.snapshot.line_ids.with_user(self.user_owner)
        action = lines.action_propose_adjustment()
        adjustment = self.env["performance.budget.adjustment"].browse(action["res_id"])
        self.assertEqual(adjustment.state, "draft")
        self.assertEqual(adjustment.requester_id, self.user_owner)
        self.assertEqual(adjustment.kind, "transfer")
        legs = {leg.line_id: leg.amount for leg in adjustment.line_ids}
        self.assertEqual(legs[self.line_hotel_sales], 1200.0)  # 6,000 of 4,800
        self.assertEqual(sum(legs.values()), 0.0)
        self.assertNotIn(self.line_travel, legs)  # the pool follows its lines
        self.assertIn("Will run out in October 2026", adjustment.reason)
        one = self._get_line().with_user(self.user_owner)
        supplement = self.env["performance.budget.adjustment"].browse(
            one.action_propose_adjustment()["res_id"]
        )
        self.assertEqual(supplement.kind, "supplement")

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_an_adjustment_is_not_proposed(self):
        old = self._get_line()
        for user in (self.user_auditor, self.user_employee):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                old.with_user(user).action_propose_adjustment()
        planned = self._get_line()
        planned.write({"warning": "none"})
        with self.assertRaisesRegex(UserError, "nothing to adjust"):
            planned.with_user(self.user_owner).action_propose_adjustment()
        planned.write({"warning": "runs_out"})
        self.Forecast._refresh(self.company)
        with self.assertRaisesRegex(UserError, "latest"):
            old.with_user(self.user_owner).action_propose_adjustment()
