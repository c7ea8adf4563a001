from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.bsc_appraisal.tests.common import AppraisalCommon


@tagged("post_install", "-at_install")
class TestBscIndicatorLifecycle(AppraisalCommon):
    def _as_manager(self, indicator):
        return indicator.with_user(self.manager)

    def test_indicator_without_its_definition_cannot_be_activated(self):
        """P3: unit, rule, source and someone responsible, or it stays a draft."""
        rows = [
            ("unit", False, "Unit"),
            ("statistical_rule", " \n ", "Statistical rule"),
            ("source", "", "Source"),
            ("collector_id", False, "Collector"),
        ]
        for number, (field_name, empty, expected) in enumerate(rows):
            with self.subTest(field_name):
                draft = self._create_draft(code=f"G{number}", **{field_name: empty})
                manager_draft = self._as_manager(draft)
                self.assertFalse(manager_draft.can_activate)
                self.assertEqual(manager_draft.definition_gaps.split(":")[0], expected)
                with self.assertRaisesRegex(
                    UserError, rf"\[G{number}\].*\n- {expected}"
                ):
                    manager_draft.action_activate()
                self.assertEqual(draft.state, "draft")

    def test_message_lists_every_gap_of_every_indicator(self):
        drafts = self._create_draft(code="M1", unit=False, source=False)
        drafts |= self._create_draft(code="M2", statistical_rule=False)
        drafts |= self._create_draft(code="M3")
        with self.assertRaises(UserError) as caught:
            self._as_manager(drafts).action_activate()
        message = str(caught.exception)
        for expected in ("[M1]", "- Unit", "- Source", "[M2]", "- Statistical rule"):
            self.assertIn(expected, message)
        self.assertNotIn("[M3]", message)
        self.assertEqual(set(drafts.mapped("state")), {"draft"})

    def test_collector_who_left_is_not_responsible(self):
        draft = self._create_draft()
        self.collector.active = False
        self.assertIn("Collector", draft.definition_gaps)

    def test_archived_perspective_takes_no_active_indicator(self):
        draft = self._create_draft()
        self.perspective.active = False
        with self.assertRaisesRegex(UserError, "Perspective"):
            self._as_manager(draft).action_activate()

    def test_complete_draft_goes_through_its_life(self):
        indicator = self._as_manager(self._create_draft())
        rows = [
            ("action_activate", "active", (False, True, True)),
            ("action_retire", "retired", (False, False, True)),
            ("action_reset", "draft", (True, False, False)),
        ]
        for action, state, flags in rows:
            with self.subTest(action):
                getattr(indicator, action)()
                self.assertEqual(indicator.state, state)
                self.assertEqual(
                    (
                        indicator.can_activate,
                        indicator.can_retire,
                        indicator.can_reset,
                    ),
                    flags,
                )

    def test_steps_that_do_not_exist_are_refused(self):
        draft = self._as_manager(self._create_draft(code="X1"))
        active = self._as_manager(self._create_active(code="X2"))
        retired = self._as_manager(self._create_active(code="X3"))
        retired.action_retire()
        rows = [
            (draft, "action_retire"),
            (draft, "action_reset"),
            (active, "action_activate"),
            (retired, "action_activate"),
            (retired, "action_retire"),
        ]
        for indicator, action in rows:
            with (
                self.subTest(state=indicator.state, action=action),
                self.assertRaisesRegex(UserError, "cannot become"),
            ):
                getattr(indicator, action)()

    def test_definition_of_an_active_indicator_is_frozen(self):
        """P2: the one statistical rule does not change under running results."""
        indicator = self._as_manager(self._create_active())
        rows = {
            "code": "V2",
            "unit": "USD",
            "direction": "lower",
            "statistical_rule": "Contracts signed.",
            "source": "Contract register",
            "source_kind": "records",
        }
        for field_name, value in rows.items():
            with (
                self.subTest(field_name),
                self.assertRaisesRegex(UserError, "only change in draft"),
            ):
                indicator.write({field_name: value})

    def test_translation_is_no_way_round_the_freeze(self):
        indicator = self._as_manager(self._create_active())
        with self.assertRaisesRegex(UserError, "only change in draft"):
            indicator.update_field_translations("statistical_rule", {"en_US": "x"})

    def test_same_definition_can_be_imported_again(self):
        indicator = self._as_manager(self._create_active())
        indicator.write({"code": "V1", "unit": "CNY", "weight": 40.0})
        self.assertEqual(indicator.weight, 40.0)

    def test_active_indicator_keeps_a_collector(self):
        indicator = self._as_manager(self._create_active())
        with self.assertRaisesRegex(ValidationError, "Collector"):
            indicator.collector_id = False

    def test_not_even_data_files_make_an_incomplete_one_active(self):
        with self.assertRaisesRegex(ValidationError, "Unit"):
            self.env["bsc.indicator"].sudo().create(
                self._prepare_draft_vals(unit=False, state="active")
            )

    def test_only_drafts_can_be_deleted(self):
        active = self._as_manager(self._create_active(code="U1"))
        with self.assertRaisesRegex(UserError, "Only drafts can be deleted"):
            active.unlink()
        draft = self._as_manager(self._create_draft(code="U2"))
        draft.unlink()
        self.assertFalse(draft.exists())

    def test_state_changes_are_tracked(self):
        indicator = self._create_draft()
        tracked = indicator.with_user(self.manager).with_context(
            tracking_disable=False, mail_notrack=False
        )
        self.env.cr.flush()
        tracked.action_activate()
        self.env.cr.flush()
        values = indicator.message_ids.sudo().tracking_value_ids
        self.assertIn("state", values.field_id.mapped("name"))
        self.assertEqual(values.mail_message_id.author_id, self.manager.partner_id)
