from odoo import api, fields, models
from odoo.exceptions import ValidationError


class BscIndicatorAssignment(models.Model):
    """An indicator that everybody on a post, or a department, is measured by.

    The assignments of a post are the template of its people's scorecards, with
    weights entered directly. Every employee reads them: one knows how one is judged.
    Appraisal managers set them.
    """

    _name = "bsc.indicator.assignment"
    _description = "Assigned Indicator"
    _order = "job_id, department_id, sequence, id"
    _rec_name = "indicator_id"
    _check_company_auto = True

    indicator_id = fields.Many2one(
        "bsc.indicator",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        domain="[('state', '!=', 'retired'), ('company_id', '=', company_id)]",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    job_id = fields.Many2one(
        "hr.job",
        string="Post",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
    )
    department_id = fields.Many2one(
        "hr.department",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
    )
    sequence = fields.Integer(default=10)
    perspective_id = fields.Many2one(related="indicator_id.perspective_id", store=True)
    indicator_state = fields.Selection(
        related="indicator_id.state", string="Indicator Is"
    )
    weight = fields.Float(
        string="Weight (%)",
        digits=(7, 4),
        help="Share of the whole scorecard of the post or department; the column sums"
        " to 100 %.",
    )

    _one_subject = models.Constraint(
        "CHECK (num_nonnulls(job_id, department_id) = 1)",
        "An indicator is assigned to one post or to one department.",
    )
    _weight_range = models.Constraint(
        "CHECK (weight BETWEEN 0 AND 100)",
        "The weight of an assigned indicator lies between 0 and 100 %.",
    )
    _job_uniq = models.UniqueIndex(
        "(company_id, job_id, indicator_id) WHERE job_id IS NOT NULL",
        "The post has this indicator already.",
    )
    _department_uniq = models.UniqueIndex(
        "(company_id, department_id, indicator_id) WHERE department_id IS NOT NULL",
        "The department has this indicator already.",
    )

    @api.constrains("indicator_id")
    def _check_indicator_in_use(self):
        for assignment in self:
            if assignment.indicator_id.state == "retired":
                raise ValidationError(
                    self.env._(
                        "%s is retired: it takes no new figures. Choose its successor.",
                        assignment.indicator_id.display_name,
                    )
                )
