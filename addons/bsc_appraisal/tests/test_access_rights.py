from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.bsc_appraisal.tests.common import AppraisalCommon


@tagged("post_install", "-at_install")
class TestAccessRights(AppraisalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.draft = cls._create_draft(code="R1")
        cls.active = cls._create_active(code="R2")
        cls.retired = cls._create_active(code="R3")
        cls.retired.action_retire()
        cls.indicators = cls.draft | cls.active | cls.retired

    def _search_codes(self, user):
        found = (
            self.env["bsc.indicator"]
            .with_user(user)
            .search([("id", "in", self.indicators.ids)], order="code")
        )
        return found.mapped("code")

    def test_each_role_reads_what_it_should(self):
        """P14: an employee knows how he is judged, drafts are nobody's yardstick."""
        rows = [
            (self.employee, ["R2", "R3"]),
            (self.collector, ["R2", "R3"]),
            (self.officer, ["R1", "R2", "R3"]),
            (self.manager, ["R1", "R2", "R3"]),
            (self.auditor, ["R1", "R2", "R3"]),
        ]
        for user, codes in rows:
            with self.subTest(user.login):
                self.assertEqual(self._search_codes(user), codes)
                self.assertTrue(self.perspective.with_user(user).name)

    def test_employee_cannot_read_a_draft_by_id_or_group_it(self):
        with self.assertRaises(AccessError):
            self.draft.with_user(self.employee).read(["name"])
        groups = (
            self.env["bsc.indicator"]
            .with_user(self.employee)
            .formatted_read_group(
                [("company_id", "=", self.company.id)], ["state"], ["__count"]
            )
        )
        self.assertEqual({row["state"] for row in groups}, {"active", "retired"})

    def test_portal_and_public_see_nothing(self):
        for user in (self.portal, self.env.ref("base.public_user")):
            for model in ("bsc.indicator", "bsc.perspective"):
                with (
                    self.subTest(user=user.login, model=model),
                    self.assertRaises(AccessError),
                ):
                    self.env[model].with_user(user).search([])

    def test_employee_and_auditor_change_nothing(self):
        for user in (self.employee, self.collector, self.auditor):
            for record in (self.active, self.perspective):
                with self.subTest(user=user.login, model=record._name):
                    as_user = record.with_user(user)
                    self.assertFalse(as_user.has_access("write"))
                    with self.assertRaises(AccessError):
                        as_user.write({"name": "Mine"})
                    with self.assertRaises(AccessError):
                        as_user.unlink()
                    with self.assertRaises(AccessError):
                        as_user.copy()

    def test_officer_edits_drafts_and_nothing_else(self):
        self.draft.with_user(self.officer).write({"statistical_rule": "Clearer."})
        for record in (self.active, self.retired, self.perspective):
            with self.subTest(record.display_name), self.assertRaises(AccessError):
                record.with_user(self.officer).write({"weight": 10.0})
        created = (
            self.env["bsc.indicator"]
            .with_user(self.officer)
            .create(self._prepare_draft_vals(code="R4"))
        )
        self.assertEqual(created.state, "draft")
        created.unlink()

    def test_form_is_open_exactly_where_the_rules_are(self):
        for user in (self.officer, self.manager):
            for indicator in self.indicators.with_user(user):
                with self.subTest(user=user.login, state=indicator.state):
                    self.assertEqual(indicator.can_edit, indicator.has_access("write"))

    def test_officer_cannot_activate(self):
        draft = self.draft.with_user(self.officer)
        self.assertFalse(draft.can_activate)
        with self.assertRaisesRegex(UserError, "Only an appraisal manager"):
            draft.action_activate()

    def test_officer_cannot_retire_or_reset_an_active_one(self):
        for action in ("action_retire", "action_reset"):
            with self.subTest(action), self.assertRaises(AccessError):
                getattr(self.active.with_user(self.officer), action)()

    def test_manager_rebalances_weights_and_maintains_perspectives(self):
        self.active.with_user(self.manager).weight = 35.0
        self.perspective.with_user(self.manager).weight = 55.0
        created = (
            self.env["bsc.perspective"]
            .with_user(self.manager)
            .create({"name": "Society", "code": "S"})
        )
        created.unlink()
        self.assertEqual(self.active.global_weight, 19.25)


@tagged("post_install", "-at_install")
class TestStateIsClosed(AppraisalCommon):
    """P3: nobody, not even the administrator, writes ``state`` past the gate."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.draft = cls._create_draft(code="T1", unit=False)
        cls.admin = cls.env.ref("base.user_admin")
        cls.admin.company_ids |= cls.company

    def _attempts(self, Indicator):
        vals = self._prepare_draft_vals(code="T2", unit=False)
        draft = Indicator.browse(self.draft.id)
        return {
            "write": lambda: draft.write({"state": "active"}),
            "write_mixed": lambda: draft.write({"name": "N", "state": "active"}),
            "create": lambda: Indicator.create({**vals, "state": "active"}),
            "default": lambda: Indicator.with_context(default_state="active").create(
                vals
            ),
            "copy": lambda: draft.copy({"state": "active"}),
            "web_save": lambda: draft.web_save({"state": "active"}, {"state": {}}),
            "web_save_multi": lambda: draft.web_save_multi(
                [{"state": "active"}], {"state": {}}
            ),
            "perspective": lambda: (
                Indicator.env["bsc.perspective"]
                .browse(self.perspective.id)
                .write({"indicator_ids": [(1, draft.id, {"state": "active"})]})
            ),
            "global_weight": lambda: draft.write({"global_weight": 99.0}),
        }

    def test_no_client_writes_the_state(self):
        for user in (self.officer, self.manager, self.admin):
            Indicator = (
                self.env["bsc.indicator"].with_user(user).with_company(self.company)
            )
            for name, attempt in self._attempts(Indicator).items():
                with self.subTest(user=user.login, attempt=name):
                    with self.assertRaises(AccessError), self.env.cr.savepoint():
                        attempt()
                    self.assertEqual(self.draft.state, "draft")

    @mute_logger("odoo.models")
    def test_import_does_not_write_the_state(self):
        Indicator = self.env["bsc.indicator"].with_user(self.manager)
        new = ["Loaded", "T3", self.perspective.id, "active"]
        rows = [
            (["name", "code", "perspective_id/.id", "state"], [new]),
            ([".id", "state"], [[self.draft.id, "active"]]),
        ]
        for field_names, data in rows:
            with self.subTest(field_names):
                outcome = Indicator.load(field_names, [list(map(str, data[0]))])
                self.assertFalse(outcome["ids"])
        self.assertFalse(Indicator.search([("code", "=", "T3")]))
        self.assertEqual(self.draft.state, "draft")

    def test_form_shows_the_state_read_only(self):
        for user in (self.officer, self.manager):
            fields = self.draft.with_user(user).fields_get(["state", "name"])
            self.assertTrue(fields["state"]["readonly"])
            self.assertFalse(fields["name"]["readonly"])

    def test_public_methods_are_the_known_ones(self):
        """A new public method is one more door for RPC: name it here on purpose."""
        base = dir(self.env.registry["mail.thread"]) + dir(
            self.env.registry["mail.activity.mixin"]
        )
        public = {
            name
            for name in set(dir(self.env.registry["bsc.indicator"])) - set(base)
            if not name.startswith("_")
            and name not in self.env["bsc.indicator"]._fields
        }
        self.assertEqual(public, {"action_activate", "action_retire", "action_reset"})
