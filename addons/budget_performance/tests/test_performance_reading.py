from lxml import etree

from odoo.tests import tagged

from ..models.performance_budget_line_amounts import AMOUNTS
from .common import BudgetCommon

LINE = "performance.budget.line"
PAGE_QUERIES = 8
AMOUNT_QUERIES = 6


@tagged("post_install", "-at_install")
class TestPerformanceReading(BudgetCommon):
    """What it costs to look at lines: a fixed number of queries, however many (B14)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_approved(total_amount_currency=1200)
        cls._create_entry(50, cls.account_hotel)
        cls._flush()

    def _count(self, look):
        """Return the queries of a look after one that fills the caches of a process."""
        for _warm in range(2):
            self._flush()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            look()
        return self.env.cr.sql_log_count - before

    def _get_specification(self):
        """Return what the web client asks for the columns of the list."""
        view = self.env.ref("budget_performance.performance_budget_line_view_list")
        arch = etree.fromstring(self.env[LINE].get_view(view.id, "list")["arch"])
        specification = {}
        for node in arch.iter("field"):
            field = self.env[LINE]._fields[node.get("name")]
            shown = {} if node.get("column_invisible") else {"display_name": {}}
            specification[field.name] = {"fields": shown} if field.relational else {}
        return specification

    def test_a_page_of_the_list_costs_eight_queries(self):
        specification = self._get_specification()
        domain = [("company_id", "=", self.company.id)]
        lines = self.env[LINE].with_user(self.user_manager)
        for limit in (3, 8):
            with self.subTest(lines=limit):
                queries = self._count(
                    lambda limit=limit: lines.web_search_read(
                        domain, specification, limit=limit, count_limit=10001
                    )
                )
                self.assertLessEqual(queries, PAGE_QUERIES)

    def test_all_amounts_cost_the_same_for_two_lines_and_for_all(self):
        names = [*AMOUNTS, "usage_percent", "usage_state"]
        lines = self.budget.line_ids
        some = self._count(lambda: lines[:2].read(names))
        self.assertEqual(self._count(lambda: lines.read(names)), some)
        self.assertLessEqual(some, AMOUNT_QUERIES)

    def test_amounts_are_those_of_the_balance(self):
        """As the ORM would follow them, for saved lines and for a new one."""
        self.env.invalidate_all()
        for line in self.budget.line_ids:
            for name in AMOUNTS:
                with self.subTest(line=line.display_name, name=name):
                    self.assertEqual(line[name], line.sudo().balance_id[name])
            self.assertAlmostEqual(line.usage_percent, line.usage_rate * 100)
            self.assertEqual(line.currency_id, line.company_id.currency_id)
        new = self.env[LINE].new({"budget_id": self.budget.id})
        self.assertEqual((new.amount_planned, new.usage_percent), (0.0, 0.0))

    def test_what_waits_to_be_written_is_not_read_over(self):
        line = self.budget_next.copy({"name": "Draft"}).line_ids
        line.note = "mine"
        line.amount_planned = 1234
        self.assertEqual((line.note, line.amount_planned), ("mine", 1234))
        self.env.invalidate_all()
        self.assertEqual((line.note, line.amount_planned), ("mine", 1234))

    def test_lines_sort_and_group_by_their_amounts(self):
        domain = [("budget_id", "=", self.budget.id)]
        lines = self.env[LINE].with_user(self.user_owner)
        found = lines.search(domain, order="amount_planned desc, id")
        planned = found.mapped("amount_planned")
        self.assertEqual(planned, sorted(planned, reverse=True))
        self.assertEqual(
            lines.search([*domain, ("amount_actual", ">", 0)]),
            lines.search(domain).filtered(lambda line: line.amount_actual > 0),
        )
        groups = dict(lines._read_group(domain, ["is_reserve"], ["amount_planned:sum"]))
        self.assertEqual(groups[True], 5000)
        self.assertEqual(
            groups[False],
            sum(found.filtered(lambda x: not x.is_reserve).mapped("amount_planned")),
        )
