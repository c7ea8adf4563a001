from datetime import date

from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import BudgetCommon


@tagged("post_install", "-at_install")
class TestControlRules(BudgetCommon):
    """What a rule is for and where its bands begin, on real claims (B5, B6)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = cls.env["performance.budget.control.rule"]
        cls.rules.search([]).active = False

    def _rule(self, *bands, **values):
        """Create a rule; each band is ``(comparison, rate, action[, amount])``."""
        names = ("comparison", "usage_rate", "action", "tolerance_amount")
        return self.rules.create(
            {
                "name": "Rule",
                "company_id": self.company.id,
                "band_ids": [
                    Command.create(dict(zip(names, band, strict=False)))
                    for band in bands
                ],
                **values,
            }
        )

    def _submit(self, amount, **values):
        self._create_claim(total_amount_currency=amount, **values).action_submit()
        self._flush()

    def test_the_tolerance_is_added_to_the_plan_to_the_cent(self):
        self._rule(("exceed", 1.0, "block", 50.0))
        with self._refused("4,850.01", "101", "4,850.00"):
            self._submit(4850.01)
        self._submit(4850)

    def test_another_company_is_not_judged(self):
        self._rule(("exceed", 0.01, "block"), company_id=self.company_other.id)
        self._submit(100)

    def test_the_dates_are_compared_with_the_month_of_the_claim(self):
        self._rule(
            ("exceed", 0.01, "block"), date_from="2026-03-20", date_to="2026-04-02"
        )
        rows = (
            (date(2026, 2, 28), False),
            (date(2026, 3, 1), True),
            (date(2026, 4, 30), True),
            (date(2026, 5, 1), False),
        )
        for day, refused in rows:
            with self.subTest(day=day):
                if refused:
                    with self._refused("Hotel"):
                        self._submit(100, date=day)
                else:
                    self._submit(100, date=day)

    def test_a_department_stands_for_those_below_it(self):
        head = self.env["hr.department"].create(
            {"name": "Head", "company_id": self.company.id}
        )
        head._ensure_cost_centre()
        self._rule(
            ("exceed", 0.01, "block"), analytic_account_id=head.cost_centre_id.id
        )
        self._submit(100)
        self.sales.parent_id = head
        with self._refused("Hotel · Sales"):
            self._submit(100)
        self.sales.active = False
        with self._refused("Hotel · Sales"):
            self._submit(100)
        self.sales.parent_id = False
        self._submit(100)

    def test_a_cost_centre_below_does_not_stand_for_its_head(self):
        self.making.parent_id = self.sales
        self._rule(
            ("exceed", 0.01, "block"), analytic_account_id=self.making.cost_centre_id.id
        )
        self._submit(100)

    def test_a_project_stands_for_itself(self):
        self._rule(("exceed", 0.01, "block"), analytic_account_id=self.project_alpha.id)
        both = {f"{self.centre_sales.id},{self.project_alpha.id}": 100.0}
        values = {"product_id": self.product_training.id}
        with self._refused("Alpha"):
            self._submit(100, analytic_distribution=both, **values)
        self._submit(100, **values)

    def test_the_strictest_of_several_rules_bites(self):
        self._rule(("reach", 0.02, "hold"))
        self._rule(("exceed", 0.02, "block"), position_id=self.position_travel.id)
        with self._refused("Blocked", "Hotel · Sales"):
            self._submit(97)
        with self._refused("Held"):
            self._submit(96)
        self._submit(95)

    @mute_logger("odoo.sql_db")
    def test_nonsense_is_refused(self):
        rows = (
            (CheckViolation, {"date_from": "2026-02-01", "date_to": "2026-01-31"}, ()),
            (CheckViolation, {}, ("exceed", 1.0, "block", -0.01)),
            (CheckViolation, {}, ("exceed", 1.0, "block", 2e12)),
            (CheckViolation, {}, ("exceed", 0.0, "block", 10)),
            (ValidationError, {"company_id": False}, ("exceed", 1.0, "block", 10)),
        )
        for error, values, band in rows:
            with (
                self.subTest(values=values, band=band),
                self.assertRaises(error),
                self.env.cr.savepoint(),
            ):
                self._rule(*filter(None, [band]), **values)
                self._flush()

    def test_the_company_of_an_amount_is_not_taken_away(self):
        rule = self._rule(("exceed", 1.0, "block", 10.0))
        with self.assertRaisesRegex(ValidationError, "currency"):
            rule.company_id = False

    def test_a_decision_costs_no_query_for_its_rules(self):
        self._rule(("exceed", 1.0, "block", 10.0), date_from="2026-01-01")
        Control = self.env["performance.budget.control"]
        requests = {self.line_travel.id: {date(2026, 3, 1): 10}}
        Control._decide(requests, "expense")
        with self.assertQueryCount(1):
            Control._decide(requests, "expense")
        figures = list(Control._read_figures(requests))
        with self.assertQueryCount(0):
            decision = Control._decide(requests, "expense", figures=figures)
        self.assertEqual(decision.action, "ok")

    def test_bands_say_what_they_do(self):
        rule = self._rule(("exceed", 1.0, "block", 50.0), ("reach", 0.8, "hold"))
        self.assertEqual(
            rule.band_ids.sorted("usage_rate").mapped("display_name"),
            ["from 80 %: hold", "above 100 % + $\xa050.00: block"],
        )
