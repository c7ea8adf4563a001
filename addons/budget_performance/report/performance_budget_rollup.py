from odoo import api, fields, models
from odoo.tools import SQL

KINDS = ("planned", "reserved", "committed", "actual", "used", "available")
INDENT = "\u2003\u2003"
ID_SPACE = 10**9  # nodes of one budget; a node's id stays below


class PerformanceBudgetRollup(models.AbstractModel):
    """The lines of a budget added up along a tree, in one query.

    A row is a node of the tree in a budget, with what lies on the node itself and the
    total with all below it. The first row of a budget is the whole company. Nothing
    counts twice: a line is left out of every node that has a pool it lies in. A node
    that the pool is not part of shows the line, so a department sees its own money
    although the company has a pool around it. Only lines that the reader may see are
    added up.

    The models of the trees implement :meth:`_places` and :meth:`_get_node_name`.
    """

    _name = "performance.budget.rollup"
    _description = "Budget Roll-up"
    _order = "budget_id, path"
    _rec_name = "name"

    name = fields.Char(compute="_compute_name")
    depth = fields.Integer(readonly=True, aggregator=None)
    path = fields.Char(readonly=True)
    budget_id = fields.Many2one("performance.budget", readonly=True)
    state = fields.Selection(related="budget_id.state")
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_planned = fields.Monetary("Planned", readonly=True, aggregator=None)
    amount_reserved = fields.Monetary("Reserved", readonly=True, aggregator=None)
    amount_committed = fields.Monetary("Committed", readonly=True, aggregator=None)
    amount_actual = fields.Monetary("Actual", readonly=True, aggregator=None)
    amount_used = fields.Monetary("Used", readonly=True, aggregator=None)
    amount_available = fields.Monetary("Available", readonly=True, aggregator=None)
    usage_rate = fields.Float("Usage", readonly=True, aggregator=None)
    own_planned = fields.Monetary(readonly=True)
    own_reserved = fields.Monetary(readonly=True)
    own_committed = fields.Monetary(readonly=True)
    own_actual = fields.Monetary(readonly=True)
    own_used = fields.Monetary(readonly=True)
    own_available = fields.Monetary(readonly=True)
    own_usage_rate = fields.Float("Own Usage", readonly=True, aggregator=None)

    @property
    def _table_query(self):
        lines = self.env["performance.budget.line"]._search(
            [("is_reserve", "=", False)], order="id"
        )
        return SQL(
            """WITH RECURSIVE line AS (
                   SELECT line.*, %(amounts)s
                     FROM performance_budget_line line
                     JOIN performance_budget_balance balance
                       ON balance.id = line.balance_id
                    WHERE line.id IN %(lines)s
               ), pool AS (
                   SELECT id AS line_id, pool_line_id AS pool_id
                     FROM line WHERE pool_line_id IS NOT NULL
                    UNION
                   SELECT pool.line_id, wider.pool_line_id
                     FROM pool
                     JOIN performance_budget_line wider ON wider.id = pool.pool_id
                    WHERE wider.pool_line_id IS NOT NULL
               ), place AS (
                   %(places)s
                    UNION
                   SELECT id, 0, 0, '', id NOT IN (SELECT line_id FROM (%(places)s) p)
                     FROM line
               ), node AS (
                   SELECT line.budget_id, line.company_id, place.node, place.depth,
                          place.path, %(sums)s
                     FROM line
                     JOIN place ON place.line_id = line.id
                    WHERE NOT EXISTS (
                          SELECT FROM pool
                            JOIN place around ON around.line_id = pool.pool_id
                           WHERE pool.line_id = line.id AND around.node = place.node)
                 GROUP BY line.budget_id, line.company_id, place.node, place.depth,
                          place.path
               )
               SELECT node.*, budget_id::bigint * %(space)s + node AS id, %(record)s,
                      amount_used / NULLIF(amount_planned, 0) AS usage_rate,
                      own_used / NULLIF(own_planned, 0) AS own_usage_rate
                 FROM node""",
            amounts=SQL(", ").join(
                SQL("balance.%s", SQL.identifier(f"amount_{kind}")) for kind in KINDS
            ),
            lines=lines.subselect(),
            places=self._places(),
            sums=self._sums(),
            space=ID_SPACE,
            record=self._record(),
        )

    @api.model
    def _sums(self):
        """Return the columns with the totals of a node and what lies on it itself."""
        sums = []
        for kind in KINDS:
            amount = SQL.identifier("line", f"amount_{kind}")
            sums += [
                SQL("SUM(%s) AS %s", amount, SQL.identifier(f"amount_{kind}")),
                SQL(
                    "COALESCE(SUM(%s) FILTER (WHERE place.is_own), 0) AS %s",
                    amount,
                    SQL.identifier(f"own_{kind}"),
                ),
            ]
        return SQL(", ").join(sums)

    @api.model
    def _places(self):
        """Return a query of ``(line_id, node, depth, path, is_own)`` over ``line``.

        One row for each node that a line counts for: its own and all above it, without
        the whole company. Nodes are positive, ``path`` sorts them as a tree.
        """
        raise NotImplementedError

    @api.model
    def _tree_places(self, table, column):
        """Return :meth:`_places` for lines that point to a node of a tree.

        :param table: of the tree, with ``parent_path``
        :param column: of the budget line
        """
        return SQL(
            """SELECT line.id AS line_id, up.node, up.depth::int,
                      above.parent_path AS path, up.node = leaf.id AS is_own
                 FROM line
                 JOIN %(table)s leaf ON leaf.id = line.%(column)s
           CROSS JOIN LATERAL unnest(
                      string_to_array(rtrim(leaf.parent_path, '/'), '/')::int[])
                      WITH ORDINALITY AS up(node, depth)
                 JOIN %(table)s above ON above.id = up.node""",
            table=SQL.identifier(table),
            column=SQL.identifier(column),
        )

    @api.model
    def _record(self):
        """Return the columns that turn ``node`` into the fields of the tree."""
        raise NotImplementedError

    def _get_node_name(self):
        """Return the name of the record that the node stands for, empty at the top."""
        raise NotImplementedError

    def _get_line_domain(self):
        """Return the domain of the lines that the row adds up, inside pools or not."""
        raise NotImplementedError

    @api.depends("depth", "path")
    def _compute_name(self):
        for row in self:
            name = row._get_node_name() if row.depth else row.budget_id.name
            row.name = INDENT * row.depth + (name or "")

    def action_open_lines(self):
        """Open the lines behind a row; from there lead the entries to the documents."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "budget_performance.performance_budget_line_action"
        )
        domain = [("budget_id", "=", self.budget_id.id), ("is_reserve", "=", False)]
        if self.depth:
            domain += self._get_line_domain()
        return {**action, "domain": domain, "context": {}}
