from odoo.tests import HttpCase, tagged

from .common import BudgetCommon


@tagged("post_install", "-at_install")
class TestRuleTesterUi(BudgetCommon, HttpCase):
    """Finance asks in a browser what would happen, and why (B5, B6)."""

    def test_finance_tests_a_rule(self):
        before = self._snapshot()
        self.start_tour(
            "/odoo/budget-rule-tester",
            "budget_performance_rule_tested",
            login=self.user_officer.login,
        )
        tests = self.env["performance.budget.rule.test"].with_user(self.user_officer)
        test = tests.search([])
        self.assertRecordValues(
            test,
            [{"amount": 100, "action": "ok", "create_uid": self.user_officer.id}],
        )
        self._flush()
        self.assertEqual(self._snapshot(), before)
