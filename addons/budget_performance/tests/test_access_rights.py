from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.service.model import get_public_method
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import BudgetCommon

MODELS = (
    "performance.budget",
    "performance.budget.allocation",
    "performance.budget.analysis",
    "performance.budget.balance",
    "performance.budget.control.band",
    "performance.budget.control.rule",
    "performance.budget.entry",
    "performance.budget.line",
    "performance.budget.position",
)
# What a client may call besides the methods of every model and of a mail thread.
PUBLIC = {
    "performance.budget": {
        "action_approve",
        "action_audit",
        "action_cancel",
        "action_close",
        "action_export_execution",
        "action_export_workbook",
        "action_import_workbook",
        "action_compare_versions",
        "action_open_lines",
        "action_open_round",
        "action_reopen",
        "action_rebuild",
        "action_repair",
        "action_reset",
        "action_submit",
        "action_year_end",
    },
    "performance.budget.proposal": {
        "action_accept",
        "action_copy_last_year",
        "action_export_workbook",
        "action_import_workbook",
        "action_open_lines",
        "action_return",
        "action_submit",
        "action_take_back",
    },
    "performance.budget.proposal.copy": {"action_copy"},
    "performance.budget.proposal.return": {"action_confirm"},
    "performance.budget.round": {
        "action_approve",
        "action_ask_frames",
        "action_assess",
        "action_back_to_proposing",
        "action_cancel",
        "action_consolidate",
        "action_copy_last_year",
        "action_open",
        "action_open_board",
        "action_open_document",
        "action_open_lines",
        "action_open_proposals",
        "action_forward",
        "action_request",
        "action_return",
        "action_withdraw",
    },
    "performance.budget.round.board": {"action_open_proposal"},
    "performance.budget.line": {
        "action_open_alerts",
        "action_open_analysis",
        "action_open_entries",
        "action_record_budget_cause",
        "action_test_rules",
        "action_open_forecast",
    },
    "performance.budget.document": {
        "action_open_budget_entries",
        "action_override_budget",
        "action_request_budget_adjustment",
    },
    "performance.budget.adjustment": {
        "action_apply",
        "action_approve",
        "action_cancel",
        "action_complete_pools",
        "action_forward",
        "action_open_document",
        "action_refuse",
        "action_return",
        "action_reverse",
        "action_submit",
    },
    "performance.budget.approval.decide": {"action_confirm"},
    "performance.budget.reopen": {"action_reopen"},
    "performance.budget.version": {"action_compare"},
    "performance.budget.workbook": {
        "action_export_workbook",
        "action_import_workbook",
    },
    "performance.budget.workbook.import": {
        "action_apply",
        "action_export",
        "action_read",
    },
    "performance.budget.year.end": {
        "action_carry",
        "action_close",
        "action_prepare_round",
    },
    "performance.budget.year.end.document": {"action_open_document"},
    "performance.budget.override": {"action_open_document"},
    "performance.budget.override.apply": {"action_override"},
    "performance.budget.rule.test": {"action_test"},
    "performance.budget.stop": {"action_open_document"},
    "performance.budget.alert": {"action_open_document", "action_open_entries"},
    "performance.budget.analysis": {"action_open_entries"},
    "performance.budget.cause.record": {"action_record"},
    "performance.budget.variance": {"action_open_entries"},
    "performance.budget.claim.difference": {"action_open_claim", "action_open_entry"},
    "performance.budget.uncovered": {"action_open_document"},
    "performance.budget.rollup.analytic": {"action_open_lines"},
    "performance.budget.rollup.department": {"action_open_lines"},
    "performance.budget.rollup.position": {"action_open_lines"},
    "performance.budget.forecast": {"action_open_lines"},
    "performance.budget.indicator": {"action_refresh"},
    "performance.budget.review": {
        "action_ask",
        "action_close",
        "action_propose_adjustment",
        "action_renew",
        "action_reopen",
    },
    "performance.budget.forecast.line": {
        "action_open_chart",
        "action_propose_adjustment",
        "action_refresh",
    },
    "performance.budget.forecast.month": {"action_correct"},
    "performance.budget.entry": {"action_open_document"},
    "performance.budget.position": {"action_open_lines"},
    "performance.budget.check": {
        "action_adjust",
        "action_ask_owner",
        "action_override",
        "action_request",
    },
    "performance.budget.authorization": {
        "action_cancel",
        "action_grant",
        "action_open_document",
        "action_refuse",
    },
}


@tagged("post_install", "-at_install")
class TestAccessRights(BudgetCommon):
    """Each role does what it is for, and nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claim = cls._create_claim()
        cls.claim.action_submit()
        cls._flush()
        cls.user_portal = new_test_user(
            cls.env, login="budget_portal", groups="base.group_portal"
        )
        cls.user_other_manager = new_test_user(
            cls.env,
            login="budget_other_manager",
            groups="budget_performance.group_budget_manager",
            company_id=cls.company_other.id,
            company_ids=[Command.set(cls.company_other.ids)],
        )

    def _count(self, user, model):
        return self.env[model].with_user(user).search_count([])

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_people_without_a_budget_role_read_no_budget(self):
        for user in (self.user_employee, self.user_portal):
            for model in MODELS:
                with (
                    self.subTest(user=user.login, model=model),
                    self.assertRaises(AccessError),
                ):
                    self._count(user, model)

    def test_finance_and_audit_read_every_figure(self):
        for user in (self.user_officer, self.user_manager, self.user_auditor):
            for model in MODELS:
                with self.subTest(user=user.login, model=model):
                    self.assertTrue(self._count(user, model))

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_auditor_writes_nothing(self):
        for model in MODELS:
            records = self.env[model].with_user(self.user_auditor)
            record = records.search([], limit=1)
            with self.subTest(model=model):
                for operation in ("write", "create", "unlink"):
                    self.assertFalse(record.has_access(operation), operation)
        with self.assertRaises(AccessError):
            self.budget.with_user(self.user_auditor).action_close()

    def test_owner_sees_own_lines_and_those_of_his_departments(self):
        # The owner of the fixture owns every line; hand all of them on.
        lines = self.budget.line_ids
        lines.owner_id = self.user_manager
        seen = lines.with_user(self.user_owner).search(
            [("budget_id", "=", self.budget.id)]
        )
        self.assertEqual(
            seen.sudo(), lines.filtered(lambda line: line.department_id == self.sales)
        )
        self.line_hotel_making.owner_id = self.user_owner
        self.assertIn(
            self.line_hotel_making.with_user(self.user_owner),
            lines.with_user(self.user_owner).search([]),
        )

    def test_owner_reads_figures_only_through_his_lines(self):
        self.budget.line_ids.owner_id = self.user_manager
        for model in ("allocation", "entry", "analysis"):
            records = self.env[f"performance.budget.{model}"]
            seen = records.with_user(self.user_owner).search(
                [("line_id.budget_id", "=", self.budget.id)]
            )
            with self.subTest(model=model):
                self.assertEqual(seen.sudo().line_id.department_id, self.sales)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_another_company_sees_and_does_nothing(self):
        user = self.user_other_manager
        for model in MODELS:
            domain = (
                [("rule_id.company_id", "=", self.company.id)]
                if model.endswith("band")
                else [("company_id", "=", self.company.id)]
            )
            with self.subTest(model=model):
                self.assertFalse(self.env[model].with_user(user).search_count(domain))
        with self.assertRaises(AccessError):
            self.budget.with_user(user).action_close()
        with self.assertRaises(AccessError):
            self.line_travel.with_user(user).owner_id = user

    def test_officer_prepares_and_manager_approves(self):
        budget = self._create_budget(name="2030").with_user(self.user_officer)
        budget.write({"date_from": "2030-01-01", "date_to": "2030-12-31"})
        line = self.env["performance.budget.line"].with_user(self.user_officer)
        line.create(
            {
                "budget_id": budget.id,
                "position_id": self.position_hotel.id,
                "department_id": self.sales.id,
                "amount_planned": 1200,
            }
        )
        budget.action_submit()
        with self.assertRaises(UserError):
            budget.action_approve()
        self.assertEqual(budget.state, "submitted")
        budget.with_user(self.user_manager).action_approve()
        self.assertEqual(budget.state, "approved")
        self.assertEqual(budget.sudo().approved_by_id, self.user_manager)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_owner_cannot_move_a_budget(self):
        for action in ("submit", "approve", "reset", "close", "cancel"):
            with self.subTest(action=action), self.assertRaises(AccessError):
                getattr(self.budget.with_user(self.user_owner), f"action_{action}")()

    @mute_logger("odoo.orm.models", "odoo.models")
    def test_nobody_writes_a_state_or_a_balance(self):
        """Not by write, create, default, copy, import or web_save; not as admin."""
        Budget = self.env["performance.budget"]
        allocation = self.line_travel.allocation_ids[0]
        values = {
            "name": "Forged",
            "date_from": "2031-01-01",
            "date_to": "2031-12-31",
            "state": "approved",
        }
        for user in (self.user_manager, self.env.ref("base.user_admin")):
            user.company_ids |= self.company
            budget = Budget.with_user(user).with_company(self.company)
            own = self.budget.with_env(budget.env)
            attempts = {
                "write": lambda own=own: own.write({"state": "draft"}),
                "web_save": lambda own=own: own.web_save({"state": "draft"}, {}),
                "create": lambda budget=budget: budget.create(values),
                "default": lambda budget=budget: budget.with_context(
                    default_state="approved"
                ).create({**values, "state": "approved"}),
                "approver": lambda own=own: own.write({"approved_by_id": 1}),
                "balance": lambda own=own: self.line_travel.balance_id.with_env(
                    own.env
                ).write({"amount_planned": 9e9}),
                "used": lambda own=own: allocation.with_env(own.env).write(
                    {"amount_reserved": 0.0}
                ),
                "exchange": lambda own=own: self.line_travel.with_env(own.env).write(
                    {"balance_id": self.line_hotel_sales.balance_id.id}
                ),
            }
            for name, attempt in attempts.items():
                with (
                    self.subTest(user=user.login, attempt=name),
                    self.assertRaises(UserError),  # an AccessError is one
                ):
                    attempt()
        self.assertEqual(self.budget.state, "approved")
        self.assertFalse(Budget.search([("name", "=", "Forged")]))

    def test_a_default_state_in_the_context_makes_a_draft_or_an_error(self):
        Budget = self.env["performance.budget"].with_user(self.user_manager)
        with self.assertRaises(UserError):
            Budget.with_context(default_state="approved").create(
                {"name": "X", "date_from": "2031-01-01", "date_to": "2031-12-31"}
            )
        self.assertEqual(self.budget.copy().state, "draft")

    def test_import_cannot_approve(self):
        result = (
            self.env["performance.budget"]
            .with_user(self.user_manager)
            .load(
                ["name", "date_from", "date_to", "state"],
                [["Forged", "2031-01-01", "2031-12-31", "Approved"]],
            )
        )
        self.assertFalse(result["ids"])
        self.assertTrue(result["messages"])

    def test_lines_of_a_budget_in_force_stay_as_approved(self):
        line = self.line_hotel_sales.with_user(self.user_manager)
        for values in (
            {"position_id": self.position_flight.id},
            {"department_id": self.making.id},
            {"analytic_account_ids": [Command.clear()]},
            {"is_reserve": True},
            {"amount_planned": 1e6},
            {"allocation_ids": [Command.clear()]},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                line.write(values)
        with self.assertRaises(UserError):
            line.allocation_ids[0].amount_planned = 1e6
        with self.assertRaises(UserError):
            line.unlink()
        line.owner_id = self.user_manager  # who answers for it may change

    def test_positions_in_use_keep_their_accounts(self):
        """Money never moves because a master record changed."""
        position = self.position_hotel.with_user(self.user_manager)
        with self.assertRaisesRegex(UserError, "2026|2025|2027"):
            position.account_ids = [Command.link(self.account_gift.id)]
        with self.assertRaises(UserError):
            position.parent_id = False
        position.name = "Hotels and inns"

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_employee_cannot_make_up_a_check(self):
        for model in ("performance.budget.check", "performance.budget.check.line"):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].with_user(self.user_employee).create({})

    def test_context_keys_switch_nothing_off(self):
        """The only key that is read asks for the dialog; it lets nothing pass."""
        claim = self._create_claim(total_amount_currency=13000)
        keys = (
            "budget_performance_dialog",
            "force_no_budget_check",
            "skip_validation_check",
            "no_budget",
            "check",
        )
        for key in keys:
            with self.subTest(key=key):
                asking = claim.with_user(self.user_employee).with_context(**{key: True})
                try:
                    with self.env.cr.savepoint():
                        asking.action_submit()
                        self._flush()
                except UserError:
                    claim.invalidate_recordset()
                self.assertFalse(claim.approval_state)

    def test_public_methods_are_those_on_the_list(self):
        """Whatever a client can call was meant for it."""
        plain = self._get_public(self.env["res.partner.industry"])
        thread = self._get_public(self.env["mail.thread"])
        activity = self._get_public(self.env["mail.activity.mixin"])
        for model in (
            *MODELS,
            "performance.budget.adjustment",
            "performance.budget.adjustment.carry",
            "performance.budget.approval.decide",
            "performance.budget.adjustment.decision",
            "performance.budget.adjustment.level",
            "performance.budget.adjustment.line",
            "performance.budget.alert",
            "performance.budget.cause",
            "performance.budget.cause.record",
            "performance.budget.variance",
            "performance.budget.claim.difference",
            "performance.budget.uncovered",
            "performance.budget.rollup.analytic",
            "performance.budget.rollup.department",
            "performance.budget.rollup.position",
            "performance.budget.audit",
            "performance.budget.cached",
            "performance.budget.authorization",
            "performance.budget.authorization.decision",
            "performance.budget.authorization.level",
            "performance.budget.authorization.line",
            "performance.budget.check",
            "performance.budget.check.line",
            "performance.budget.control",
            "performance.budget.delegation",
            "performance.budget.document",
            "performance.budget.forecast",
            "performance.budget.forecast.analysis",
            "performance.budget.execution",
            "performance.budget.indicator",
            "performance.budget.review",
            "performance.budget.review.line",
            "performance.budget.forecast.correction",
            "performance.budget.forecast.line",
            "performance.budget.forecast.month",
            "performance.budget.ledger",
            "performance.budget.matcher",
            "performance.budget.override",
            "performance.budget.override.apply",
            "performance.budget.override.apply.line",
            "performance.budget.override.right",
            "performance.budget.plan.change",
            "performance.budget.proposal",
            "performance.budget.proposal.copy",
            "performance.budget.proposal.copy.line",
            "performance.budget.proposal.line",
            "performance.budget.proposal.month",
            "performance.budget.proposal.return",
            "performance.budget.round",
            "performance.budget.round.board",
            "performance.budget.round.decision",
            "performance.budget.round.frame",
            "performance.budget.round.level",
            "performance.budget.rule.test",
            "performance.budget.rule.test.band",
            "performance.budget.rule.test.line",
            "performance.budget.stop",
            "performance.budget.stop.line",
            "performance.budget.reopen",
            "performance.budget.version",
            "performance.budget.version.compare",
            "performance.budget.version.compare.line",
            "performance.budget.version.line",
            "performance.budget.workbook",
            "performance.budget.workbook.import",
            "performance.budget.workbook.import.line",
            "performance.budget.workbook.import.problem",
            "performance.budget.year.end",
            "performance.budget.year.end.balance",
            "performance.budget.year.end.document",
        ):
            with self.subTest(model=model):
                extra = self._get_public(self.env[model]) - plain - thread - activity
                self.assertEqual(extra, PUBLIC.get(model, set()))

    def _get_public(self, model):
        names = set()
        for name in dir(type(model)):
            if not name.startswith("_") and callable(getattr(type(model), name, None)):
                try:
                    get_public_method(model, name)
                except (AccessError, AttributeError):
                    continue
                names.add(name)
        return names
