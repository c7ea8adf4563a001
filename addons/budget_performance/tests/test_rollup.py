from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import BudgetCommon

DEPARTMENT = "performance.budget.rollup.department"
POSITION = "performance.budget.rollup.position"
ANALYTIC = "performance.budget.rollup.analytic"
MODELS = (DEPARTMENT, POSITION, ANALYTIC)
FIGURES = ["name", "amount_planned", "amount_available", "own_planned", "usage_rate"]


@tagged("post_install", "-at_install")
class TestRollup(BudgetCommon):
    """A budget along the trees, in one query, no money twice (B7)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.field_team = cls.env["hr.department"].create(
            {"name": "Field", "parent_id": cls.sales.id, "company_id": cls.company.id}
        )
        cls.field_team._ensure_cost_centre()
        cls.draft = cls._create_budget(name="2028")
        cls.draft.write({"date_from": "2028-01-01", "date_to": "2028-12-31"})
        cls._line("hotel", 100, cls.centre_sales, cls.draft)
        cls._line("hotel", 10, cls.field_team.cost_centre_id, cls.draft)
        cls._line("flight", 1, cls.field_team.cost_centre_id, cls.draft)
        cls._create_approved(total_amount_currency=1200)  # hotel · Sales
        cls._create_entry(300)  # the same line
        cls._flush()

    def _read(self, model, budget=None, user=None):
        """Return ``{name: (planned, own planned)}`` of a budget, in tree order."""
        rows = self.env[model].with_user(user or self.user_manager)
        found = rows.search([("budget_id", "=", (budget or self.budget).id)])
        return {
            row.name.strip(): (row.amount_planned, row.own_planned) for row in found
        }

    def test_a_department_adds_up_what_lies_below_it(self):
        self.assertEqual(
            self._read(DEPARTMENT, self.draft),
            {
                "2028": (111, 0),
                "Sales": (111, 100),
                "Field": (11, 11),
            },
        )

    def test_pools_count_once_and_departments_see_their_own(self):
        """The company sees 9,600 of travel; Sales sees its part of that pool."""
        self.assertEqual(
            self._read(DEPARTMENT),
            {
                self.budget.name: (15600, 15600),  # travel and training
                "Sales": (9600, 9600),
                "Make": (3600, 3600),
            },
        )

    def test_a_position_adds_up_its_children_without_those_in_a_pool(self):
        self.assertEqual(
            self._read(POSITION),
            {
                self.budget.name: (15600, 0),
                "Travel": (9600, 9600),
                "Hotel": (8400, 8400),
                "Flight": (2400, 2400),
                "Training": (6000, 6000),
            },
        )

    def test_a_line_of_two_plans_counts_in_both_and_once_in_all(self):
        found = self._read(ANALYTIC)
        self.assertEqual(found[self.budget.name], (15600, 15600))
        self.assertEqual(found["Sales"], (9600, 9600))
        self.assertEqual(found["Make"], (3600, 3600))
        self.assertEqual(found["Alpha"], (2400, 2400))
        self.assertEqual(found["Projects"], (2400, 0))

    def test_the_kinds_are_added_up_too(self):
        row = self.env[DEPARTMENT].search(
            [("budget_id", "=", self.budget.id), ("department_id", "=", self.sales.id)]
        )
        self.assertRecordValues(
            row,
            [
                {
                    "amount_reserved": 0,
                    "amount_committed": 1200,
                    "amount_actual": 300,
                    "amount_used": 1500,
                    "amount_available": 8100,
                    "usage_rate": 0.15625,
                    "own_usage_rate": 0.15625,
                    "depth": 1,
                }
            ],
        )

    def test_totals_are_those_of_the_budget(self):
        """What the budget form says is what the top of each tree says."""
        for model in MODELS:
            with self.subTest(model=model):
                top = self.env[model].search(
                    [("budget_id", "=", self.budget.id), ("depth", "=", 0)]
                )
                self.assertEqual(top.amount_planned, self.budget.amount_planned)
                self.assertEqual(top.amount_used, self.budget.amount_used)

    def test_a_tree_is_one_query(self):
        for model in MODELS:
            rows = self.env[model].with_user(self.user_manager)
            domain = [("company_id", "=", self.company.id)]
            rows.search_fetch(domain, FIGURES)
            self.env.invalidate_all()
            with self.subTest(model=model), self.assertQueryCount(1):
                rows.search_fetch(domain, ["amount_planned", "own_planned", "depth"])

    def test_the_tree_is_in_order_and_indented(self):
        rows = self.env[DEPARTMENT].search([("budget_id", "=", self.draft.id)])
        self.assertEqual(rows.mapped("depth"), [0, 1, 2])
        indents = [len(row.name) - len(row.name.strip()) for row in rows]
        self.assertEqual(indents, sorted(set(indents)))

    def test_a_row_opens_the_lines_behind_it(self):
        row = self.env[DEPARTMENT].search(
            [("budget_id", "=", self.draft.id), ("depth", "=", 1)]
        )
        lines = self.env["performance.budget.line"].search(
            row.action_open_lines()["domain"]
        )
        self.assertEqual(lines, self.draft.line_ids)
        for model in (POSITION, ANALYTIC):
            for row in self.env[model].search([("budget_id", "=", self.budget.id)]):
                with self.subTest(row=row.name):
                    found = lines.search(row.action_open_lines()["domain"])
                    self.assertGreaterEqual(
                        sum(found.mapped("amount_planned")), row.amount_planned
                    )

    def test_an_owner_adds_up_the_lines_he_may_see(self):
        """Also the one whose pool he cannot see: it is his whole picture."""
        self.budget.line_ids.owner_id = self.user_manager
        self.assertEqual(
            self._read(DEPARTMENT, user=self.user_owner),
            {self.budget.name: (9600, 0), "Sales": (9600, 9600)},
        )

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_who_reads_and_who_does_not(self):
        stranger = self._create_user(
            "rollup_stranger",
            "budget_performance.group_budget_manager",
            self.company_other,
        )
        for model in MODELS:
            domain = [("budget_id", "=", self.budget.id)]
            with self.subTest(model=model):
                for user in (self.user_officer, self.user_auditor):
                    self.assertTrue(self.env[model].with_user(user).search(domain))
                self.assertFalse(self.env[model].with_user(stranger).search(domain))
                with self.assertRaises(AccessError):
                    self.env[model].with_user(self.user_employee).search(domain)
                row = self.env[model].search(domain, limit=1)
                with self.assertRaises(AccessError):
                    row.with_user(self.user_manager).write({"depth": 5})
