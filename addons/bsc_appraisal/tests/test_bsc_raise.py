from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .raise_common import CASE, RaiseCommon


@tagged("post_install", "-at_install")
class TestBscRaiseSimulation(RaiseCommon):
    """Who gets what, and why, before anything happens."""

    def test_the_worked_example_to_the_cent(self):
        """O1: k = .92017738, six awards, 12,450.00 exactly."""
        batch = self._create_batch()
        batch.action_simulate()
        self.assertEqual(batch.state, "simulated")
        self.assertAlmostEqual(batch.factor, 0.92017738, places=8)
        for name, row in CASE.items():
            line = self._get_line(batch, name)
            with self.subTest(name):
                self.assertEqual(
                    (line.base, line.lump, line.cost), (row[6], row[7], row[5])
                )
                self.assertEqual(line.wage_new, row[0] + row[6])
        self.assertEqual(batch.amount_cost, 12450.0)
        self.assertEqual(batch.amount_raw, 13530.0)
        self.assertEqual((batch.amount_left, batch.award_count), (0.0, 5))
        ada = self._get_line(batch, "Ada")
        self.assertEqual((ada.compa_ratio, ada.penetration), (0.8, 0.0))
        self.assertEqual(ada.explanation, "Cut to fit the pool.")
        cem = self._get_line(batch, "Cem").explanation
        self.assertIn("passes the maximum is paid once", cem)
        self.assertIn("part of the cycle", self._get_line(batch, "Dee").explanation)
        self.assertIn("gives nothing", self._get_line(batch, "Fay").explanation)

    def test_everybody_is_listed_and_unrated_is_zero(self):
        batch = self._create_batch()
        batch.action_simulate()
        anna = self._get_line(batch, "Anna")
        self.assertEqual(anna.cost, 0.0)
        self.assertIn("no wage", anna.explanation)
        self._create_person("Gus", 5000, 5000, 6000, None)
        batch.action_simulate()
        gus = self._get_line(batch, "Gus")
        self.assertEqual(
            (gus.cost, gus.explanation), (0.0, "Without a published rating: zero.")
        )
        self.assertEqual(batch.amount_cost, 12450.0)

    def test_months_of_the_budget_multiply_the_cost(self):
        batch = self._create_batch(date_effective="2026-10-01", pool_amount=37350.0)
        batch.action_simulate()
        self.assertEqual(batch.months, 3)
        cem = self._get_line(batch, "Cem")
        self.assertEqual((cem.base, cem.lump), (2000.0, 5400.99))
        self.assertEqual(cem.cost, 11400.99)
        self.assertEqual(batch.amount_cost, 37350.0)

    def test_a_published_cycle_is_needed(self):
        self.cycle.published_date = False
        with self.assertRaisesRegex(UserError, "not published"):
            self._create_batch().action_simulate()

    def test_newcomers_leavers_and_people_without_a_range(self):
        self.policy.months_employed = 12
        self.people["Ada"].version_id.contract_date_end = "2026-11-30"
        self.env["bsc.pay.range"].search([("name", "=", "Grade of Ben")]).unlink()
        batch = self._create_batch()
        batch.action_simulate()
        self.assertIn("contract ends", self._get_line(batch, "Ada").explanation)
        self.assertIn("too short", self._get_line(batch, "Dee").explanation)
        ben = self._get_line(batch, "Ben")
        self.assertIn("midpoint", ben.explanation)
        self.assertEqual((ben.base, ben.lump), (2500.0, 0.0))
        self.assertEqual(batch.factor, 1.0)

    def test_part_time_is_compared_as_full_time(self):
        calendar = self.company.resource_calendar_id.copy({"name": "Half"})
        calendar.attendance_ids.filtered(lambda a: a.day_period == "afternoon").unlink()
        calendar.full_time_required_hours = calendar.hours_per_week * 2
        self.people["Ada"].resource_calendar_id = calendar
        self.people["Ada"].wage = 59000
        batch = self._create_batch(pool_amount=50000)
        batch.action_simulate()
        ada = self._get_line(batch, "Ada")
        self.assertEqual((ada.work_rate, ada.compa_ratio), (0.5, 1.18))
        self.assertEqual((ada.base, ada.lump), (1000.0, 1065.0))

    def test_by_hand_inside_the_cell_with_a_reason(self):
        batch = self._create_batch()
        batch.action_simulate()
        eva, fay = self._get_line(batch, "Eva"), self._get_line(batch, "Fay")
        with self.assertRaisesRegex(ValidationError, "say why"):
            eva.write({"is_manual": True, "percent_manual": 3.0})
        with self.assertRaisesRegex(ValidationError, "20.0 %"):
            eva.write({"is_manual": True, "percent_manual": 21.0, "note": "Why"})
        fay.write({"is_excluded": True, "note": "On leave"})
        eva.write({"is_manual": True, "percent_manual": 3.0, "note": "Key person"})
        self.assertEqual(eva.amount_raw, 1500.0)
        self.assertIn("by hand", eva.explanation)
        self.assertIn("Left out", fay.explanation)
        self.assertEqual(batch.amount_cost, 12450.0)
        batch.action_simulate()
        self.assertEqual(eva.percent_manual, 3.0)
        for value in (float("nan"), float("inf"), 1e300):
            with self.assertRaises(UserError):
                eva.write({"percent_manual": value})

    def test_nobody_chooses_for_himself(self):
        self.people["Eva"].user_id = self.maker
        batch = self._create_batch()
        batch.action_simulate()
        with self.assertRaisesRegex(UserError, "your own"):
            self._get_line(batch, "Eva").write({"is_excluded": True, "note": "x"})

    def test_a_change_needs_a_new_simulation(self):
        batch = self._create_batch()
        batch.action_simulate()
        batch.reason = "A word"
        self.assertEqual(batch.state, "simulated")
        batch.pool_amount = 13000
        self.assertEqual(batch.state, "draft")
        with self.assertRaisesRegex(UserError, "Simulated"):
            batch.action_submit()

    def test_minimums_that_the_pool_cannot_pay(self):
        self.policy.method = "minimums"
        self.policy.cell_ids.filtered(
            lambda cell: cell.grade_id == self.grades[5]
        ).percent_min = 3.5
        batch = self._create_batch()
        batch.action_simulate()
        self.assertEqual(batch.amount_cost, 12450.0)
        cem = self._get_line(batch, "Cem")
        self.assertEqual(cem.base + cem.lump, 4130.0)
        self.assertIn("minimum of the grid", cem.explanation)
        batch.pool_amount = 6000
        with self.assertRaisesRegex(UserError, "minimums of the grid alone cost"):
            batch.action_simulate()

    def test_the_cap_stops_the_submission(self):
        self.policy.cap = 5.0
        batch = self._create_batch()
        batch.action_simulate()
        self.assertTrue(self._get_line(batch, "Ada").is_over_cap)
        with self.assertRaisesRegex(UserError, "5.0 %.*Ada"):
            batch.action_submit()

    def test_departments_are_a_choice(self):
        other = self.env["hr.department"].create(
            {"name": "Other", "company_id": self.company.id}
        )
        batch = self._create_batch(department_ids=[Command.set(other.ids)])
        batch.action_simulate()
        self.assertFalse(batch.line_ids)
        batch.department_ids = self.mill
        batch.action_simulate()
        self.assertGreaterEqual(len(batch.line_ids), 6)

    def test_the_policy_is_checked(self):
        cells = self.policy.cell_ids.filtered(lambda c: c.grade_id == self.grades[5])
        with self.assertRaisesRegex(ValidationError, "gap"):
            self.policy.write({"cell_ids": [Command.delete(cells[0].id)]})
        for text, word in (("WAGE * BONUS", "BONUS"), ("WAGE.x", "forbidden")):
            with self.assertRaisesRegex(ValidationError, word):
                self.policy.bonus_formula = text
        with self.assertRaisesRegex(ValidationError, "not a policy"):
            self._create_batch(kind="bonus")

    def test_ranges_of_a_post_do_not_overlap(self):
        first = self.env["bsc.pay.range"].search([("name", "=", "Grade of Ada")])
        later = first.copy(
            {"date_from": "2026-12-01", "amount_max": 90000, "amount_mid": 85000}
        )
        batch = self._create_batch()
        batch.action_simulate()
        self.assertEqual(self._get_line(batch, "Ada").range_max, 90000)
        with self.assertRaisesRegex(ValidationError, "same time"):
            later.copy()


@tagged("post_install", "-at_install")
class TestBscRaise(RaiseCommon):
    """From the submission to the version of the employee, and back."""

    def test_reserved_then_committed(self):
        """O1: the pool is a budget line."""
        batch = self._create_batch()
        batch.action_simulate()
        self.assertEqual(self._get_held(), (0.0, 0.0))
        batch.action_submit()
        self.assertEqual(self._get_held(), (12450.0, 0.0))
        batch.with_user(self.checker).action_approve()
        self.assertEqual(self._get_held(), (12450.0, 0.0))
        batch.action_apply()
        self.assertEqual(batch.state, "applied")
        self.assertEqual(self._get_held(), (0.0, 12450.0))

    def test_more_than_the_line_has_is_refused(self):
        batch = self._create_batch(date_effective="2026-03-01", pool_amount=124500.0)
        batch.action_simulate()
        with self.assertRaisesRegex(UserError, "Raises"), self.env.cr.savepoint():
            batch.action_submit()
            self._flush()
        self.assertEqual(self._get_held(), (0.0, 0.0))
        dialog = batch.with_context(budget_performance_dialog=True).action_submit()
        self.assertEqual(dialog["res_model"], "performance.budget.check")
        self.assertEqual(batch.state, "simulated")

    def test_a_batch_needs_a_line_that_pays(self):
        batch = self._create_batch(budget_line_id=False)
        batch.action_simulate()
        with self.assertRaisesRegex(UserError, "budget line that pays"):
            batch.action_submit()

    def test_four_eyes(self):
        self.people["Eva"].user_id = self.checker
        batch = self._create_batch()
        batch.action_simulate()
        with (
            self.assertRaisesRegex(UserError, "nobody is left"),
            self.env.cr.savepoint(),
        ):
            batch.action_submit()
        third = self._create_user("third", "hr.group_hr_manager")
        batch.action_submit()
        for user in (self.maker, self.checker):
            with self.assertRaisesRegex(UserError, "own request"):
                batch.with_user(user).action_approve()
        self.assertEqual(batch.waiting_for, third.name)
        batch.with_user(third).action_approve()
        self.assertEqual(batch.state, "approved")

    def test_levels_by_amount_and_only_who_sees_pay(self):
        finance = self.env.ref("budget_performance.group_budget_manager")
        self.env["bsc.raise.level"].create(
            {
                "name": "Board",
                "sequence": 50,
                "company_id": self.company.id,
                "group_id": finance.id,
                "amount_from": 12000,
            }
        )
        board = self._create_user(
            "board", "hr.group_hr_manager,budget_performance.group_budget_manager"
        )
        self._create_user("cfo", "budget_performance.group_budget_manager")
        batch = self._create_batch()
        batch.action_simulate()
        batch.action_submit()
        batch.with_user(self.checker).action_approve()
        self.assertEqual((batch.state, batch.waiting_for), ("submitted", board.name))
        with self.assertRaisesRegex(UserError, "another level|turn"):
            batch.with_user(self.checker).action_approve()
        batch.with_user(board).action_approve()
        self.assertEqual(batch.state, "approved")

    def test_a_refusal_frees_the_money_and_says_why(self):
        batch = self._create_batch()
        batch.action_simulate()
        batch.action_submit()
        action = batch.with_user(self.checker).action_refuse()
        self.env[action["res_model"]].with_user(self.checker).with_context(
            **action["context"]
        ).create({"comment": "Too much"}).action_refuse()
        self.assertEqual(batch.state, "refused")
        self.assertEqual(self._get_held(), (0.0, 0.0))
        self.assertIn("Too much", batch.message_ids[0].body)
        card = self._get_line(batch, "Ada").sudo().scorecard_id
        self.assertEqual(card.outcome_ids.state, "dropped")
        batch.action_reset()
        batch.action_simulate()
        batch.action_submit()
        self.assertEqual((batch.revision, batch.state), (2, "submitted"))

    def test_nothing_changes_after_a_decision(self):
        batch = self._create_approved()
        line = self._get_line(batch, "Ada")
        for act in (
            lambda: batch.write({"pool_amount": 1}),
            lambda: line.write({"is_excluded": True, "note": "x"}),
            batch.action_simulate,
            batch.unlink,
        ):
            with self.assertRaises(UserError):
                act()
        line.sudo().base += 1
        with self.assertRaisesRegex(UserError, "changed after a decision"):
            batch.action_apply()

    def test_applied_as_versions_read_back(self):
        batch = self._create_approved()
        batch.action_apply()
        ada = self._get_line(batch, "Ada")
        self.assertEqual(ada.state, "applied")
        versions = self.people["Ada"].version_ids.sorted("date_version")
        self.assertEqual(versions[-1], ada.version_id)
        self.assertEqual(
            versions.mapped(lambda one: (one.date_version, one.wage)),
            [(date(2020, 1, 1), 80000.0), (date(2026, 12, 1), 85152.99)],
        )
        self.assertEqual(versions[-1].job_id, versions[0].job_id)
        cem = self._get_line(batch, "Cem")
        bonus = self.env["bsc.bonus"].search([("raise_id", "=", cem.id)])
        self.assertRecordValues(
            bonus, [{"amount": 1800.33, "kind": "lump", "state": "due"}]
        )
        self.assertFalse(self._get_line(batch, "Fay").version_id)
        outcome = ada.sudo().scorecard_id.outcome_ids
        self.assertRecordValues(outcome, [{"kind": "raise", "state": "applied"}])
        self.assertNotIn("5152", outcome.document_name.replace(",", ""))

    def test_applying_twice_pays_once(self):
        batch = self._create_approved()
        batch.action_apply()
        count = len(self.people["Ada"].version_ids)
        with self.assertRaisesRegex(UserError, "Applied"):
            batch.action_apply()
        batch.sudo().state = "applying"
        batch.sudo()._work()
        self.assertEqual(len(self.people["Ada"].version_ids), count)
        self.assertEqual(batch.state, "applied")

    def test_a_date_that_is_taken_is_refused_and_can_be_tried_again(self):
        batch = self._create_approved()
        taken = self.people["Ada"].create_version(
            {"date_version": "2026-12-01", "wage": 81000}
        )
        self.people["Ben"].version_id.wage = 100001
        self.people["Eva"].create_version({"date_version": "2027-02-01"})
        batch.action_apply()
        self.assertEqual(batch.failed_count, 3)
        for name, words in (
            ("Ada", "not overwritten"),
            ("Ben", "changed since"),
            ("Eva", "later version"),
        ):
            self.assertIn(words, self._get_line(batch, name).failure)
        self.assertEqual(taken.wage, 81000)
        cost = sum(CASE[name][5] for name in ("Cem", "Dee"))
        self.assertEqual(self._get_held(), (0.0, round(cost, 2)))
        taken.unlink()
        batch.action_retry()
        self.assertEqual(self._get_line(batch, "Ada").state, "applied")
        self.assertEqual(batch.failed_count, 2)

    def test_what_odoo_stores_otherwise_is_noticed(self):
        batch = self._create_approved()
        Employee = type(self.env["hr.employee"])
        original = Employee.create_version

        def forget(employee, values):
            return original(employee, {"date_version": values["date_version"]})

        with patch.object(Employee, "create_version", forget):
            batch.action_apply()
        ada = self._get_line(batch, "Ada")
        self.assertIn("not stored", ada.failure)
        self.assertEqual(len(self.people["Ada"].version_ids), 1)

    def test_a_job_that_comes_late_takes_nothing_back(self):
        """It has listed the batch while that was being applied."""
        batch = self._create_approved()
        batch.action_apply()
        self.assertEqual(batch.sudo()._work(), 0)
        self.assertEqual((batch.state, batch.applied_count), ("applied", 5))
        self.assertEqual(len(self.people["Ada"].version_ids), 2)

    def test_one_who_cannot_be_applied_does_not_stop_the_others(self):
        """Odoo refuses one of the versions of a step, when it is written."""
        batch = self._create_approved()
        Employee = type(self.env["hr.employee"])
        original = Employee.create_version

        def refuse(employee, values):
            if employee == self.people["Ben"]:
                # pylint: disable-next=translation-required
                raise ValidationError("not him")
            return original(employee, values)

        with patch.object(Employee, "create_version", refuse):
            batch.action_apply()
        self.assertEqual((batch.applied_count, batch.failed_count), (4, 1))
        self.assertEqual(self._get_line(batch, "Ben").failure, "not him")
        for name, row in CASE.items():
            raised = row[6] and name != "Ben"
            self.assertEqual(len(self.people[name].version_ids), 2 if raised else 1)
        batch.action_retry()
        self.assertEqual((batch.applied_count, batch.failed_count), (5, 0))

    def test_a_crash_between_steps_loses_nothing(self):
        batch = self._create_approved()
        batch.sudo().state = "applying"
        path = "odoo.addons.bsc_appraisal.models.bsc_raise_batch_application.STEP"
        with patch(path, 2):
            self.assertEqual(batch.sudo()._work(), 2)
            self._flush()
            Raise = type(self.env["bsc.raise"])
            killed = RuntimeError("killed")
            with (
                # When the versions are there already.
                patch.object(Raise, "_note_outcomes", side_effect=killed),
                self.assertRaises(RuntimeError),
                self.env.cr.savepoint(),
            ):
                batch.sudo()._work()
            self.env.invalidate_all()
            self.assertEqual(batch.applied_count, 2)
            self.assertEqual(self._get_held(), (12450.0, 0.0))
            with self.enter_registry_test_mode():
                self.env.ref("bsc_appraisal.ir_cron_bsc_raise").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((batch.state, batch.applied_count), ("applied", 5))
        for name, row in CASE.items():
            versions = self.people[name].version_ids
            self.assertEqual(len(versions), 2 if row[6] else 1)
            self.assertEqual(max(versions.mapped("wage")), row[0] + row[6])

    def test_ahead_a_reversal_removes_the_version(self):
        batch = self._create_approved()
        batch.action_apply()
        self.people["Ben"].version_ids.sorted("date_version")[-1].wage = 1
        batch.action_reverse()
        self.assertEqual(batch.state, "reversed")
        self.assertEqual(len(self.people["Ada"].version_ids), 1)
        self.assertEqual(self._get_line(batch, "Ada").state, "reversed")
        self.assertIn("by hand", self._get_line(batch, "Ben").failure)
        self.assertEqual(len(self.people["Ben"].version_ids), 2)
        self.assertEqual(self._get_held(), (0.0, CASE["Ben"][5]))
        bonus = self.env["bsc.bonus"].search([("batch_id", "=", batch.id)])
        self.assertEqual(bonus.state, "cancelled")
        outcome = self._get_line(batch, "Ada").sudo().scorecard_id.outcome_ids
        self.assertEqual(outcome.state, "dropped")

    def test_in_effect_a_reversal_restores_the_wage(self):
        batch = self._create_approved(date_effective="2026-07-01", pool_amount=74700)
        batch.action_apply()
        self.assertEqual(self._get_held(), (0.0, 74700.0))
        self.env["bsc.bonus"].search([("batch_id", "=", batch.id)]).with_user(
            self.checker
        ).action_pay()
        batch.action_reverse()
        wages = self.people["Ada"].version_ids.sorted("date_version").mapped("wage")
        self.assertEqual(wages, [80000.0, 85152.99, 80000.0])
        monthly = sum(row[6] for row in CASE.values())
        lump = 6 * CASE["Cem"][7]
        self.assertEqual(self._get_held(), (0.0, round(monthly + lump, 2)))

    def test_a_bonus_is_a_sum_and_no_version(self):
        """O2."""
        self.policy = self.policy.copy({"kind": "bonus", "bonus_months": 2})
        batch = self._create_approved(kind="bonus", policy_id=self.policy.id)
        batch.action_apply()
        self.assertEqual(batch.amount_cost, 12450.0)
        self.assertEqual(len(self.people["Ada"].version_ids), 1)
        bonuses = self.env["bsc.bonus"].search([("batch_id", "=", batch.id)])
        self.assertEqual(round(sum(bonuses.mapped("amount")), 2), 12450.0)
        self.assertEqual(set(bonuses.mapped("kind")), {"bonus"})
        card = self._get_line(batch, "Ada").sudo().scorecard_id
        self.assertEqual(card.outcome_ids.kind, "bonus")

    def test_a_bonus_by_formula(self):
        policy = self.policy.copy(
            {
                "kind": "bonus",
                "bonus_formula": "min(WAGE * SCORE / 100, 40000) / 6 * MONTHS",
            }
        )
        batch = self._create_batch(
            kind="bonus", policy_id=policy.id, pool_amount=500000.0
        )
        batch.action_simulate()
        self.assertEqual(self._get_line(batch, "Ben").lump, 40000.0)
        self.assertEqual(self._get_line(batch, "Dee").lump, 20000.0)
        policy.bonus_formula = "WAGE / (SCORE - 90)"
        batch.action_reset()
        with self.assertRaisesRegex(UserError, "no result"):
            batch.action_simulate()

    def test_the_letter_speaks_the_language_of_the_employee(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        batch = self._create_approved()
        batch.action_apply()
        line = self._get_line(batch, "Ada")
        report = self.env["ir.actions.report"].with_user(self.maker)
        html = report._render_qweb_html("bsc_appraisal.bsc_raise_letter", line.ids)[0]
        self.assertIn("85,152.99", html.decode())
        self.assertIn("Ada", html.decode())
        self.company.street = "Lane of Ada"
        other = self.env["res.company"].create({"name": "Other", "street": "Elsewhere"})
        elsewhere = {"allowed_company_ids": [other.id, self.company.id]}
        html = (
            self.env["ir.actions.report"]
            .with_context(**elsewhere)
            ._render_qweb_html("bsc_appraisal.bsc_raise_letter", line.ids)[0]
        )
        self.assertIn("Lane of Ada", html.decode())
        self.assertNotIn("Elsewhere", html.decode(), "not of who prints it")
        self.people["Ada"].lang = "zh_CN"
        self.assertEqual(line._get_letter_language(), "zh_CN")
