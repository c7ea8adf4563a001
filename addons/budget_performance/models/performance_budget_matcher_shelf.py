from collections import defaultdict

from odoo import api, models, tools
from odoo.tools import SQL

from .performance_budget_matcher import Candidate
from .performance_budget_matcher_stamp import IN_FORCE

MATCHING_FIELDS = {
    "performance.budget": ["state", "date_from", "date_to", "company_id"],
    "performance.budget.line": [
        "budget_id",
        "position_id",
        "company_id",
        "is_reserve",
        "analytic_key",
    ],
    "performance.budget.position": ["parent_path"],
}


class PerformanceBudgetMatcher(models.AbstractModel):
    """Keeps at hand which lines are in force, as the transaction sees them.

    Lines in force change seldom, but when they do every request has to follow at once,
    each as of its own snapshot. So what was read is kept with the numbers of the last
    changes, and used as long as a transaction sees the same numbers.
    """

    _inherit = "performance.budget.matcher"

    @api.model
    def _get_shelf(self, companies):
        """Return the lines in force of the companies.

        :param companies: sorted tuple of ids
        :return: ``{(company_id, account_id, mark): [Candidate, …]}``; the mark is the
            first analytic account of the line, None if it has none
        """
        for model, names in MATCHING_FIELDS.items():
            self.env[model].flush_model(names)
        kept = self._get_kept(companies)
        ((stamps,),) = self.env.execute_query(
            SQL(
                """SELECT string_agg(concat_ws(':', id, matching_stamp), ',')
                     FROM performance_budget WHERE company_id = ANY(%s) AND %s""",
                list(companies),
                IN_FORCE,
            )
        )
        known, shelf = kept.get("shelf", (None, {}))
        if known != stamps:
            shelf = self._read_shelf(companies)
            kept["shelf"] = stamps, shelf
        return shelf

    @api.model
    @tools.ormcache("companies")
    def _get_kept(self, companies):
        """Return a place for what is kept: the same one until caches are cleared."""
        return {"companies": companies}

    @api.model
    def _read_shelf(self, companies):
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT line.company_id, rel.account_id, line.id,
                          COALESCE(line.analytic_key, ''), budget.date_from,
                          budget.date_to
                     FROM performance_budget_position_account_rel rel
                     JOIN performance_budget_position leaf ON leaf.id = rel.position_id
                     JOIN performance_budget_line line ON line.position_id = ANY(
                          string_to_array(rtrim(leaf.parent_path, '/'), '/')::int[])
                     JOIN performance_budget budget ON budget.id = line.budget_id
                    WHERE line.company_id = ANY(%s)
                      AND line.is_reserve IS NOT TRUE
                      AND budget.%s
                 ORDER BY line.id""",
                list(companies),
                IN_FORCE,
            )
        )
        shelf = defaultdict(list)
        for company_id, account_id, line_id, text, date_from, date_to in rows:
            key = frozenset(int(part) for part in text.split(",") if part)
            mark = min(key, default=None)
            shelf[company_id, account_id, mark].append(
                Candidate(line_id, key, date_from, date_to)
            )
        return dict(shelf)
