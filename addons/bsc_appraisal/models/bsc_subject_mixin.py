from odoo import api, fields, models
from odoo.exceptions import ValidationError

SUBJECT_FIELDS = {
    "department": "department_id",
    "job": "job_id",
    "employee": "employee_id",
}


class BscSubjectMixin(models.AbstractModel):
    """Whom scorecards and figures are about: the company, or one department, post or
    employee of it. By ``subject_key`` the two meet. Whoever inherits has a company.
    """

    _name = "bsc.subject.mixin"
    _description = "About One Subject"

    subject_kind = fields.Selection(
        [
            ("company", "Company"),
            ("department", "Department"),
            ("job", "Post"),
            ("employee", "Employee"),
        ],
        string="Level",
        required=True,
        default="employee",
    )
    subject_key = fields.Char(compute="_compute_subject_key", store=True)
    name = fields.Char(compute="_compute_name", store=True, compute_sudo=True)
    department_id = fields.Many2one(
        "hr.department", check_company=True, index="btree_not_null", ondelete="restrict"
    )
    job_id = fields.Many2one(
        "hr.job",
        string="Post",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    employee_id = fields.Many2one(
        "hr.employee", check_company=True, index="btree_not_null", ondelete="restrict"
    )

    @api.depends("subject_kind", "department_id", "job_id", "employee_id")
    def _compute_subject_key(self):
        for record in self:
            subject = {name: record[name].id for name in SUBJECT_FIELDS.values()}
            record.subject_key = record._get_subject_key(
                {"subject_kind": record.subject_kind, **subject}
            )

    @api.depends("department_id.name", "job_id.name", "employee_id.name", "company_id")
    def _compute_name(self):
        for record in self:
            name = SUBJECT_FIELDS.get(record.subject_kind, "company_id")
            record.name = record[name].name

    @api.constrains("subject_kind", "department_id", "job_id", "employee_id")
    def _check_subject(self):
        for record in self:
            wanted = SUBJECT_FIELDS.get(record.subject_kind)
            filled = {name for name in SUBJECT_FIELDS.values() if record[name]}
            if filled != ({wanted} if wanted else set()):
                raise ValidationError(
                    self.env._(
                        "Scorecards and figures are about one subject: choose the"
                        " company, one department, one post or one employee."
                    )
                )

    @api.model
    def _get_subject_key(self, vals) -> str:
        """Return the name by which scorecards and measurements of a subject meet."""
        kind = vals.get("subject_kind") or "employee"
        if kind == "company":
            return "company"
        return f"{kind}:{vals.get(SUBJECT_FIELDS[kind]) or 0}"
