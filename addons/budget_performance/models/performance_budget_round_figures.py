from odoo import api, fields, models


class PerformanceBudgetRound(models.Model):
    """What a round comes to so far."""

    _inherit = "performance.budget.round"

    amount_frame = fields.Monetary(compute="_compute_figures", string="Frame")
    amount_proposed = fields.Monetary(
        compute="_compute_figures",
        string="Proposed",
        help="All current lines, those inside a pool counted with it, without reserve.",
    )
    amount_difference = fields.Monetary(
        compute="_compute_figures",
        string="Above Frame",
        help="Proposed less frame: more than zero is too much.",
    )
    amount_last_expected = fields.Monetary(
        compute="_compute_figures", string="Expected Before"
    )
    amount_reserve = fields.Monetary(compute="_compute_figures", string="Reserve")
    proposal_count = fields.Integer(compute="_compute_figures", string="Proposals")
    submitted_count = fields.Integer(
        compute="_compute_figures", string="Submitted Proposals"
    )
    line_count = fields.Integer(compute="_compute_figures", string="Lines")
    risk_count = fields.Integer(compute="_compute_figures", string="Flagged")

    @api.depends(
        "frame_ids.amount",
        "proposal_ids.state",
        "proposal_ids.is_current",
        "proposal_ids.line_ids.amount",
    )
    @api.depends_context("uid")
    def _compute_figures(self):
        Board = self.env["performance.budget.round.board"]
        Board.invalidate_model()  # a query knows no dependencies: read it as it is now
        tops = {
            row.round_id: row
            for row in Board.search([("round_id", "in", self.ids), ("depth", "=", 0)])
        }
        reserves = dict(
            self.env["performance.budget.proposal.line"]._read_group(
                [
                    ("round_id", "in", self.ids),
                    ("is_current", "=", True),
                    ("is_reserve", "=", True),
                ],
                ["round_id"],
                ["amount:sum"],
            )
        )
        counts = {
            (budget_round, state): count
            for budget_round, state, count in self.env[
                "performance.budget.proposal"
            ]._read_group(
                [
                    ("round_id", "in", self.ids),
                    ("is_current", "=", True),
                    ("department_id", "!=", False),
                ],
                ["round_id", "state"],
                ["__count"],
            )
        }
        for budget_round in self:
            origin = budget_round._origin
            top = tops.get(origin, Board)
            budget_round.amount_frame = top.amount_frame
            budget_round.amount_proposed = top.amount_proposed
            budget_round.amount_difference = top.amount_difference
            budget_round.amount_last_expected = top.amount_last_expected
            budget_round.line_count = top.line_count
            budget_round.risk_count = top.risk_count
            budget_round.amount_reserve = reserves.get(origin, 0.0)
            done = sum(
                counts.get((origin, state), 0) for state in ("submitted", "accepted")
            )
            budget_round.submitted_count = done
            budget_round.proposal_count = done + counts.get((origin, "draft"), 0)
