from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class BscCalibration(models.Model):
    """A session in which several people look at the ratings of a population together.

    ===================  ==============================================================
    Who                  What
    ===================  ==============================================================
    appraisal officer    prepares, opens and closes sessions
    participant          joins an open session, sees its people but not himself, and
                         rates, with a reason
    auditor              reads all
    ===================  ==============================================================

    Whoever joins is noted before he sees anybody. Guidelines and signals are advice;
    only ratings change, never scores, and each change says who, when and why.
    """

    _name = "bsc.calibration"
    _description = "Calibration Session"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    _PROTECTED = frozenset(
        {"state", "line_ids", "attendance_ids", "date_opened", "date_closed"}
    )

    name = fields.Char(required=True)
    cycle_id = fields.Many2one(
        "bsc.cycle",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain=[("state", "=", "feedback"), ("published_date", "=", False)],
    )
    company_id = fields.Many2one(
        related="cycle_id.company_id", store=True, precompute=True, index=True
    )
    department_ids = fields.Many2many(
        "hr.department",
        string="Departments",
        check_company=True,
        help="Their people and those of the departments below. Empty: everybody.",
    )
    job_ids = fields.Many2many(
        "hr.job", string="Posts", check_company=True, help="Empty: all posts."
    )
    facilitator_id = fields.Many2one(
        "res.users",
        required=True,
        default=lambda self: self.env.user,
        check_company=True,
        domain=[("share", "=", False)],
    )
    participant_ids = fields.Many2many(
        "res.users",
        string="Participants",
        check_company=True,
        domain=[("share", "=", False)],
    )
    state = fields.Selection(
        [("draft", "Draft"), ("open", "Under Way"), ("closed", "Closed")],
        required=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    date_opened = fields.Datetime(copy=False, readonly=True)
    date_closed = fields.Datetime(copy=False, readonly=True)
    is_strict = fields.Boolean(
        string="Guideline Is Binding",
        help="Only for 30 people or more. A binding distribution is uncommon and can be"
        " against the law: take advice first.",
    )
    guideline_ids = fields.One2many(
        "bsc.calibration.guideline", "calibration_id", copy=True
    )
    deviation_reason = fields.Text(
        help="Why the ratings differ from the guideline. Needed to close if they do."
    )
    line_ids = fields.One2many("bsc.calibration.line", "calibration_id", readonly=True)
    line_count = fields.Integer(compute="_compute_line_count", compute_sudo=True)
    attendance_ids = fields.One2many(
        "bsc.calibration.attendance", "calibration_id", readonly=True
    )

    @api.depends("line_ids")
    def _compute_line_count(self):
        for session in self:
            session.line_count = len(session.line_ids)

    @api.constrains("guideline_ids")
    def _check_guideline(self):
        for session in self:
            about = session.guideline_ids.filtered(lambda one: one.kind == "about")
            if about and len(about) == len(session.guideline_ids):
                total = sum(about.mapped("share"))
                if abs(total - 100) > 0.005:
                    raise ValidationError(
                        self.env._(
                            "The shares of the guideline add up to %(total).2f %%, not"
                            " to 100 %%.",
                            total=total,
                        )
                    )

    @api.constrains("participant_ids", "facilitator_id")
    def _check_participants(self):
        for session in self:
            if not session.participant_ids - session.facilitator_id:
                raise ValidationError(
                    self.env._(
                        "A calibration takes more than one pair of eyes: add a"
                        " participant besides the facilitator."
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_opened(self):
        opened = self.filtered(lambda session: session.state != "draft")
        if opened:
            raise UserError(
                self.env._(
                    "“%s” was opened: what was decided in it stays on record.",
                    opened[0].name,
                )
            )

    def write(self, vals):
        fixed = {"cycle_id", "department_ids", "job_ids", "guideline_ids", "is_strict"}
        if vals.keys() & fixed and not self.env.su:
            for session in self.filtered(lambda one: one.state != "draft"):
                raise UserError(
                    self.env._(
                        "“%s” was opened: its people and its guideline stay as they"
                        " were.",
                        session.name,
                    )
                )
        return super().write(vals)

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in self._PROTECTED and not self.env.su:
            return False
        return super()._has_field_access(field, operation)
