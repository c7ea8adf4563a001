from unittest.mock import patch

from odoo.tests import tagged

from .common import BudgetCommon

# Here the balances are written by the transaction itself, which made the budget; the
# two connections of a real request need one statement less to submit.
EXTRA_QUERIES = {"submit": 6, "approve": 5, "post": 6, "refuse": 5}


@tagged("post_install", "-at_install")
class TestPerformance(BudgetCommon):
    """What the budget adds to a step in queries: a fixed number, not one a record."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Mail is the noise here: no followers, no activities.
        cls.env = cls.env(context={**cls.env.context, "mail_notrack": True})

    def _count(self, act, records):
        self._flush()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        act(records)
        self._flush()
        return self.env.cr.sql_log_count - before

    def _compare(self, make, act):
        """Return ``(queries without control, queries with control)``.

        Of two runs each, so that what is asked once and cached does not count.
        """
        Ledger = self.env.registry["performance.budget.ledger"]
        off = patch.object(Ledger, "_is_controlled", lambda self, company_id: False)
        vanilla, controlled = [], []
        for _run in range(2):
            records = make()  # made under control: both start from the same ledger
            with off:
                vanilla.append(self._count(act, records))
            controlled.append(self._count(act, make()))
        return min(vanilla), min(controlled)

    def _claims(self, count):
        claims = self.env["hr.expense"]
        for number in range(count):
            claims |= self._create_claim(total_amount_currency=1 + number / 100)
        return claims

    def _submitted(self):
        claims = self._claims(1)
        claims.action_submit()
        self._flush()
        return claims

    def _approved(self):
        claims = self._submitted()
        claims._do_approve(check=False)
        self._flush()
        return claims

    def test_a_step_costs_few_queries(self):
        steps = {
            "submit": (lambda: self._claims(1), lambda c: c.action_submit()),
            "approve": (self._submitted, lambda c: c._do_approve(check=False)),
            "post": (self._approved, lambda c: c._post_without_wizard()),
            "refuse": (self._submitted, lambda c: c._do_refuse("no")),
        }
        for name, (make, act) in steps.items():
            with self.subTest(step=name):
                vanilla, controlled = self._compare(make, act)
                self.assertGreater(controlled, vanilla, "nothing was checked")
                self.assertLessEqual(controlled - vanilla, EXTRA_QUERIES[name])

    def test_the_button_reads_the_figures_once_more(self):
        """It looks ahead, to open a dialog instead of an error when it has to."""

        def press(claims):
            claims.with_context(budget_performance_dialog=True).action_submit()

        vanilla, controlled = self._compare(lambda: self._claims(1), press)
        self.assertLessEqual(controlled - vanilla, EXTRA_QUERIES["submit"] + 1)

    def test_a_draft_costs_nothing(self):
        centre = {str(self.centre_sales.id): 100}
        vanilla, controlled = self._compare(
            lambda: None, lambda _none: self._create_claim(analytic_distribution=centre)
        )
        self.assertEqual(controlled, vanilla)

    def test_a_batch_costs_what_one_claim_costs(self):
        vanilla, controlled = self._compare(
            lambda: self._claims(40), lambda c: c.action_submit()
        )
        self.assertLessEqual(controlled - vanilla, EXTRA_QUERIES["submit"])

    def test_without_a_budget_nothing_is_added(self):
        """A company without a budget in force runs the queries of plain Odoo."""
        claims = self.env["hr.expense"].with_user(self.user_stranger)
        values = {
            "name": "Elsewhere",
            "employee_id": self.emp_stranger.id,
            "company_id": self.company_other.id,
            "product_id": self.product_hotel.id,
            "total_amount_currency": 10,
        }
        self.assertFalse(
            self.env["performance.budget.ledger"]._is_controlled(self.company_other.id)
        )
        for _warm in range(2):
            claim = claims.create(values).sudo()
            count = self._count(lambda c: c.action_submit(), claim)
        Mixin = self.env.registry["performance.budget.document"]
        with patch.object(Mixin, "_mark_for_budget", lambda self, **options: None):
            claim = claims.create(values).sudo()
            vanilla = self._count(lambda c: c.action_submit(), claim)
        self.assertEqual(count, vanilla)
