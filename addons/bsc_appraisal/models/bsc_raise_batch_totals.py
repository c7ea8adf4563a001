from odoo import api, fields, models

from .bsc_bonus import PAY


class BscRaiseBatch(models.Model):
    """What a batch comes to: one query for any number of batches and people."""

    _inherit = "bsc.raise.batch"

    line_count = fields.Integer(string="People Listed", compute="_compute_totals")
    award_count = fields.Integer(string="People Awarded", compute="_compute_totals")
    applied_count = fields.Integer(string="Applied", compute="_compute_totals")
    failed_count = fields.Integer(string="Not Applied", compute="_compute_totals")
    amount_raw = fields.Monetary(
        string="By the Grid",
        compute="_compute_totals",
        groups=PAY,
        help="What the grid would cost without the limit of the pool.",
    )
    amount_cost = fields.Monetary(string="Cost", compute="_compute_totals", groups=PAY)
    amount_lump = fields.Monetary(
        string="Thereof Paid Once", compute="_compute_totals", groups=PAY
    )
    amount_left = fields.Monetary(
        string="Left in the Pool", compute="_compute_totals", groups=PAY
    )

    @api.depends("line_ids.cost", "line_ids.cost_raw", "line_ids.state", "pool_amount")
    def _compute_totals(self):
        sums = {}
        for batch, state, count, cost, raw, lump in self.env["bsc.raise"]._read_group(
            [("batch_id", "in", self.ids)],
            ["batch_id", "state"],
            ["__count", "cost:sum", "cost_raw:sum", "lump:sum"],
        ):
            sums.setdefault(batch, {})[state] = (count, cost, raw, lump)
        awards = dict(
            self.env["bsc.raise"]._read_group(
                [("batch_id", "in", self.ids), ("cost", ">", 0)],
                ["batch_id"],
                ["__count"],
            )
        )
        for batch in self:
            states = sums.get(batch._origin, {})
            batch.line_count = sum(row[0] for row in states.values())
            batch.award_count = awards.get(batch._origin, 0)
            batch.applied_count = states.get("applied", (0,))[0]
            batch.failed_count = states.get("failed", (0,))[0]
            batch.amount_cost = sum(row[1] for row in states.values())
            batch.amount_raw = sum(row[2] for row in states.values())
            batch.amount_lump = sum(row[3] for row in states.values())
            batch.amount_left = batch.pool_amount - batch.amount_cost
