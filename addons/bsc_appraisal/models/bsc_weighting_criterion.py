from odoo import api, fields, models


class BscWeightingCriterion(models.Model):
    """One of the things that a study compares; made and weighted by the study only."""

    _name = "bsc.weighting.criterion"
    _description = "Weighting Criterion"
    _order = "weighting_id, sequence, id"

    weighting_id = fields.Many2one(
        "bsc.weighting", string="Study", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="weighting_id.company_id", store=True, precompute=True, index=True
    )
    sequence = fields.Integer()
    perspective_id = fields.Many2one(
        "bsc.perspective", index="btree_not_null", ondelete="restrict"
    )
    indicator_id = fields.Many2one(
        "bsc.indicator", index="btree_not_null", ondelete="restrict"
    )
    name = fields.Char(compute="_compute_name", compute_sudo=True)
    priority = fields.Float(
        string="AHP Weight (%)",
        digits=(16, 10),
        help="Not rounded; the versions of weights are.",
    )

    _one_part = models.Constraint(
        "CHECK (num_nonnulls(perspective_id, indicator_id) = 1)",
        "A criterion stands for one perspective or one indicator.",
    )

    @api.depends("perspective_id.name", "indicator_id.display_name")
    @api.depends_context("lang")
    def _compute_name(self):
        # sudo: an expert compares what he is asked about, drafts included
        for criterion in self:
            part = criterion.perspective_id or criterion.indicator_id
            criterion.name = part.display_name
