from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.bsc_appraisal.tests.common import AppraisalCommon

SIGNED = "Contracts signed in the month, tax included."
RECEIVED = "Money received in the month, tax excluded."


@tagged("post_install", "-at_install")
class TestOneRulePerThing(AppraisalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.active = cls._create_active(
            code="M1", measured_thing="Contract value", statistical_rule=SIGNED
        )

    def _activate(self, draft):
        draft.with_user(self.manager).action_activate()

    def test_same_thing_by_another_rule_is_refused(self):
        """P2: "contract value" is not "received value"; the other one is named."""
        draft = self._create_draft(
            code="M2", measured_thing=" contract  VALUE", statistical_rule=RECEIVED
        ).with_user(self.manager)
        self.assertFalse(draft.can_activate)
        self.assertIn("[M1]", draft.definition_gaps)
        with self.assertRaisesRegex(UserError, r"\[M1\].* by another rule"):
            draft.action_activate()

    def test_ways_out_of_the_conflict(self):
        rows = [
            ("another thing", {"measured_thing": "Received value"}),
            ("the same rule", {"statistical_rule": f"  {SIGNED.upper()} "}),
            ("another level, same rule", {"statistical_rule": SIGNED, "level": "post"}),
        ]
        for number, (name, values) in enumerate(rows):
            with self.subTest(name):
                defaults = {
                    "measured_thing": "Contract value",
                    "statistical_rule": RECEIVED,
                }
                draft = self._create_draft(code=f"W{number}", **{**defaults, **values})
                self._activate(draft)
                self.assertEqual(draft.state, "active")

    def test_name_stands_in_for_what_is_measured(self):
        draft = self._create_draft(
            code="M3", name="CONTRACT value", statistical_rule=RECEIVED
        )
        with self.assertRaisesRegex(UserError, r"\[M1\]"):
            self._activate(draft)

    def test_retired_one_makes_room(self):
        draft = self._create_draft(
            code="M4", measured_thing="Contract value", statistical_rule=RECEIVED
        )
        self.active.with_user(self.manager).action_retire()
        self._activate(draft)
        self.assertEqual(draft.state, "active")

    def test_renaming_does_not_slip_past(self):
        """A name may change while active; then the check looks again."""
        other = self._create_active(code="M5", name="Cash", statistical_rule=RECEIVED)
        with self.assertRaisesRegex(ValidationError, r"\[M1\]"):
            other.with_user(self.manager).name = "Contract value"
        with self.assertRaisesRegex(UserError, "only change in draft"):
            other.with_user(self.manager).measured_thing = "Contract value"

    def test_other_company_counts_as_it_likes(self):
        foreign = self.env["res.company"].create({"name": "Hill Farms"})
        collector = self._create_user("hill", "base.group_user", foreign)
        self._create_active(
            code="M1",
            measured_thing="Contract value",
            statistical_rule=RECEIVED,
            company_id=foreign.id,
            collector_id=collector.id,
        )
