from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import NO_ACCESS
from odoo.tools import email_normalize

from .bsc_cycle_feedback_policy import GROUP_LABELS


class BscFeedbackInvitation(models.Model):
    """Somebody who is asked for feedback; what he answered is kept elsewhere.

    ==================  ==============================================================
    Who                 Sees
    ==================  ==============================================================
    employee, manager   the names, while the round is prepared
    the rater           his own, once he was asked
    appraisal officer   the names, while the round is prepared
    appraisal manager   all and who answered, but of rounds about himself or his people
    ==================  ==============================================================

    There are no dates: when somebody answered is nobody's business.
    """

    _name = "bsc.feedback.invitation"
    _description = "Feedback Invitation"
    _inherit = ["bsc.confidential.mixin"]
    _log_access = False
    _order = "feedback_id desc, rater_group, name, id"
    _rec_name = "employee_name"
    _check_company_auto = True

    _PROTECTED = frozenset(
        {"state", "token_hashes", "reason", "date_asked", "company_id"}
    )

    feedback_id = fields.Many2one(
        "bsc.feedback",
        string="Round",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="feedback_id.company_id", store=True, precompute=True, index=True
    )
    employee_name = fields.Char(
        string="About", related="feedback_id.employee_id.name", related_sudo=True
    )
    cycle_name = fields.Char(string="Cycle", related="feedback_id.cycle_id.name")
    date_deadline = fields.Date(related="feedback_id.date_deadline")
    round_state = fields.Selection(related="feedback_id.state", string="Round Is")
    note = fields.Text(related="feedback_id.note")
    rater_group = fields.Selection(
        GROUP_LABELS, string="Group", required=True, default="peers"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Colleague",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        domain=[("share", "=", False)],
    )
    name = fields.Char(
        string="Rater",
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    email = fields.Char(help="Customers get a link by e-mail and need no login.")
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        string="Language",
        default=lambda self: self.env.lang,
        help="In which the e-mail is written.",
    )
    state = fields.Selection(
        [
            ("nominated", "Named"),
            ("invited", "Asked"),
            ("answered", "Answered"),
            ("declined", "Declined"),
            ("expired", "Not Answered"),
        ],
        required=True,
        default="nominated",
        copy=False,
        index=True,
    )
    reason = fields.Text(string="Why Declined", readonly=True, copy=False)
    token_hashes = fields.Char(copy=False, groups=NO_ACCESS)
    date_asked = fields.Date(
        string="Last Asked", readonly=True, copy=False, groups=NO_ACCESS
    )

    _user_uniq = models.UniqueIndex(
        "(feedback_id, user_id) WHERE user_id IS NOT NULL",
        "This colleague is named already.",
    )
    _email_uniq = models.UniqueIndex(
        "(feedback_id, lower(email)) WHERE email IS NOT NULL",
        "This e-mail address is named already.",
    )

    @api.depends("user_id")
    def _compute_name(self):
        for invitation in self:
            # sudo: a name that was chosen from a list
            invitation.name = invitation.user_id.sudo().name or invitation.name

    @api.depends("employee_name", "cycle_name")
    def _compute_display_name(self):
        for invitation in self:
            names = (invitation.employee_name, invitation.cycle_name)
            invitation.display_name = " · ".join(filter(None, names))

    @api.constrains("rater_group", "user_id", "email", "feedback_id")
    def _check_rater(self):
        for invitation in self.sudo():  # compares with people of the scorecard
            invitation._check_group()
            if invitation.user_id:
                if invitation.user_id.share:
                    raise ValidationError(
                        self.env._(
                            "“%s” is not a colleague: name him by e-mail.",
                            invitation.user_id.name,
                        )
                    )
            elif invitation.rater_group != "customers":
                raise ValidationError(
                    self.env._("Choose a colleague; only customers answer by e-mail.")
                )
            else:
                invitation._check_email()

    @api.model_create_multi
    def create(self, vals_list):
        # Nothing is logged and nobody follows: either would tell who named whom.
        quiet = self.with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        for vals in vals_list:
            self._clean(vals)
        return super(BscFeedbackInvitation, quiet).create(vals_list).with_env(self.env)

    def write(self, vals):
        self._clean(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_asked(self):
        if any(one.state != "nominated" for one in self):
            raise UserError(
                self.env._("Somebody who was asked stays in the list: he may decline.")
            )

    def _has_field_access(self, field, operation):
        if operation == "write" and not self.env.su:
            if field.name in self._PROTECTED:
                return False
            if field.name == "feedback_id" and any(self._ids):
                return False
        return super()._has_field_access(field, operation)

    def _get_possible_followers(self):
        return self.user_id

    @api.model
    def _clean(self, vals):
        if vals.get("email"):
            vals["email"] = email_normalize(vals["email"]) or vals["email"].strip()

    def _check_group(self):
        """Keep the employee and the manager in groups of their own."""
        feedback = self.feedback_id
        known = {"self": feedback.responsible_id, "manager": feedback.appraiser_id}
        for group, user in known.items():
            is_this = bool(self.user_id) and self.user_id == user
            if is_this != (self.rater_group == group):
                raise ValidationError(
                    self.env._(
                        "“%(name)s” cannot be asked as %(group)s of %(employee)s.",
                        name=self.name,
                        group=feedback._get_group_labels()[self.rater_group],
                        employee=feedback.employee_id.name,
                    )
                )

    def _check_email(self):
        """Refuse what is no address, or is that of the employee or the manager."""
        if not email_normalize(self.email or ""):
            raise ValidationError(
                self.env._(
                    "“%s” needs an e-mail address to get the questions.", self.name
                )
            )
        feedback = self.feedback_id
        people = feedback.responsible_id | feedback.appraiser_id
        own = {
            *people.mapped("email_normalized"),
            email_normalize(feedback.employee_id.work_email or ""),
            email_normalize(feedback.employee_id.private_email or ""),
        }
        if email_normalize(self.email) in own - {False}:
            raise ValidationError(
                self.env._(
                    "%s belongs to the employee or the manager, who answer with their"
                    " own login.",
                    self.email,
                )
            )
