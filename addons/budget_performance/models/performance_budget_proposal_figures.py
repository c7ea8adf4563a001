from collections import defaultdict

from odoo import api, fields, models


class PerformanceBudgetProposal(models.Model):
    """What a proposal comes to, beside its frame and the year before."""

    _inherit = "performance.budget.proposal"

    amount_proposed = fields.Monetary(
        string="Proposed",
        compute="_compute_amounts",
        store=True,
        help="Of this department alone; lines inside a pool of it count with the pool.",
    )
    amount_reserve = fields.Monetary(
        string="Reserve", compute="_compute_amounts", store=True
    )
    amount_last_planned = fields.Monetary(
        string="Planned Before", compute="_compute_amounts", store=True
    )
    amount_last_expected = fields.Monetary(
        string="Expected Before",
        compute="_compute_amounts",
        store=True,
        help="What is expected to be spent in the year before.",
    )
    line_count = fields.Integer(string="Lines", compute="_compute_amounts", store=True)
    risk_count = fields.Integer(
        string="Flagged", compute="_compute_amounts", store=True
    )
    amount_before = fields.Monetary(
        related="previous_id.amount_proposed", string="Iteration Before"
    )
    amount_frame = fields.Monetary(
        string="Frame",
        compute="_compute_frame",
        help="What management gave the department and all below it; without a frame of"
        " its own, those of its positions or of the departments below.",
    )
    amount_with_below = fields.Monetary(
        string="Proposed With Below",
        compute="_compute_frame",
        help="The current proposals of the department and of all below it.",
    )
    amount_difference = fields.Monetary(
        string="Above Frame",
        compute="_compute_frame",
        help="Proposed with all below, less the frame: more than zero is too much.",
    )

    @api.depends(
        "line_ids.amount",
        "line_ids.is_reserve",
        "line_ids.pool_line_id",
        "line_ids.last_planned",
        "line_ids.last_expected",
        "line_ids.risk",
    )
    def _compute_amounts(self):
        for proposal in self:
            lines = proposal.line_ids
            spent = lines.filtered(lambda line: not line.is_reserve)
            outer = spent.filtered(
                lambda line, lines=lines: line.pool_line_id not in lines
            )
            proposal.amount_proposed = sum(outer.mapped("amount"))
            proposal.amount_reserve = sum((lines - spent).mapped("amount"))
            proposal.amount_last_planned = sum(outer.mapped("last_planned"))
            proposal.amount_last_expected = sum(outer.mapped("last_expected"))
            proposal.line_count = len(lines)
            proposal.risk_count = len(
                lines.filtered(lambda line: line.risk not in (False, "none"))
            )

    @api.depends("round_id.frame_ids.amount", "line_ids.amount")
    @api.depends_context("uid")
    def _compute_frame(self):
        """Read them from the board: one query for all proposals that are shown."""
        Board = self.env["performance.budget.round.board"]
        Board.invalidate_model()  # a query knows no dependencies: read it as it is now
        rows = Board.search([("round_id", "in", self.round_id.ids)])
        found = defaultdict(lambda: (0.0, 0.0, 0.0))
        for row in rows:
            found[row.round_id, row.department_id] = (
                row.amount_frame,
                row.amount_proposed,
                row.amount_difference,
            )
        for proposal in self:
            frame, proposed, difference = found[
                proposal.round_id, proposal.department_id
            ]
            proposal.amount_frame = frame
            proposal.amount_with_below = proposed
            proposal.amount_difference = difference
