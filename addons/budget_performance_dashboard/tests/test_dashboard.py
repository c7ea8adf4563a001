import json

from odoo.fields import Domain
from odoo.tests import HttpCase, tagged
from odoo.tools.safe_eval import safe_eval

from odoo.addons.budget_performance.tests.common import BudgetCommon

NAMES = ("spreadsheet_dashboard_budget", "spreadsheet_dashboard_budget_owner")


class DashboardCommon(BudgetCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_entry(500.0, day="2026-03-10")
        cls._create_approved(total_amount_currency=120.0)
        cls._flush()
        cls.finance, cls.own = (
            cls.env.ref(f"budget_performance_dashboard.{name}") for name in NAMES
        )

    @classmethod
    def _load(cls, dashboard):
        return json.loads(dashboard.sudo().spreadsheet_data)

    def _get_totals(self, dashboard, user):
        """Return the sums of the scorecards as the person reads them."""
        pivot = self._load(dashboard)["pivots"]["1"]
        domain = Domain(safe_eval(pivot["domain"], {"uid": user.id}))
        domain &= Domain("budget_id", "=", self.budget.id)
        measures = [measure["id"] for measure in pivot["measures"]]
        model = self.env[pivot["model"]].with_user(user)
        return model.formatted_read_group(domain, [], measures)[0]


@tagged("post_install", "-at_install")
class TestDashboard(DashboardCommon):
    """What the dashboards show, and to whom (B16)."""

    def test_finance_and_audit_see_what_the_budget_says(self):
        for user in (self.user_officer, self.user_auditor):
            totals = self._get_totals(self.finance, user)
            with self.subTest(user=user.login):
                self.assertEqual(totals["amount_planned:sum"], 9600 + 6000)
                self.assertEqual(totals["amount_actual:sum"], 500)
                self.assertEqual(totals["amount_used:sum"], 620)

    def test_an_owner_counts_each_amount_once(self):
        """Also when the pool around a line belongs to somebody else."""
        totals = self._get_totals(self.own, self.user_owner)
        self.assertEqual(totals["amount_planned:sum"], 9600 + 6000)
        self.budget.line_ids.owner_id = self.user_manager
        totals = self._get_totals(self.own, self.user_owner)
        # his department is Sales: hotels, flights and the training of Alpha
        self.assertEqual(totals["amount_planned:sum"], 4800 + 2400 + 2400)
        self.assertEqual(totals["amount_actual:sum"], 500)

    def test_each_sees_the_dashboards_of_his_role(self):
        Dashboard = self.env["spreadsheet.dashboard"]
        ours = self.finance | self.own
        for user, expected in (
            (self.user_employee, Dashboard),
            (self.user_owner, self.own),
            (self.user_auditor, self.finance),
            (self.user_officer, ours),
            (self.user_manager, ours),
        ):
            seen = Dashboard.with_user(user).search([("id", "in", ours.ids)])
            with self.subTest(user=user.login):
                self.assertEqual(seen.sudo(), expected)

    def test_what_they_ask_for_exists(self):
        """A field or a menu that was renamed would show as an error in a cell."""
        for dashboard in self.finance | self.own:
            data = self._load(dashboard)
            for source in (*data["pivots"].values(), *data["lists"].values()):
                model = self.env[source["model"]]
                names = source.get("columns", [])
                if "measures" in source:
                    names = [measure["fieldName"] for measure in source["measures"]]
                    names += [row["fieldName"] for row in source["rows"]]
                for name in names:
                    self.assertIn(name, model._fields, dashboard.name)
                for match in source["fieldMatching"].values():
                    model.search([(match["chain"], "!=", False)], limit=1)
                model.search(safe_eval(source["domain"], {"uid": 1}), limit=1)
            for menu in data["chartOdooMenusReferences"].values():
                self.assertTrue(self.env.ref(menu))

    def test_the_list_of_lines_follows_the_period(self):
        for dashboard in self.finance | self.own:
            data = self._load(dashboard)
            (period,) = (f["id"] for f in data["globalFilters"] if f["type"] == "date")
            (source,) = data["lists"].values()
            chain = source["fieldMatching"][period]["chain"]
            lines = self.env[source["model"]].with_user(self.user_officer)
            for year, expected in ((2026, True), (2025, False), (2027, False)):
                domain = Domain(safe_eval(source["domain"], {"uid": 1}))
                domain &= Domain(chain, ">=", f"{year}-01-01")
                domain &= Domain(chain, "<=", f"{year}-12-31")
                domain &= Domain("budget_id", "=", self.budget.id)
                with self.subTest(dashboard=dashboard.name, year=year):
                    self.assertEqual(bool(lines.search(domain)), expected)

    def test_headings_are_looked_up_in_this_addon(self):
        for dashboard in self.finance | self.own:
            self.assertEqual(
                dashboard._get_dashboard_translation_namespace(),
                "budget_performance_dashboard",
            )


# Cells are drawn, not written: their values are found in the model of the screen.
LOOK_AT_CELLS = """
function find(node) {
    const model = node.component?.props?.model;
    if (model?.getters?.getEvaluatedCells) {
        return model;
    }
    for (const child of Object.values(node.children)) {
        const found = find(child);
        if (found) {
            return found;
        }
    }
}
setTimeout(() => {
    const { getters } = find(odoo.__WOWL_DEBUG__.root.__owl__);
    const values = getters
        .getSheetIds()
        .flatMap((sheet) => Object.values(getters.getEvaluatedCells(sheet)))
        .map((cell) => String(cell.value));
    const wrong = values.filter((value) => value.startsWith("#"));
    if (wrong.length || !values.includes("Planned")) {
        console.error("cells of the dashboard: " + wrong.join() + "; " + values.join());
    } else {
        console.log("test successful");
    }
}, 4000);
"""


@tagged("post_install", "-at_install")
class TestDashboardScreen(DashboardCommon, HttpCase):
    """The dashboards open in the browser and no cell shows an error."""

    def test_they_open_without_an_error(self):
        for user, dashboard in (
            (self.user_officer, self.finance),
            (self.user_owner, self.own),
        ):
            user.password = "budget password 1"
            with self.subTest(user=user.login):
                self.browser_js(
                    f"/odoo/dashboards?dashboard_id={dashboard.id}",
                    LOOK_AT_CELLS,
                    "document.querySelectorAll('.o-figure').length >= 7",
                    login=user.login,
                    timeout=120,
                )
