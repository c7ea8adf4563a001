from odoo import fields, models


class HrDepartment(models.Model):
    """A department has indicators of its own."""

    _name = "hr.department"
    _inherit = ["hr.department", "bsc.indicator.subject"]

    assignment_ids = fields.One2many(
        "bsc.indicator.assignment", "department_id", string="Indicators"
    )
