from odoo import fields, models


class HrJob(models.Model):
    """A post carries the template of its people's scorecards."""

    _name = "hr.job"
    _inherit = ["hr.job", "bsc.indicator.subject"]

    assignment_ids = fields.One2many(
        "bsc.indicator.assignment", "job_id", string="Indicators"
    )
