from datetime import date
from unittest.mock import patch

import psycopg2

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import BudgetCommon

JULY, AUGUST, MARCH = date(2026, 7, 1), date(2026, 8, 1), date(2026, 3, 1)

# The plan of every line is what was approved plus what adjustments changed since (I8).
EXPLAINED = """
    SELECT allocation.line_id, allocation.month
      FROM performance_budget_allocation allocation
      JOIN (SELECT DISTINCT ON (line_id, month) line_id, month, amount_after
              FROM performance_budget_plan_change ORDER BY line_id, month, id DESC
           ) last USING (line_id, month)
     WHERE allocation.amount_planned <> last.amount_after
"""


class AdjustmentCommon(BudgetCommon):
    """Levels: owners, finance from 0, management from 1,000."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Level = cls.env["performance.budget.adjustment.level"]
        Level.search([]).active = False
        cls.level_owner, cls.level_finance, cls.level_management = Level.create(
            [
                {
                    "name": name,
                    "sequence": sequence,
                    "approver": "group" if group else "owner",
                    "group_id": group and cls.env.ref(f"budget_performance.{group}").id,
                    "amount_from": amount,
                    "company_id": cls.company.id,
                }
                for name, sequence, group, amount in (
                    ("Owners", 10, False, 0),
                    ("Finance", 20, "group_budget_officer", 0),
                    ("Management", 30, "group_budget_manager", 1000),
                )
            ]
        )
        cls.user_maker = cls._create_user(
            "maker", "budget_performance.group_budget_owner", cls.company
        )
        cls.line_hotel_making.owner_id = cls.user_maker
        cls.line_training.owner_id = cls.user_maker

    @classmethod
    def _adjust(cls, legs, kind="transfer", user=None, **values):
        """Create a draft; ``legs`` are ``(line, amount[, month])``."""
        return (
            cls.env["performance.budget.adjustment"]
            .with_user(user or cls.user_officer)
            .create(
                {
                    "kind": kind,
                    "reason": "The fair was moved",
                    "company_id": cls.company.id,
                    "line_ids": [
                        Command.create(
                            {
                                "line_id": leg[0].id,
                                "amount": leg[1],
                                "month": leg[2] if len(leg) > 2 else False,
                            }
                        )
                        for leg in legs
                    ],
                    **values,
                }
            )
        )

    def _approve(self, adjustment, *users):
        for user in users:
            adjustment.with_user(user).action_approve()

    def _plan(self, line):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT month, amount_planned::float FROM performance_budget_allocation"
            " WHERE line_id = %s",
            [line.id],
        )
        return dict(self.env.cr.fetchall())

    def assertUnchanged(self, plans):
        for line, plan in plans.items():
            self.assertEqual(self._plan(line), plan, line.display_name)

    def assertExplained(self):
        self._flush()
        self.env.cr.execute(EXPLAINED)
        self.assertFalse(self.env.cr.fetchall())
        self.assertLedgerSound()


@tagged("post_install", "-at_install")
class TestAdjustment(AdjustmentCommon):
    """Plans in force change by approved adjustments and in no other way (B10)."""

    def test_a_transfer_passes_three_levels_and_changes_both_lines(self):
        """B10: owners agree, finance reviews, management approves."""
        transfer = self._adjust(
            [(self.line_hotel_making, -1200), (self.line_hotel_sales, 1200, JULY)],
            user=self.user_officer,
        )
        sales, making = self._plan(self.line_hotel_sales), self._plan(self.line_travel)
        transfer.action_submit()
        self.assertIn(self.user_maker.name, transfer.waiting_for)
        self._approve(transfer, self.user_maker)
        self.assertEqual(transfer.state, "submitted")
        self._approve(transfer, self.user_owner)
        with self.assertRaisesRegex(UserError, "own request"):
            transfer.action_approve()  # the officer has asked himself
        finance = self._create_user(
            "second", "budget_performance.group_budget_officer", self.company
        )
        self._approve(transfer, finance)
        self.assertEqual(transfer.state, "submitted")
        self._approve(transfer, self.user_manager)
        self.assertEqual(transfer.state, "applied")
        sales[JULY] += 1200
        self.assertEqual(self._plan(self.line_hotel_sales), sales)
        self.assertEqual(self.line_hotel_making.amount_planned, 2400)
        self.assertEqual(self._plan(self.line_travel), making)  # the pool: untouched
        leg = transfer.line_ids[1].with_user(self.user_auditor)
        self.assertEqual((leg.amount_before, leg.amount_after), (400, 1600))
        self.assertEqual(sum(transfer.sudo().change_ids.mapped("amount")), 0)
        self.assertEqual(transfer.sudo().applied_by_id, self.user_manager)
        self.assertExplained()

    def test_legs_that_do_not_add_up_are_refused(self):
        """I8: nothing moves between lines without both legs."""
        cases = {
            "one leg": ([(self.line_training, -100)], "add up"),
            "a cent": (
                [(self.line_training, -100), (self.line_travel, 100.01)],
                "add up",
            ),
            "out of a pool": (
                [(self.line_hotel_making, -50), (self.line_training, 50)],
                "inside .*Travel",
            ),
            "none": ([], "Say which line"),
            "the reserve": (
                [(self.line_reserve, -50), (self.line_training, 50)],
                "is the reserve",
            ),
            "two budgets": (
                [(self.line_training, -50), (self.line_next, 50)],
                "several budgets",
            ),
            "closed": (
                [(self.line_closed, -50), (self.line_travel, 50)],
                "not in force",
            ),
        }
        for name, (legs, words) in cases.items():
            with self.subTest(name), self.assertRaisesRegex(ValidationError, words):
                self._adjust(legs).action_submit()

    def test_kinds_take_only_what_they_are_for(self):
        for kind, amount, words in (
            ("supplement", -10, "takes nothing away"),
            ("reduction", 10, "adds nothing"),
            ("reserve", 10, "Name the reserve line"),
        ):
            with self.subTest(kind), self.assertRaisesRegex(ValidationError, words):
                self._adjust([(self.line_training, amount)], kind).action_submit()

    def test_the_pool_follows_on_request(self):
        transfer = self._adjust(
            [(self.line_hotel_making, -50), (self.line_training, 50)]
        )
        with self.assertRaisesRegex(ValidationError, "Travel"):
            transfer.action_submit()
        transfer.action_complete_pools()
        transfer.action_submit()
        self.assertEqual(
            {leg.line_id: leg.amount for leg in transfer.line_ids},
            {
                self.line_hotel_making: -50,
                self.line_training: 50,
                self.line_travel: -50,
            },
        )

    def test_a_line_never_falls_below_what_it_uses(self):
        """Not in a month, not over the year, not in a quarter that a rule looks at."""
        claim = self._create_claim(
            product_id=self.product_training.id,
            total_amount_currency=900,
            date=date(2026, 7, 10),
        )
        claim.action_submit()
        self._flush()
        cases = {
            "month": ([(self.line_training, -10, JULY)], "2026-07"),
            # 1,500 are planned in the quarter, 900 used
            "quarter": (
                [
                    (self.line_training, -400, AUGUST),
                    (self.line_training, -300, date(2026, 9, 1)),
                ],
                "Quarter|2026-08|month",
            ),
            "budget": ([(self.line_training, -5200)], "less than that left"),
        }
        for name, (legs, words) in cases.items():
            with self.subTest(name), self.assertRaisesRegex(ValidationError, words):
                self._adjust(legs, "reduction").action_submit()
        self._adjust([(self.line_training, -5000)], "reduction").action_submit()

    def test_the_months_left_give_first_then_earlier_ones(self):
        reduction = self._adjust([(self.line_training, -3700)], "reduction")
        self.level_management.active = False
        reduction.action_submit()
        self._approve(reduction, self.user_maker, self.user_manager)
        plan = self._plan(self.line_training)
        self.assertEqual([plan[date(2026, m, 1)] for m in range(6, 13)], [0] * 7)
        self.assertEqual(plan[date(2026, 5, 1)], 300)
        self.assertEqual(plan[date(2026, 1, 1)], 500)
        self.assertExplained()

    def test_what_was_used_meanwhile_stops_it_and_it_can_be_applied_later(self):
        self.level_management.active = False
        reduction = self._adjust([(self.line_training, -5900)], "reduction")
        reduction.action_submit()
        self._approve(reduction, self.user_maker)
        claim = self._create_claim(
            product_id=self.product_training.id,
            total_amount_currency=300,
            date=date(2026, 7, 10),
        )
        claim.action_submit()
        self._flush()
        before = {self.line_training: self._plan(self.line_training)}
        self._approve(reduction, self.user_manager)
        self.assertEqual(reduction.state, "approved")
        self.assertIn("cannot be applied", reduction.message_ids[0].body)
        self.assertUnchanged(before)
        claim.action_reset()
        self._flush()
        with self.assertRaises(UserError):
            reduction.with_user(self.user_maker).action_apply()
        reduction.action_apply()
        self.assertEqual(reduction.state, "applied")
        with self.assertRaises(UserError):
            reduction.action_apply()
        self.assertExplained()

    def test_a_failure_at_the_last_line_leaves_nothing(self):
        self.level_management.active = False
        moved = self._adjust(
            [(self.line_hotel_making, -500), (self.line_hotel_sales, 500)]
        )
        moved.action_submit()
        self._approve(moved, self.user_maker, self.user_owner)
        plans = {
            line: self._plan(line)
            for line in (self.line_hotel_making, self.line_hotel_sales)
        }
        reached = []

        def fail(adjustment):
            """Refuse when both lines are changed already."""
            reached.append({line: self._plan(line) != plans[line] for line in plans})
            reached.append(round(sum(abs(c.amount) for c in adjustment.change_ids), 2))
            _fail(adjustment)

        Effects = self.env.registry["performance.budget.adjustment"]
        self.patch(Effects, "_apply_effects", fail)
        self._approve(moved, self.user_manager)
        self.assertEqual(reached, [dict.fromkeys(plans, True), 1000])
        self.assertEqual(moved.state, "approved")
        self.assertFalse(moved.applied_date)
        self.assertFalse(any(moved.line_ids.mapped("applied_after")))
        self.assertIn("The target is measured.", moved.message_ids[0].body)
        self.assertFalse(moved.sudo().change_ids)
        self.assertUnchanged(plans)
        self.assertLedgerSound()

    def test_other_effects_are_applied_with_the_money_or_not_at_all(self):
        """B10, I10: the hook for targets."""
        self.level_management.active = False
        Effects = self.env.registry["performance.budget.adjustment"]
        applied = []
        self.patch(Effects, "_get_effect_fingerprint", lambda self: ["target 7 → 8"])
        self.patch(Effects, "_apply_effects", lambda self: applied.append(self.id))
        moved = self._adjust([(self.line_training, 10)], "supplement")
        moved.action_submit()
        self._approve(moved, self.user_maker, self.user_manager)
        self.assertEqual(applied, moved.ids)
        other = self._adjust([(self.line_training, 10)], "supplement")
        other.action_submit()
        self._approve(other, self.user_maker)
        self.patch(Effects, "_get_effect_fingerprint", lambda self: ["target 7 → 9"])
        with self.assertRaisesRegex(UserError, "changed after"):
            self._approve(other, self.user_manager)
        self.assertEqual(applied, moved.ids)

    def test_an_adjustment_is_reversed_once_by_a_counter_adjustment(self):
        self.level_management.active = False
        plan = self._plan(self.line_training)
        more = self._adjust([(self.line_training, 100.01)], "supplement")
        more.action_submit()
        self._approve(more, self.user_maker, self.user_manager)
        reversal = self.env["performance.budget.adjustment"].browse(
            more.action_reverse()["res_id"]
        )
        with self.assertRaisesRegex(UserError, "reversal"):
            more.action_reverse()
        self.assertEqual(reversal.kind, "reduction")
        reversal.with_user(self.user_officer).action_submit()
        self._approve(reversal, self.user_maker, self.user_manager)
        self.assertEqual(reversal.state, "applied")
        self.assertEqual(self._plan(self.line_training), plan)
        self.assertExplained()

    def test_sent_back_it_is_decided_anew(self):
        moved = self._adjust([(self.line_training, 10)], "supplement")
        moved.action_submit()
        self._approve(moved, self.user_maker)
        self._decide(moved, self.user_manager, "returned", comment="How much?")
        self.assertEqual(moved.state, "draft")
        moved.line_ids.amount = 20
        moved.action_submit()
        self.assertIn(self.user_maker.name, moved.waiting_for)
        self._approve(moved, self.user_maker, self.user_manager)
        self.assertEqual(moved.state, "applied")
        self.assertEqual(len(moved.sudo().decision_ids), 4)

    def _decide(self, adjustment, user, decision, **values):
        Wizard = self.env["performance.budget.approval.decide"].with_user(user)
        name = {"refused": "refuse", "returned": "return", "forwarded": "forward"}
        action = getattr(adjustment.with_user(user), f"action_{name[decision]}")()
        wizard = Wizard.with_context(**action["context"]).create(values)
        wizard.action_confirm()

    def test_refused_it_ends(self):
        moved = self._adjust([(self.line_training, 10)], "supplement")
        moved.action_submit()
        with self.assertRaises(ValidationError):
            self._decide(moved, self.user_maker, "refused", comment=" ")
        self._decide(moved, self.user_maker, "refused", comment="No room")
        self.assertEqual(moved.state, "refused")
        self.assertIn("No room", moved.message_ids[0].body)
        with self.assertRaises(UserError):
            self._approve(moved, self.user_maker)

    def test_a_forwarded_step_is_decided_by_the_other_one(self):
        moved = self._adjust([(self.line_training, 10)], "supplement")
        moved.action_submit()
        with self.assertRaisesRegex(UserError, "asked for it"):
            self._decide(
                moved, self.user_maker, "forwarded", user_id=self.user_officer.id
            )
        with self.assertRaisesRegex(UserError, "no budget owner"):
            self._decide(
                moved, self.user_maker, "forwarded", user_id=self.user_employee.id
            )
        self._decide(moved, self.user_maker, "forwarded", user_id=self.user_owner.id)
        self._approve(moved, self.user_owner, self.user_manager)
        decision = moved.sudo().decision_ids[1]
        self.assertEqual(decision.on_behalf_id, self.user_maker)
        self.assertEqual(moved.state, "applied")

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_a_delegate_decides_while_the_other_one_is_away(self):
        Delegation = self.env["performance.budget.delegation"]
        values = {"date_from": "2026-06-01", "date_to": "2026-06-30"}
        with self.assertRaises(AccessError):
            Delegation.with_user(self.user_owner).create(
                {
                    **values,
                    "user_id": self.user_maker.id,
                    "delegate_id": self.user_owner.id,
                }
            )
        with self.assertRaises(ValidationError):
            Delegation.with_user(self.user_maker).create(
                {**values, "delegate_id": self.user_employee.id}
            )
        moved = self._adjust([(self.line_training, 10)], "supplement")
        moved.action_submit()
        with self.assertRaises(UserError):
            self._approve(moved, self.user_owner)
        Delegation.with_user(self.user_maker).create(
            {**values, "delegate_id": self.user_owner.id}
        )
        moved.sudo()._notify_deciders()
        self._approve(moved, self.user_owner)
        self.assertEqual(moved.sudo().decision_ids.on_behalf_id, self.user_maker)

    def test_an_owner_of_finance_agrees_on_the_level_of_finance(self):
        """Small houses: one person owns a line and reviews; nobody waits for nobody."""
        self.line_training.owner_id = self.user_manager
        self.level_management.amount_from = 0
        moved = self._adjust([(self.line_training, 10)], "supplement")
        moved.action_submit()
        finance = self._create_user(
            "second", "budget_performance.group_budget_officer", self.company
        )
        self._approve(moved, finance, self.user_manager)
        self.assertEqual(moved.state, "applied")

    def test_who_asks_for_his_own_lines_is_still_checked_by_another(self):
        Level = self.env["performance.budget.adjustment.level"]
        (self.level_finance | self.level_management).amount_from = 1e6
        moved = self._adjust(
            [(self.line_hotel_sales, -10), (self.line_flight_sales, 10)],
            user=self.user_owner,
        )
        moved.action_submit()
        self.assertEqual(moved.state, "submitted")
        with self.assertRaisesRegex(UserError, "own request"):
            moved.action_approve()
        self._approve(moved, self.user_officer)
        self.assertEqual(moved.state, "applied")
        self.assertEqual(moved.sudo().decision_ids.level_id, self.level_finance)
        Level.search([]).active = False
        with self.assertRaisesRegex(UserError, "levels"):
            self._adjust(
                [(self.line_hotel_sales, -10), (self.line_flight_sales, 10)],
                user=self.user_owner,
            ).action_submit()

    def test_those_who_wait_are_reminded(self):
        moved = self._adjust([(self.line_training, 10)], "supplement")
        moved.action_submit()
        moved.sudo().reminder_date = date(2026, 6, 1)
        self._run_reminders()
        message = (
            self.env["mail.message"]
            .sudo()
            .search([("model", "=", moved._name), ("res_id", "=", moved.id)], limit=1)
        )
        self.assertIn(self.user_maker.partner_id, message.partner_ids)
        count = self.env["mail.message"].sudo().search_count([])
        self._run_reminders()
        self.assertEqual(self.env["mail.message"].sudo().search_count([]), count)

    def _run_reminders(self):
        Cron = type(self.env["ir.cron"])
        with patch.object(Cron, "_commit_progress", lambda *a, **k: 1000.0):
            self.env["performance.budget.adjustment"].sudo()._cron_remind()

    def test_owners_and_people_with_open_claims_are_told(self):
        self.level_management.active = False
        self._create_claim().action_submit()  # on hotels of sales
        self._flush()
        moved = self._adjust([(self.line_hotel_sales, 10)], "supplement")
        moved.action_submit()
        self._approve(moved, self.user_owner, self.user_manager)
        told = (
            self.env["mail.message"]
            .sudo()
            .search([("id", ">", 0)], limit=10)
            .partner_ids
        )
        self.assertIn(self.user_owner.partner_id, told)
        self.assertIn(self.user_employee.partner_id, told)

    @mute_logger(
        "odoo.addons.base.models.ir_model",
        "odoo.addons.base.models.ir_rule",
        "odoo.orm.models",
    )
    def test_clients_write_no_state_no_decision_and_no_plan(self):
        """Four eyes cannot be passed by RPC, as nobody and nowhere."""
        self.level_management.active = False
        moved = self._adjust([(self.line_training, 10)], "supplement")
        moved.action_submit()
        Adjustment = self.env["performance.budget.adjustment"]
        Decision = self.env["performance.budget.adjustment.decision"]
        Change = self.env["performance.budget.plan.change"]
        decision = {
            "adjustment_id": moved.id,
            "company_id": self.company.id,
            "revision": 1,
            "level_id": self.level_owner.id,
            "decision": "granted",
            "fingerprint": "x",
            "user_id": self.user_maker.id,
        }
        change = {
            "adjustment_id": moved.id,
            "line_id": self.line_training.id,
            "budget_id": self.budget.id,
            "company_id": self.company.id,
            "month": JULY,
            "amount": 1,
            "amount_before": 0,
            "amount_after": 1,
            "user_id": 1,
            "date": "2026-01-01",
        }
        draft = {"kind": "supplement", "reason": "x", "company_id": self.company.id}
        for user in (
            self.user_employee,
            self.user_owner,
            self.user_officer,
            self.user_manager,
        ):
            own = moved.with_user(user)
            mine = Adjustment.with_user(user)
            for name, attempt in {
                "state": lambda own=own: own.write({"state": "approved"}),
                "web_save": lambda own=own: own.web_save({"state": "applied"}, {}),
                "create": lambda mine=mine: mine.create({**draft, "state": "approved"}),
                "default": lambda mine=mine: mine.with_context(
                    default_state="approved"
                ).create({**draft, "state": "approved"}),
                "requester": lambda own=own: own.write({"requester_id": 1}),
                "submitter": lambda own=own: own.write({"submitter_id": 1}),
                "revision": lambda own=own: own.write({"revision": 0}),
                "reason": lambda own=own: own.write({"reason": "other"}),
                "kind": lambda own=own: own.write({"kind": "revision"}),
                "amount": lambda own=own: own.line_ids.write({"amount": 1e6}),
                "line": lambda own=own: own.line_ids.create(
                    {
                        "adjustment_id": own.id,
                        "line_id": self.line_training.id,
                        "amount": 1,
                    }
                ),
                "lines": lambda own=own: own.write({"line_ids": [Command.clear()]}),
                "decision": lambda user=user: Decision.with_user(user).create(decision),
                "change": lambda user=user: Change.with_user(user).create(change),
                "delete": lambda own=own: own.unlink(),
                "apply": lambda own=own: own.action_apply(),
                "plan": lambda user=user: self.line_training.with_user(user).write(
                    {"amount_planned": 1e6}
                ),
            }.items():
                with (
                    self.subTest(user=user.login, attempt=name),
                    self.assertRaises(UserError),
                    self.env.cr.savepoint(),
                ):
                    attempt()
                    self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(moved.state, "submitted")
        self.assertEqual(self.line_training.amount_planned, 6000)

    def test_a_draft_of_another_one_is_not_submitted(self):
        moved = self._adjust([(self.line_training, 10)], "supplement")
        for user in (self.user_employee, self.user_owner, self.user_auditor):
            with self.subTest(user.login), self.assertRaises(AccessError):
                moved.with_user(user).action_submit()

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_an_owner_names_only_lines_that_he_sees(self):
        with self.assertRaises(AccessError):
            self._adjust(
                [(self.line_training, -10), (self.line_travel, 10)],
                user=self.user_stranger,
            )
        self.line_training.owner_id = self.user_manager
        with self.assertRaises(AccessError):
            self._adjust([(self.line_training, 10)], user=self.user_owner)

    @mute_logger("odoo.sql_db")
    def test_history_and_decisions_are_append_only_in_the_database(self):
        self.level_management.active = False
        moved = self._adjust([(self.line_training, 10)], "supplement")
        moved.action_submit()
        self._approve(moved, self.user_maker, self.user_manager)
        for table in ("adjustment_decision", "plan_change"):
            for query in (
                f"UPDATE performance_budget_{table} SET user_id = 1",
                f"DELETE FROM performance_budget_{table}",
            ):
                with (
                    self.subTest(query=query),
                    self.assertRaises(psycopg2.Error),
                    self.env.cr.savepoint(),
                ):
                    self.env.cr.execute(query)
        for records in (moved.sudo().decision_ids, moved.sudo().change_ids):
            with self.assertRaises(UserError):
                records.write({"user_id": 1})
            with self.assertRaises(UserError):
                records.unlink()

    def test_values_changed_after_a_decision_void_it(self):
        moved = self._adjust([(self.line_training, 10)], "supplement")
        moved.action_submit()
        self._approve(moved, self.user_maker)
        moved.sudo().line_ids.amount = 1000
        self.level_management.active = False
        with self.assertRaisesRegex(UserError, "changed after"):
            self._approve(moved, self.user_manager)
        self.assertEqual(moved.state, "submitted")
        self.assertEqual(self.line_training.amount_planned, 6000)

    def test_amounts_that_are_none_are_refused(self):
        for amount in (float("nan"), float("inf"), 1e13, -1e13):
            with self.subTest(amount), mute_logger("odoo.sql_db"):
                try:
                    with self.env.cr.savepoint():
                        self._adjust([(self.line_training, amount)]).action_submit()
                except (UserError, ValueError, OverflowError, psycopg2.Error):
                    continue
                self.fail("it was submitted")


def _fail(_adjustment):
    raise UserError("The target is measured.")  # pylint: disable=translation-required
