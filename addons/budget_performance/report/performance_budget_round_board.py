from odoo import api, fields, models
from odoo.tools import SQL

from ..models.performance_budget_proposal import PROPOSAL_STATE
from .performance_budget_rollup import ID_SPACE, INDENT


class PerformanceBudgetRoundBoard(models.Model):
    """Frame, proposal and difference along the tree of departments, in one query.

    A row is a department in a round with all below it; the first row is the whole
    company. A line that lies in a pool is left out of every row that has the pool. A
    department without a frame of its own shows those of its positions, else the sum
    of the nearest frames below. Only what the reader may see is added up.
    """

    _name = "performance.budget.round.board"
    _description = "Planning Board"
    _auto = False
    _order = "round_id desc, path"
    _rec_name = "name"
    _depends = {
        "performance.budget.proposal.line": [
            "amount",
            "department_id",
            "is_current",
            "is_reserve",
            "pool_line_id",
            "last_planned",
            "last_expected",
            "risk",
        ],
        "performance.budget.proposal": ["department_id", "is_current", "state"],
        "performance.budget.round.frame": ["amount", "department_id", "position_id"],
        "hr.department": ["parent_path"],
    }

    name = fields.Char(compute="_compute_name")
    depth = fields.Integer(readonly=True, aggregator=None)
    path = fields.Char(readonly=True)
    round_id = fields.Many2one("performance.budget.round", readonly=True)
    round_state = fields.Selection(related="round_id.state", string="Round Is")
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    department_id = fields.Many2one("hr.department", readonly=True)
    proposal_id = fields.Many2one("performance.budget.proposal", readonly=True)
    user_id = fields.Many2one("res.users", string="Proposed By", readonly=True)
    iteration = fields.Integer(readonly=True, aggregator=None)
    state = fields.Selection(PROPOSAL_STATE, readonly=True)
    line_count = fields.Integer(string="Lines", readonly=True, aggregator=None)
    risk_count = fields.Integer(string="Flagged", readonly=True, aggregator=None)
    amount_frame = fields.Monetary("Frame", readonly=True, aggregator=None)
    amount_proposed = fields.Monetary("Proposed", readonly=True, aggregator=None)
    amount_difference = fields.Monetary(
        "Above Frame",
        readonly=True,
        aggregator=None,
        help="Proposed less frame: more than zero is too much.",
    )
    amount_last_planned = fields.Monetary(
        "Planned Before", readonly=True, aggregator=None
    )
    amount_last_expected = fields.Monetary(
        "Expected Before", readonly=True, aggregator=None
    )

    @property
    def _table_query(self):
        lines = self.env["performance.budget.proposal.line"]._search(
            [("is_current", "=", True), ("is_reserve", "=", False)], order="id"
        )
        proposals = self.env["performance.budget.proposal"]._search(
            [("is_current", "=", True)], order="id"
        )
        frames = self.env["performance.budget.round.frame"]._search([], order="id")
        return SQL(
            """WITH RECURSIVE line AS (
                   SELECT * FROM performance_budget_proposal_line
                    WHERE id IN %(lines)s
               ), proposal AS (
                   SELECT *, COALESCE(department_id, 0) AS node
                     FROM performance_budget_proposal WHERE id IN %(proposals)s
               ), frame AS (
                   SELECT round_id, COALESCE(department_id, 0) AS node,
                          COALESCE(MAX(amount) FILTER (WHERE position_id IS NULL),
                                   SUM(amount)) AS amount
                     FROM performance_budget_round_frame WHERE id IN %(frames)s
                 GROUP BY round_id, COALESCE(department_id, 0)
               ), %(node)s, %(pool)s, %(total)s, %(framed)s
               SELECT node.round_id::bigint * %(space)s + node.node AS id,
                      node.round_id, node.depth, node.path, round.company_id,
                      NULLIF(node.node, 0) AS department_id, framed.amount_frame,
                      proposal.id AS proposal_id, proposal.user_id,
                      CASE WHEN node.node <> 0 OR proposal.line_count > 0
                           THEN proposal.state END AS state, proposal.iteration,
                      total.line_count, total.risk_count,
                      COALESCE(total.amount_proposed, 0) AS amount_proposed,
                      COALESCE(total.amount_proposed, 0) - framed.amount_frame
                      AS amount_difference,
                      COALESCE(total.amount_last_planned, 0) AS amount_last_planned,
                      COALESCE(total.amount_last_expected, 0) AS amount_last_expected
                 FROM node
                 JOIN performance_budget_round round ON round.id = node.round_id
            LEFT JOIN proposal USING (round_id, node)
            LEFT JOIN total USING (round_id, node)
            LEFT JOIN framed USING (round_id, node)""",
            lines=lines.subselect(),
            proposals=proposals.subselect(),
            frames=frames.subselect(),
            node=self._node(),
            pool=self._pool(),
            total=self._total(),
            framed=self._framed(),
            space=ID_SPACE,
        )

    @api.model
    def _node(self):
        """Return the queries of the tree and of the rows: who takes part, all above."""
        return SQL(
            """up AS (
                   SELECT leaf.id AS leaf, step.node, step.depth::int,
                          above.parent_path AS path
                     FROM hr_department leaf
               CROSS JOIN LATERAL unnest(
                          string_to_array(rtrim(leaf.parent_path, '/'), '/')::int[])
                          WITH ORDINALITY AS step(node, depth)
                     JOIN hr_department above ON above.id = step.node
                    UNION ALL
                   SELECT id, 0, 0, '' FROM hr_department
                    UNION ALL
                   SELECT 0, 0, 0, ''
               ), node AS (
                   SELECT DISTINCT member.round_id, up.node, up.depth, up.path
                     FROM (SELECT round_id, node FROM proposal
                            UNION SELECT round_id, node FROM frame) member
                     JOIN up ON up.leaf = member.node
               )"""
        )

    @api.model
    def _pool(self):
        """Return the query of all pools that a line lies in, near or wide."""
        return SQL(
            """pool AS (
                   SELECT id AS line_id, pool_line_id AS pool_id
                     FROM line WHERE pool_line_id IS NOT NULL
                    UNION
                   SELECT pool.line_id, wider.pool_line_id
                     FROM pool
                     JOIN performance_budget_proposal_line wider
                       ON wider.id = pool.pool_id
                    WHERE wider.pool_line_id IS NOT NULL
               )"""
        )

    @api.model
    def _total(self):
        """Return the query of what the lines of a node come to, pools counted once."""
        return SQL(
            """place AS (
                   SELECT line.id AS line_id, line.round_id, up.node
                     FROM line
                     JOIN up ON up.leaf = COALESCE(line.department_id, 0)
               ), total AS (
                   SELECT place.round_id, place.node, COUNT(*) AS line_count,
                          COUNT(*) FILTER (WHERE line.risk <> 'none') AS risk_count,
                          SUM(line.amount) FILTER (WHERE outer_most.it)
                          AS amount_proposed,
                          SUM(line.last_planned) FILTER (WHERE outer_most.it)
                          AS amount_last_planned,
                          SUM(line.last_expected) FILTER (WHERE outer_most.it)
                          AS amount_last_expected
                     FROM place
                     JOIN line ON line.id = place.line_id
               CROSS JOIN LATERAL (SELECT NOT EXISTS (
                          SELECT FROM pool
                            JOIN place around ON around.line_id = pool.pool_id
                           WHERE pool.line_id = line.id AND around.node = place.node)
                          AS it) outer_most
                 GROUP BY place.round_id, place.node
               )"""
        )

    @api.model
    def _framed(self):
        """Return the query of the frame of a node, else of the nearest ones below."""
        return SQL(
            """placed AS (
                   SELECT frame.*, node.path FROM frame
                     JOIN node ON node.round_id = frame.round_id
                      AND node.node = frame.node
               ), framed AS (
                   SELECT node.round_id, node.node,
                          COALESCE(own.amount, (
                          SELECT SUM(below.amount) FROM placed below
                           WHERE below.round_id = node.round_id
                             AND starts_with(below.path, node.path)
                             AND NOT EXISTS (
                                 SELECT FROM placed between_them
                                  WHERE between_them.round_id = node.round_id
                                    AND between_them.node NOT IN (0, below.node)
                                    AND starts_with(below.path, between_them.path)
                                    AND starts_with(between_them.path, node.path))))
                          AS amount_frame
                     FROM node
                LEFT JOIN frame own ON own.round_id = node.round_id
                      AND own.node = node.node
               )"""
        )

    @api.depends("depth", "path")
    def _compute_name(self):
        for row in self:
            name = row.department_id.name if row.depth else self.env._("Whole company")
            row.name = INDENT * row.depth + (name or "")

    def action_open_proposal(self):
        """Open the proposal of the row, else all lines behind it."""
        self.ensure_one()
        if self.proposal_id:
            return self.proposal_id._get_records_action()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "budget_performance.performance_budget_proposal_line_action"
        )
        domain = [("round_id", "=", self.round_id.id), ("is_current", "=", True)]
        if self.depth:
            domain.append(("department_id", "child_of", self.department_id.id))
        return {**action, "domain": domain, "context": {}}
