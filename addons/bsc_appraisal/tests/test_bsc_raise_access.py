from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .raise_common import RaiseCommon


@tagged("post_install", "-at_install")
class TestBscRaiseAccess(RaiseCommon):
    """Pay is seen by HR managers only: every field of every model, by every road."""

    MODELS = (
        "bsc.bonus",
        "bsc.pay.range",
        "bsc.raise",
        "bsc.raise.batch",
        "bsc.raise.decision",
        "bsc.raise.level",
        "bsc.raise.policy",
        "bsc.raise.policy.cell",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.batch = cls._create_approved()
        cls.batch.action_apply()
        cls._flush()
        cls.roles = {
            "employee": cls.employee,
            "subject": cls.users["anna"],
            "lead": cls.users["lead"],
            "officer": cls.officer,
            "manager": cls.manager,
            "auditor": cls.auditor,
            "hr_user": cls._create_user("hr_user", "hr.group_hr_user"),
            "finance": cls._create_user(
                "finance", "budget_performance.group_budget_manager"
            ),
            "portal": cls.portal,
        }

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_no_road_leads_to_pay(self):
        for role, user in self.roles.items():
            for name in self.MODELS:
                model = self.env[name].with_user(user)
                record = model.sudo().search([], limit=1).sudo(False)
                self.assertTrue(record, name)
                for field in model._fields.values():
                    if (
                        field.name in models.MAGIC_COLUMNS
                        or field.name == "display_name"
                    ):
                        continue
                    self._assert_closed(model, record, field, f"{role}: {field}")

    def _assert_closed(self, model, record, field, place):
        name = field.name
        roads = [
            lambda: record.read([name]),
            lambda: record.web_read({name: {}}),
            lambda: record._export_rows([[name]]),
            lambda: model.onchange({}, [], {name: {}}),
        ]
        if field.store and field.column_type:
            roads += [
                lambda: model.search([(name, "!=", False)]),
                lambda: model.search([], order=name),
                lambda: model.formatted_read_group([], [name], ["__count"]),
                lambda: model.formatted_read_group([], [], [f"{name}:count"]),
            ]
        for road in roads:
            self.assertTrue(self._is_closed(road), place)

    def _is_closed(self, road):
        """Without a savepoint, unlike assertRaises: nothing is written."""
        try:
            road()
        except AccessError:
            return True
        return False

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_no_dotted_road_leads_to_pay(self):
        """From every model that people read, through every field that points here."""
        for name in sorted(self.env.registry.models):
            for field in self.env[name]._fields.values():
                if field.comodel_name not in self.MODELS or name in self.MODELS:
                    continue
                for role, user in self.roles.items():
                    model = self.env[name].with_user(user)
                    road = [(f"{field.name}.id", "!=", 0)]
                    self.assertTrue(
                        self._is_closed(lambda m=model, road=road: m.search(road)),
                        f"{role}: {field}",
                    )

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_actions_are_closed_as_well(self):
        line = self.batch.line_ids[:1]
        for role, user in self.roles.items():
            batch = self.batch.with_user(user)
            for action in (
                *("action_simulate", "action_submit", "action_approve", "action_apply"),
                *("action_refuse", "action_reset", "action_cancel", "action_reverse"),
                "action_retry",
            ):
                with (
                    self.subTest(role=role, action=action),
                    self.assertRaises(AccessError),
                ):
                    getattr(batch, action)()
            for record in (batch, line.with_user(user)):
                with self.assertRaises(AccessError):
                    record.message_post(body="x") if record == batch else record.write(
                        {"note": "x"}
                    )

    def test_hr_managers_change_no_figure(self):
        line = self.batch.line_ids[:1].with_user(self.maker)
        for name in ("base", "lump", "wage_new", "state", "version_id", "reasons"):
            with self.subTest(name), self.assertRaises(AccessError):
                line.write({name: line[name]})
        draft = self._create_batch()
        for name in ("state", "revision", "factor", "requester_id"):
            with self.subTest(name), self.assertRaises(AccessError):
                draft.write({name: draft[name]})
        with self.assertRaises(UserError):
            self._create_batch(state="approved")
        for values in ({"default_state": "approved"}, {"default_revision": 4}):
            made = self.env["bsc.raise.batch"].with_context(**values)
            with self.assertRaises(UserError):
                made.with_user(self.maker).create(
                    {
                        "name": "x",
                        "company_id": self.company.id,
                        "cycle_id": self.cycle.id,
                        "policy_id": self.policy.id,
                        "pool_amount": 1,
                    }
                )
        copied = self.batch.copy()
        self.assertEqual((copied.state, copied.revision), ("draft", 0))
        with self.assertRaises(UserError):
            self.env["bsc.raise"].with_user(self.maker).create(
                {"batch_id": copied.id, "employee_id": self.people["Ada"].id}
            )
        with self.assertRaises(AccessError):
            self.env["bsc.bonus"].with_user(self.maker).create({})

    def test_another_company_is_closed(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._create_user("stranger_hr", "hr.group_hr_manager", company)
        for name in ("bsc.raise", "bsc.raise.batch", "bsc.bonus", "bsc.pay.range"):
            found = self.env[name].with_user(stranger).search([])
            self.assertNotIn(self.company, found.company_id)

    def test_hr_managers_see_only_lines_that_pay(self):
        other = self.pool.copy_data()[0]
        lines = self.env["performance.budget.line"].with_user(self.maker).search([])
        self.assertTrue(other)
        self.assertIn(self.pool, lines)
        self.assertEqual(set(lines.mapped("is_pay_pool")), {True})
        self.assertTrue(lines.filtered(lambda line: line == self.pool).display_name)
        with self.assertRaises(AccessError):
            lines[:1].is_pay_pool = False
        names = lines.name_search("", [("state", "=", "approved")])
        self.assertTrue(names)

    def test_no_pay_in_messages(self):
        messages = self.batch.sudo().message_ids
        values = messages.tracking_value_ids
        self.assertEqual(set(values.field_id.mapped("name")) - {"state"}, set())
        for text in ("85152", "5152", "12450"):
            self.assertNotIn(text, " ".join(messages.mapped("body")).replace(",", ""))
