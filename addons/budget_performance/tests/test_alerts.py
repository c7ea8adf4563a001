from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import BudgetCommon

ALERT = "performance.budget.alert"
TYPE = "budget_performance.mail_activity_type_budget_alert"


@tagged("post_install", "-at_install")
class TestAlerts(BudgetCommon):
    """A line that crosses a limit says so once, to who answers for it (B6)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Alert = cls.env[ALERT]
        cls.line = cls.line_hotel_sales  # 4,800, held at 80 %, blocked above 100 %
        cls.Alert._refresh()
        cls.Alert.sudo().search([]).notice_state = "none"  # of the demo data
        cls.company.partner_id.email = "company@example.com"
        for user in (cls.user_owner, cls.user_manager):
            user.email = f"{user.login}@example.com"

    def _refresh(self, lines=None):
        self._flush()
        self.env.invalidate_all()
        self.Alert._refresh(lines.ids if lines else None)

    def _run_cron(self):
        """Run the job as a cron does, without its commits."""
        Cron = self.env.registry["ir.cron"]
        before = self.env["mail.mail"].search([])
        self._flush()
        self.env.invalidate_all()
        with patch.object(Cron, "_commit_progress", lambda *args, **options: 1.0):
            self.Alert._cron_refresh()
        return self.env["mail.mail"].search([]) - before

    def _open(self, line=None):
        return self.Alert.search(
            [("line_id", "=", (line or self.line).id), ("state", "=", "open")]
        )

    def _spend(self, amount, **values):
        return self._create_entry(amount, self.account_hotel, **values)

    def test_crossing_a_band_opens_one_alert(self):
        self._spend(3839.99)
        self._refresh()
        self.assertFalse(self._open(), "below 80 %")
        self._spend(0.01)
        for _again in range(2):
            self._refresh()
            alert = self._open()
            self.assertRecordValues(
                alert,
                [
                    {
                        "action": "hold",
                        "interval": "budget",
                        "limit_rate": 0.8,
                        "limit_amount": 3840.0,
                        "amount_planned": 4800.0,
                        "amount_actual": 3840.0,
                        "amount_left": 960.0,
                        "usage_rate": 0.8,
                        "notice_state": "to_send",
                    }
                ],
            )

    def test_every_band_every_interval_and_every_line_has_its_own(self):
        """A quarter has a limit of its own; the pool is charged too."""
        quarter = self.rule_training.copy({"document_type": False})
        self._create_entry(2000, self.account_training)
        self._refresh()
        alerts = self._open(self.line_training)
        self.assertEqual(
            {(a.rule_id, a.interval, a.date_from.month, a.action) for a in alerts},
            {
                (self.rule_training, "quarter", 4, "block"),
                (quarter, "quarter", 4, "block"),
            },
        )
        self._spend(9700)
        self._refresh()
        for line in (self.line, self.line_travel):
            with self.subTest(line=line.display_name):
                self.assertEqual(
                    set(self._open(line).mapped("action")), {"hold", "block"}
                )

    def test_the_document_that_brought_it_over_is_named(self):
        self._spend(3000)
        over = self._spend(1000)
        self._flush()
        self._spend(50)
        self._refresh(self.line)
        alert = self._open()
        self.assertEqual(
            (alert.res_model, alert.res_id, alert.amount_actual),
            ("account.move", over.id, 4050.0),
        )
        action = alert.with_user(self.user_manager).action_open_document()
        self.assertEqual((action["res_model"], action["res_id"]), (over._name, over.id))
        entries = self.env["performance.budget.entry"].search(
            alert.action_open_entries()["domain"]
        )
        self.assertIn(over.id, entries.mapped("res_id"))

    def test_below_and_over_again_alerts_again(self):
        self._spend(4000)
        self._run_cron()
        first = self._open()
        back = self._spend(-1000)
        mails = self._run_cron()
        self.assertEqual((first.state, first.notice_state), ("back", "sent"))
        self.assertTrue(first.date_back)
        self.assertIn("back below", "".join(mails.mapped("body_html")))
        self.assertFalse(self.line.activity_ids)
        back.button_draft()
        self._run_cron()
        second = self._open()
        self.assertEqual(len(second), 1)
        self.assertNotEqual(second, first)

    def test_owner_gets_one_mail_and_one_activity(self):
        self._spend(4900)  # both bands at once
        mails = self._run_cron().filtered(lambda m: m.res_id == self.line.id)
        self.assertEqual(mails.recipient_ids, self.user_owner.partner_id)
        self.assertIn(self.line.display_name, mails.subject)
        for text in ("102.1 %", "80 %", "4,900.00", "100.00", "budget-lines"):
            with self.subTest(text=text):
                self.assertIn(text, mails.body_html)
        for internal in (
            "performance.budget",
            "None",
            "False",
            self.rule_training.name,
        ):
            self.assertNotIn(internal, mails.body_html)
        activity = self.line.activity_ids
        self.assertEqual(activity.user_id, self.user_owner)
        self.assertEqual(activity.activity_type_id, self.env.ref(TYPE))
        self.assertFalse(self._run_cron(), "told once")
        self.assertEqual(self.line.activity_ids, activity)

    def test_the_mail_speaks_the_language_of_its_reader(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.user_owner.lang = "zh_CN"
        template = self.env.ref("budget_performance.mail_template_budget_alert")
        template.with_context(
            lang="zh_CN"
        ).subject = "预算提醒:{{ object.display_name }}"
        self._spend(4000)
        mail = self._run_cron().filtered(lambda m: m.res_id == self.line.id)
        self.assertTrue(mail.subject.startswith("预算提醒"))
        self.assertIn("2026年1月", mail.body_html)

    def test_finance_hears_of_lines_without_owner(self):
        for owner in (False, self.user_owner):
            self.line.owner_id = owner
            self.user_owner.active = False
            with self.subTest(owner=owner):
                users = self.line._get_alerted_users()
                self.assertIn(self.user_manager, users)
                self.assertNotIn(self.user_officer, users)
                self.assertNotIn(self.user_owner, users)

    def test_mail_can_be_switched_off_for_a_company(self):
        self.company.budget_alert_email = False
        self._spend(4000)
        self.assertFalse(self._run_cron())
        self.assertEqual(self.line.activity_ids.user_id, self.user_owner)
        self.assertEqual(self._open().notice_state, "sent")

    @mute_logger(
        "odoo.addons.budget_performance.models.performance_budget_alert_notice"
    )
    def test_a_line_that_cannot_be_told_of_waits_and_holds_up_no_other(self):
        self._spend(4000)
        self._create_entry(4000, self.account_training)
        send = self.env.registry["mail.template"].send_mail

        def fail(template, res_id, **options):
            if res_id == self.line.id:
                raise UserError("no mail server")  # pylint: disable=translation-required
            return send(template, res_id, **options)

        with patch.object(self.env.registry["mail.template"], "send_mail", fail):
            mails = self._run_cron()
        self.assertEqual(self._open().notice_state, "to_send")
        self.assertFalse(self.line.activity_ids, "all of it is undone")
        self.assertIn(self.line_training.id, mails.mapped("res_id"))
        self.assertIn(self.line.id, self._run_cron().mapped("res_id"))
        self.assertEqual(self._open().notice_state, "sent")

    def test_nobody_is_told_that_is_back_what_he_never_heard_of(self):
        entry = self._spend(4000)
        self._refresh()
        alert = self._open()
        entry.button_draft()
        self.assertFalse(self._run_cron())
        self.assertRecordValues(alert, [{"state": "back", "notice_state": "none"}])

    def test_a_returning_claim_over_the_plan_passes_and_alerts(self):
        """Its entry was cancelled when the line was spent otherwise (B9, I7)."""
        claim = self._create_approved(total_amount_currency=3000.0)
        move = self._post(claim)
        self._flush()
        self._spend(1700)
        self._run_cron()
        self.assertNotIn("block", self._open().mapped("action"))
        with self._free_of_rules():
            self._create_approved(total_amount_currency=90.0)
        move.button_cancel()
        self._spend(500)
        self._flush()
        self.assertEqual(claim.state, "approved")
        self._run_cron()
        self.assertIn("block", self._open().mapped("action"))

    def _free_of_rules(self):
        """A claim may be filed although the line is at its warning."""
        rules = self.env.registry["performance.budget.control.rule"]
        return patch.object(rules, "_get_all", lambda self: ())

    def test_closed_budgets_and_rules_that_go_close_alerts_silently(self):
        self._spend(4000)
        self._run_cron()
        alert = self._open()
        self.budget.action_close()
        self.assertFalse(self._run_cron())
        self.assertRecordValues(alert, [{"state": "back", "notice_state": "none"}])

    def test_a_year_to_date_ends_with_this_month(self):
        self.env["performance.budget.control.rule"].create(
            {
                "name": "To date",
                "company_id": self.company.id,
                "position_id": self.position_hotel.id,
                "interval": "year_to_date",
                "band_ids": [Command.create({"usage_rate": 0.9, "action": "alert"})],
            }
        )
        self._spend(1900, day="2026-05-05")  # of 400 a month
        self._refresh()
        self.assertFalse(self._open(), "1,900 of 2,400 by June")
        with freeze_time("2026-05-20"):
            self._refresh()
            alert = self._open()
            self.assertEqual((alert.action, alert.date_to.month), ("alert", 5))
        self._refresh()
        self.assertEqual(alert.state, "back")

    def test_only_the_lines_asked_for_are_looked_at(self):
        self._spend(9700)
        self._refresh(self.line)
        self.assertTrue(self._open())
        self.assertFalse(self._open(self.line_travel))
        self._refresh(self.line_travel)
        self.assertTrue(self._open(), "the others keep theirs")

    def test_a_refresh_costs_a_fixed_number_of_queries(self):
        self._spend(10)
        self._refresh()

        def count(lines):
            self._flush()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.Alert._refresh(lines.ids)
            return self.env.cr.sql_log_count - before

        lines = self.line | self.line_travel | self.line_training
        self._create_entry(100, self.account_training)
        count(lines)
        self.assertEqual(count(lines[:1]), count(lines))
        self.assertLessEqual(count(lines), 4)

    def test_notice_runs_the_job_soon(self):
        cron = self.env.ref("budget_performance.ir_cron_budget_alert")
        Trigger = self.env["ir.cron.trigger"].sudo()
        before = Trigger.search_count([("cron_id", "=", cron.id)])
        self.Alert.with_user(self.user_employee)._notice()
        self.assertEqual(Trigger.search_count([("cron_id", "=", cron.id)]), before + 1)


@tagged("post_install", "-at_install")
class TestAlertRights(BudgetCommon):
    """Who sees alerts; nobody makes them (B6)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_entry(9700, cls.account_hotel)
        cls._flush()
        cls.env[ALERT]._refresh()
        cls.lines = cls.line_hotel_sales | cls.line_travel
        cls.line_travel.owner_id = cls.user_manager
        cls.alerts = cls.env[ALERT].search([("line_id", "in", cls.lines.ids)])

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_owner_sees_his_lines_and_finance_and_audit_see_all(self):
        seen = {
            self.user_owner: self.line_hotel_sales,
            self.user_officer: self.lines,
            self.user_manager: self.lines,
            self.user_auditor: self.lines,
        }
        for user, lines in seen.items():
            with self.subTest(user=user.login):
                found = (
                    self.env[ALERT]
                    .with_user(user)
                    .search([("company_id", "=", self.company.id)])
                )
                self.assertEqual(found.sudo().line_id, lines)
                self.assertTrue(found[0].summary)
        with self.assertRaises(AccessError):
            self.env[ALERT].with_user(self.user_employee).search([])
        stranger = self._create_user(
            "alert_stranger",
            "budget_performance.group_budget_manager",
            self.company_other,
        )
        self.assertFalse(
            self.env[ALERT].with_user(stranger).search([("id", "in", self.alerts.ids)])
        )

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_nobody_writes_creates_or_deletes_one(self):
        for user in (
            self.user_owner,
            self.user_officer,
            self.user_manager,
            self.user_auditor,
        ):
            alert = self.alerts.with_user(user)[:1]
            with self.subTest(user=user.login):
                for attempt in (
                    lambda alert=alert: alert.write({"state": "back"}),
                    lambda alert=alert: alert.unlink(),
                    lambda alert=alert: alert.create(
                        {"line_id": self.line_hotel_sales.id}
                    ),
                ):
                    with self.assertRaises(AccessError):
                        attempt()

    def test_open_alerts_are_counted_on_their_line(self):
        line = self.line_hotel_sales.with_user(self.user_owner)
        self.assertEqual(line.alert_open_count, 2)
        action = line.action_open_alerts()
        found = self.env[ALERT].search(action["domain"])
        self.assertEqual(found.line_id, self.line_hotel_sales)
        self.assertIn(
            line, line.search([("alert_ids.state", "=", "open")]), "as the filter asks"
        )
