from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import BudgetCommon

RECORD = "performance.budget.cause.record"
VARIANCE = "performance.budget.variance"


@tagged("post_install", "-at_install")
class TestCauses(BudgetCommon):
    """Why use differs from the plan: who says so, and what adds up (B8)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name in ("material", "market", "timing"):
            cause = cls.env.ref(f"budget_performance.performance_budget_cause_{name}")
            setattr(cls, name, cause)
        cls.line = cls.line_hotel_sales
        cls.claim = cls._create_approved(total_amount_currency=600.0)
        cls.move = cls._create_entry(300)
        cls._flush()

    def _record(self, record, cause, user, note="because"):
        action = record.with_user(user).action_record_budget_cause()
        wizard = self.env[RECORD].with_user(user).with_context(**action["context"])
        wizard.create({"cause_id": cause.id, "note": note}).action_record()

    def _get_variance(self, line=None):
        """Return ``{cause: (planned, used, variance)}`` of a line over its months."""
        self._flush()
        self.env.invalidate_all()
        groups = self.env[VARIANCE]._read_group(
            [("line_id", "=", (line or self.line).id)],
            ["cause_id"],
            ["amount_planned:sum", "amount_used:sum", "amount_variance:sum"],
        )
        return {cause: tuple(amounts) for cause, *amounts in groups}

    def test_owner_and_finance_record_a_cause_with_name_and_date(self):
        documents = (self.line, self.claim)
        for user in (self.user_owner, self.user_officer, self.user_manager):
            for record in documents:
                with self.subTest(user=user.login, record=record.display_name):
                    self._record(record, self.market, user, f"says {user.login}")
                    self.assertEqual(record.budget_cause_id, self.market)
                    self.assertEqual(record.budget_cause_user_id, user)
                    self.assertEqual(record.budget_cause_note, f"says {user.login}")
                    self.assertEqual(str(record.budget_cause_date), "2026-06-15")
        self._record(self.move, self.material, self.user_officer)
        self.assertEqual(self.move.budget_cause_id, self.material)

    def test_an_empty_cause_takes_it_back(self):
        self._record(self.line, self.market, self.user_owner)
        self._record(self.line, self.market.browse(), self.user_owner)
        self.assertRecordValues(
            self.line,
            [
                {
                    "budget_cause_id": False,
                    "budget_cause_note": False,
                    "budget_cause_user_id": False,
                    "budget_cause_date": False,
                }
            ],
        )

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_nobody_else_records_one(self):
        """Not the employee on his claim, the auditor, or the owner of other lines."""
        self.budget.line_ids.owner_id = self.user_manager
        refused = (
            (self.claim, self.user_employee),
            (self.claim, self.user_owner),
            (self.line, self.user_owner),
            (self.line, self.user_employee),
            (self.line, self.user_auditor),
            (self.move, self.user_auditor),
            (self.move, self.user_employee),
        )
        for record, user in refused:
            with (
                self.subTest(user=user.login, model=record._name),
                self.assertRaises(AccessError),
            ):
                record.with_user(user)._record_cause(self.market, "forged")
        with self.assertRaises(AccessError):
            self.env[RECORD].with_user(self.user_employee).create(
                {"res_model": "hr.expense", "res_id": self.claim.id}
            )

    @mute_logger("odoo.orm.models", "odoo.models")
    def test_a_cause_is_not_written_past_the_wizard(self):
        for record, user in (
            (self.line, self.user_manager),
            (self.claim, self.user_manager),
            (self.move, self.user_manager),
            (self.claim, self.user_employee),
        ):
            with (
                self.subTest(model=record._name, user=user.login),
                self.assertRaises(AccessError),
            ):
                record.with_user(user).write({"budget_cause_id": self.market.id})

    def test_the_wizard_stays_with_lines_and_documents(self):
        for model, res_id in (("res.partner", 1), ("no.such.model", 1)):
            wizard = self.env[RECORD].create({"res_model": model, "res_id": res_id})
            with self.subTest(model=model), self.assertRaises(UserError):
                wizard.action_record()
        gone = self.env[RECORD].create({"res_model": "hr.expense", "res_id": 2**30})
        with self.assertRaises(UserError):
            gone.action_record()

    def test_the_cause_of_a_document_goes_before_that_of_the_line(self):
        no_cause = self.market.browse()
        self.assertEqual(self._get_variance(), {no_cause: (4800, 900, -3900)})
        self._record(self.line, self.timing, self.user_owner)
        self.assertEqual(self._get_variance(), {self.timing: (4800, 900, -3900)})
        self._record(self.move, self.material, self.user_officer)
        self.assertEqual(
            self._get_variance(),
            {self.timing: (4800, 600, -4200), self.material: (0, 300, 300)},
        )
        # The pool has no cause of its own: the document's counts there too.
        self.assertEqual(
            self._get_variance(self.line_travel)[self.material], (0, 300, 300)
        )

    def test_an_entry_has_the_cause_of_its_claim(self):
        self._record(self.claim, self.market, self.user_owner)
        self._post(self.claim)
        self.assertEqual(self._get_variance()[self.market][1:], (600, 600))

    def test_all_causes_together_are_the_variance_of_the_line(self):
        self._record(self.move, self.material, self.user_officer)
        for line in self.budget.line_ids:
            amounts = self._get_variance(line).values()
            with self.subTest(line=line.display_name):
                self.assertEqual(
                    sum(variance for _p, _u, variance in amounts),
                    line.amount_used - line.amount_planned,
                )

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_who_reads_the_report(self):
        self.budget.line_ids.owner_id = self.user_manager
        seen = self.env[VARIANCE].with_user(self.user_owner).search([])
        self.assertEqual(seen.sudo().department_id, self.sales)
        for user in (self.user_officer, self.user_auditor):
            found = self.env[VARIANCE].with_user(user).search([])
            self.assertIn(self.line_travel, found.sudo().line_id)
        with self.assertRaises(AccessError):
            self.env[VARIANCE].with_user(self.user_employee).search([])

    def test_causes_are_kept_by_finance_managers(self):
        Cause = self.env["performance.budget.cause"]
        Cause.with_user(self.user_manager).create({"code": "LAW", "name": "Law"})
        for user in (self.user_officer, self.user_owner, self.user_employee):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                Cause.with_user(user).create({"code": "X", "name": "X"})
        self.assertEqual(len(Cause.search([("code", "!=", "LAW")])), 6)

    def test_from_every_figure_one_comes_to_the_document_and_the_person(self):
        """Line, month, department and cause lead to entries, these to documents."""
        user = self.user_manager
        line = self.line.with_user(user)
        months = self.env["performance.budget.analysis"].with_user(user)
        variances = self.env[VARIANCE].with_user(user)
        departments = self.env["performance.budget.rollup.department"].with_user(user)
        month = [("line_id", "=", line.id), ("month", "=", "2026-03-01")]
        department = departments.search(
            [("budget_id", "=", self.budget.id), ("department_id", "=", self.sales.id)]
        )
        below = line.search(department.action_open_lines()["domain"])
        self.assertIn(line, below)
        self.assertEqual(
            months.search([("line_id", "in", line.ids)]),
            months.search(line.action_open_analysis()["domain"]),
        )
        for source in (line, months.search(month), variances.search(month)[:1]):
            with self.subTest(source=source._name):
                entries = self.env["performance.budget.entry"].with_user(user)
                found = entries.search(source.action_open_entries()["domain"])
                claimed = found.filtered(lambda e: e.res_model == "hr.expense")
                self.assertEqual(claimed.mapped("res_id")[0], self.claim.id)
                action = claimed[0].action_open_document()
                self.assertEqual(action["res_id"], self.claim.id)
                self.assertTrue(claimed[0].user_id)
