from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import planning

RISK = [
    ("none", "None"),
    ("new", "New"),
    ("growth", "Grows"),
    ("frame", "Above frame"),
]


class PerformanceBudgetProposalLine(models.Model):
    """What is known of a line from the year before, and what finance should look at.

    The figures are kept as they were when the line was written, submitted or looked up
    again: the levels decide on what they saw.
    """

    _inherit = "performance.budget.proposal.line"

    base_line_id = fields.Many2one(
        "performance.budget.line",
        string="Line Before",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    last_planned = fields.Monetary(string="Planned Before", readonly=True, copy=False)
    last_actual = fields.Monetary(string="Actual Before", readonly=True, copy=False)
    last_open = fields.Monetary(
        string="Committed Before",
        readonly=True,
        copy=False,
        help="Reserved and committed on the line before and not booked yet: it may have"
        " to be borne by the next budget.",
    )
    last_expected = fields.Monetary(
        string="Expected Before",
        readonly=True,
        copy=False,
        help="What the latest forecast expects until the end of the budget before;"
        " without a forecast what is used so far.",
    )
    growth_rate = fields.Float(
        string="Growth",
        digits=(16, 4),
        readonly=True,
        copy=False,
        aggregator=None,
        help="Proposed against what is expected before.",
    )
    risk = fields.Selection(
        RISK, string="Flag", readonly=True, default="none", copy=False, index=True
    )
    risk_text = fields.Char(compute="_compute_risk_text", string="Why It Is Flagged")

    @api.depends("risk", "growth_rate")
    @api.depends_context("lang")
    def _compute_risk_text(self):
        for line in self:
            line.risk_text = line._get_risk_text()

    def _get_risk_text(self):
        if self.risk == "frame":
            return self.env._("The lines of this position come to more than its frame.")
        if self.risk == "growth":
            return self.env._(
                "%(rate).0f %% above what is expected before.",
                rate=self.growth_rate * 100,
            )
        if self.risk == "new":
            return self.env._("Nothing was spent on this before.")
        return ""

    def _assess(self):
        """Look up the figures of the year before, for all lines in a few queries."""
        if not self:
            return
        self.flush_recordset()
        figures = self._find_figures()
        over = self._find_over_frame()
        for line in self.sudo():  # protected figures that follow from other records
            base_id, planned, actual, still_open, expected = figures.get(
                line.id, (False, 0, 0, 0, 0)
            )
            proposed, before = line._exact(line.amount), Decimal(expected or 0)
            # no decision about money: a rate for people to look at
            rate = planning.growth(proposed, before)
            values = {
                "base_line_id": base_id,
                "last_planned": planned,
                "last_actual": actual,
                "last_open": still_open,
                "last_expected": expected,
                "growth_rate": min(float(rate), 1e6) if rate is not None else 0.0,
                "risk": planning.risk(
                    proposed,
                    before,
                    line._exact(line.round_id.growth_limit),
                    over_frame=line.id in over,
                )
                if not line.is_reserve
                else "none",
            }
            line._write_derived(values)

    def _find_figures(self):
        """Return ``{id: (base line, planned, actual, open, expected)}``.

        The line before is that of the compared budget with the same position, projects
        and the cost centre of the department.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """WITH wanted AS (
                       SELECT line.id, round.base_budget_id AS budget_id,
                              line.position_id, COALESCE(line.is_reserve, FALSE)
                              AS is_reserve,
                              ARRAY(SELECT account_id FROM (
                                    SELECT analytic_account_id AS account_id
                                      FROM performance_budget_proposal_line_analytic_rel
                                     WHERE line_id = line.id
                                     UNION
                                    SELECT department.cost_centre_id
                                     WHERE department.cost_centre_id IS NOT NULL
                                    ) key ORDER BY account_id) AS accounts
                         FROM performance_budget_proposal_line line
                         JOIN performance_budget_round round ON round.id = round_id
                    LEFT JOIN hr_department department
                           ON department.id = line.department_id
                        WHERE line.id = ANY(%s)
                   )
                   SELECT wanted.id, base.id, balance.amount_planned,
                          balance.amount_actual,
                          balance.amount_reserved + balance.amount_committed,
                          GREATEST(forecast.amount_expected, balance.amount_used)
                     FROM wanted
                     JOIN performance_budget_line base
                       ON base.budget_id = wanted.budget_id
                      AND base.position_id = wanted.position_id
                      AND COALESCE(base.is_reserve, FALSE) = wanted.is_reserve
                      AND COALESCE(base.analytic_key, '')
                          = array_to_string(wanted.accounts, ',')
                     JOIN performance_budget_balance balance
                       ON balance.id = base.balance_id
                LEFT JOIN LATERAL (
                          SELECT line.amount_expected
                            FROM performance_budget_forecast_line line
                           WHERE line.line_id = base.id
                        ORDER BY line.forecast_id DESC LIMIT 1) forecast ON TRUE""",
                self.ids,
            )
        )
        return {row[0]: row[1:] for row in rows}

    def _find_over_frame(self):
        """Return the ids of lines on a position whose frame is passed."""
        rows = self.env.execute_query(
            SQL(
                """WITH below AS (
                       SELECT frame.id AS frame_id, frame.amount AS frame,
                              line.id AS line_id, line.amount, line.pool_line_id
                         FROM performance_budget_round_frame frame
                         JOIN performance_budget_position wide
                           ON wide.id = frame.position_id
                    LEFT JOIN hr_department top ON top.id = frame.department_id
                         JOIN performance_budget_proposal_line line
                           ON line.round_id = frame.round_id AND line.is_current
                          AND line.is_reserve IS NOT TRUE
                         JOIN performance_budget_position position
                           ON position.id = line.position_id
                          AND starts_with(position.parent_path, wide.parent_path)
                    LEFT JOIN hr_department department
                           ON department.id = line.department_id
                        WHERE frame.round_id = ANY(%s)
                          AND (top.id IS NULL
                               OR starts_with(department.parent_path, top.parent_path))
                   )
                   SELECT line_id FROM below
                    WHERE frame_id IN (
                          SELECT frame_id FROM below
                           WHERE NOT EXISTS (
                                 SELECT FROM below pool
                                  WHERE pool.frame_id = below.frame_id
                                    AND pool.line_id = below.pool_line_id)
                        GROUP BY frame_id HAVING SUM(amount) > MIN(frame))""",
                self.round_id.ids,
            )
        )
        return {line_id for (line_id,) in rows}
