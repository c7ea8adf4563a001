from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.bsc_appraisal.tests.scorecard_common import ScorecardCommon


class SourceCommon(ScorecardCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cycle.days_to_lock = 60
        cls.allowed = cls.env["bsc.measurement.model"].create(
            {"model_id": cls.env["ir.model"]._get("hr.expense").id}
        )

    @classmethod
    def _create_source(cls, indicator, **values):
        defaults = {"indicator_id": indicator.id}
        return cls.env["bsc.measurement.source"].create({**defaults, **values})

    def _collect(self):
        Cron = type(self.env["ir.cron"])
        with patch.object(Cron, "_commit_progress", lambda *a, **k: 1000.0):
            self.env["bsc.measurement"]._cron_schedule()
            self.env["bsc.measurement"]._cron_collect()

    def _find(self, indicator, card):
        return self.env["bsc.measurement"].search(
            [
                ("indicator_id", "=", indicator.id),
                ("subject_key", "=", card.subject_key),
                ("company_id", "=", self.company.id),
            ]
        )


@tagged("post_install", "-at_install")
class TestRecordSource(SourceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        product = cls.env["product.product"].create(
            {"name": "Taxi", "can_be_expensed": True, "standard_price": 0}
        )
        cls.claims = cls.env["hr.expense"].create(
            [
                {
                    "name": name,
                    "employee_id": cls.employees[person].id,
                    "company_id": cls.company.id,
                    "product_id": product.id,
                    "total_amount_currency": amount,
                    "date": day,
                }
                for name, person, amount, day in (
                    ("A", "anna", 100, date(2026, 1, 1)),
                    ("B", "anna", 50, date(2026, 6, 30)),
                    ("C", "anna", 7, date(2026, 7, 1)),
                    ("D", "bert", 30, date(2026, 3, 3)),
                    ("No", "bert", 99, date(2026, 3, 3)),
                )
            ]
        )
        cls.source = cls._create_source(
            cls.income,
            allowed_id=cls.allowed.id,
            aggregate="sum",
            measure="total_amount",
            date_field="date",
            subject_field="employee_id",
            domain="[('name', '!=', 'No')]",
        )

    def test_figures_come_from_records_by_subject_and_period(self):
        """P8: aggregates over records, with the records kept to open."""
        anna = self._create_card([(self.income, 100, 100)], employee="anna")
        lead = self._create_card([(self.income, 100, 100)], employee="lead")
        self._run(anna, lead)
        self._collect()
        figure = self._find(self.income, anna)
        self.assertRecordValues(
            figure,
            [
                {
                    "value": 150.0,
                    "state": "verified",
                    "source_model": "hr.expense",
                    "source_ids": self.claims[:2].ids,
                    "source_count": 2,
                }
            ],
        )
        self.assertEqual(
            figure.action_open_sources()["domain"], [("id", "in", self.claims[:2].ids)]
        )
        # Nothing claimed is zero, said by the records.
        self.assertRecordValues(
            self._find(self.income, lead), [{"value": 0.0, "answer": "zero"}]
        )
        anna.action_score()
        self.assertEqual(anna.score, 150.0)

    def test_figures_are_collected_again_until_they_lock(self):
        anna = self._create_card([(self.income, 100, 100)], employee="anna")
        self._run(anna)
        self._collect()
        figure = self._find(self.income, anna)
        figure.sudo().date_lock = date(2026, 7, 21)
        self.claims[1].total_amount_currency = 60
        self._collect()
        self.assertEqual(figure.value, 160.0)
        figure.sudo().date_lock = date(2026, 7, 20)
        self.claims[1].total_amount_currency = 70
        self._collect()
        self.assertEqual(figure.value, 160.0)

    def test_the_reader_reads_what_was_allowed_and_nothing_else(self):
        """SECURITY: a technical user without login, read-only, by whitelist."""
        reader = self.env.ref("bsc_appraisal.user_measurement_reader")
        self.assertFalse(reader.active)
        Readable = self.env["bsc.measurement"]._get_reader_model(self.source)
        self.assertEqual(Readable.env.user, reader)
        self.assertTrue(Readable.browse(self.claims.ids).mapped("name"))
        for attempt in (
            lambda: Readable.browse(self.claims.ids).write({"name": "X"}),
            lambda: Readable.browse(self.claims.ids).unlink(),
            lambda: self.env["res.partner"].with_user(reader).search([]),
            lambda: self.env["bsc.scorecard"].with_user(reader).search([]),
        ):
            with self.assertRaises(AccessError):
                attempt()
        self.source.unlink()
        self.allowed.unlink()
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            Readable.browse(self.claims.ids).mapped("name")

    def test_records_no_longer_allowed_leave_the_figure_due_with_the_reason(self):
        anna = self._create_card([(self.income, 100, 100)], employee="anna")
        self._run(anna)
        self.allowed.access_id.unlink()
        self._collect()
        figure = self._find(self.income, anna)
        self.assertEqual(figure.state, "due")
        self.assertTrue(figure.source_error)

    def test_secrets_and_the_system_are_never_allowed(self):
        for model in ("res.users", "ir.config_parameter", "mail.message", "hr.version"):
            with self.subTest(model), self.assertRaises(ValidationError):
                self.env["bsc.measurement.model"].create(
                    {"model_id": self.env["ir.model"]._get(model).id}
                )

    def test_only_an_administrator_allows_records(self):
        for user in (self.manager, self.officer, self.employee):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.env["bsc.measurement.model"].with_user(user).create(
                    {"model_id": self.env["ir.model"]._get("hr.job").id}
                )
        for user in (self.officer, self.employee, self.auditor):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.source.with_user(user).domain = "[]"

    def test_settings_that_make_no_sense_are_refused(self):
        rows = [
            {"domain": "[('name', '=', __import__('os'))]"},
            {"domain": "[('no_field', '=', 1)]"},
            {"domain": "not a domain"},
            {"domain": "[" * 900},
            {"measure": "name"},
            {"measure": "env"},
            {"measure": "write"},
            {"date_field": "name"},
            {"subject_field": "company_id"},
            {"subject_field": "display_name"},
            {"allowed_id": False},
        ]
        for values in rows:
            with (
                self.subTest(values),
                self.assertRaises(ValidationError),
                self.env.cr.savepoint(),
            ):
                self.source.with_user(self.manager).write(values)


@tagged("post_install", "-at_install")
class TestFormulaAndBudgetSource(SourceCommon):
    def test_formula_over_figures_of_the_same_subject(self):
        """Issue 5: formulas over other indicators, in the order they need."""
        rate = self._create_measured(code="RATE", name="Rate")
        double = self._create_measured(code="DBL", name="Double")
        self._create_source(double, kind="formula", formula="RATE * 2")
        self._create_source(rate, kind="formula", formula="100 * INC / WST")
        card = self._create_card(
            [(self.income, 25, 1), (self.waste, 25, 1), (rate, 25, 1), (double, 25, 1)]
        )
        self._run(card)
        self._measure(card, self.income, 30)
        self._collect()
        figure = self._find(rate, card)
        self.assertEqual(figure.state, "due")
        self.assertIn("WST", figure.source_error)
        waste = self._find(self.waste, card)
        waste.sudo().write({"value": 40, "state": "verified"})
        self._collect()
        self.assertEqual(figure.value, 75.0)
        self.assertIn("INC = 30", figure.note)
        self.assertEqual(self._find(double, card).value, 150.0)
        waste.sudo().write({"value": 0})
        self._collect()
        self.assertEqual(figure.state, "due")
        self.assertIn("divides by zero", figure.source_error)

    def test_bad_formulas_are_refused_with_the_reason(self):
        rate = self._create_measured(code="RATE", name="Rate")
        other = self._create_measured(code="OTHER", name="Other")
        rows = [
            ("INC +", "not complete"),
            ("INC.__class__", "Only numbers"),
            ("open('x')", "Only numbers"),
            ("NOPE * 2", "NOPE"),
            ("RATE + 1", "RATE → RATE"),
            ("1" * 600, "too long"),
            ("INC._name", "Only numbers"),
            ("self.env", "Only numbers"),
            ("[INC for x in INC]", "Only numbers"),
        ]
        for text, reason in rows:
            with (
                self.subTest(text[:20]),
                self.assertRaisesRegex(UserError, reason),
                self.env.cr.savepoint(),
            ):
                self._create_source(rate, kind="formula", formula=text)
        self._create_source(other, kind="formula", formula="RATE + 1")
        with self.assertRaisesRegex(UserError, "computed from each other"):
            self._create_source(rate, kind="formula", formula="OTHER + 1")

    def _create_budget(self):
        account = self.env["account.account"].create(
            {
                "code": "629900",
                "name": "Travel",
                "account_type": "expense",
                "company_ids": self.company.ids,
            }
        )
        position = self.env["performance.budget.position"].create(
            {
                "name": "Travel",
                "company_id": self.company.id,
                "account_ids": account.ids,
            }
        )
        budget = self.env["performance.budget"].create(
            {
                "name": "2026",
                "company_id": self.company.id,
                "date_from": date(2026, 1, 1),
                "date_to": date(2026, 12, 31),
            }
        )
        line = self.env["performance.budget.line"].create(
            {
                "budget_id": budget.id,
                "position_id": position.id,
                "amount_planned": 1200,
                "owner_id": self.env.uid,
            }
        )
        return budget, line

    def test_budget_lines_are_a_source(self):
        """B14: the execution rate of the budget as an indicator like any other."""
        budget, line = self._create_budget()
        source = self._create_source(
            self.income, kind="budget", budget_measure="execution_rate"
        )
        card = self._create_card([(self.income, 100, 100)])
        self._run(card)
        self._collect()
        figure = self._find(self.income, card)
        self.assertIn("No budget", figure.source_error)
        budget.sudo().state = "approved"
        line.allocation_ids[:6].sudo().amount_actual = 80
        for measure, value in (
            ("execution_rate", 80.0),
            ("planned", 600.0),
            ("actual", 480.0),
            ("available", 120.0),
        ):
            with self.subTest(measure):
                source.budget_measure = measure
                self._collect()
                self.assertEqual(figure.value, value)
        self.assertEqual(figure.source_ids, line.ids)
