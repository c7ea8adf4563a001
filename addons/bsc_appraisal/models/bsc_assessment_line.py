from odoo import fields, models

MARKS = [
    ("1", "1 Far below what is expected"),
    ("2", "2 Below what is expected"),
    ("3", "3 As expected"),
    ("4", "4 Above what is expected"),
    ("5", "5 Far above what is expected"),
]


class BscAssessmentLine(models.Model):
    """The judgement of one competency by one side."""

    _name = "bsc.assessment.line"
    _description = "Judged Competency"
    _order = "sequence, id"

    assessment_id = fields.Many2one(
        "bsc.assessment", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="assessment_id.company_id", store=True, precompute=True, index=True
    )
    competency_id = fields.Many2one(
        "bsc.competency", required=True, readonly=True, ondelete="restrict"
    )
    sequence = fields.Integer(related="competency_id.sequence", store=True)
    description = fields.Text(related="competency_id.description")
    value = fields.Selection(MARKS, string="Judgement")
    comment = fields.Char(string="Example", help="What shows it.")
    other_value = fields.Selection(
        MARKS, string="Other Side", compute="_compute_other_value"
    )

    def _compute_other_value(self):
        """Show the other side's judgement as far as the user may read it."""
        others = self.assessment_id.other_id.line_ids
        values = {
            (line.assessment_id.scorecard_id, line.competency_id): line.value
            for line in others
        }
        for line in self:
            key = (line.assessment_id.scorecard_id, line.competency_id)
            line.other_value = values.get(key, False)

    def write(self, vals):
        if not self.env.su:
            self.assessment_id._check_can_write()
        return super().write(vals)

    def _has_field_access(self, field, operation):
        closed = ("assessment_id", "competency_id", "company_id", "sequence")
        if operation == "write" and field.name in closed and not self.env.su:
            return False
        return super()._has_field_access(field, operation)
