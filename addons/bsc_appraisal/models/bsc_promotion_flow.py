from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .bsc_promotion import PAY


class BscPromotion(models.Model):
    """How a promotion is decided, and how it is applied once and only once."""

    _inherit = "bsc.promotion"

    can_submit = fields.Boolean(compute="_compute_can_move")
    can_apply = fields.Boolean(compute="_compute_can_move")

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can_move(self):
        user = self.env.user
        is_officer = user.has_group("bsc_appraisal.group_appraisal_officer")
        for promotion in self:
            others = promotion.user_id != user
            promotion.can_submit = is_officer and others and promotion.state == "draft"
            promotion.can_apply = (
                promotion.state == "approved"
                and not promotion._get_cannot_apply_reason()
            )

    def action_submit(self):
        """Ask the levels to decide.

        :raise UserError: no draft, his own, or a condition of the post is missing
        """
        self._check_officer()
        self._check_state("draft")
        for promotion_sudo in self.sudo():  # closed to clients, checked above
            promotion_sudo._check_conditions()
            promotion_sudo._start_revision(self.env.user)
            promotion_sudo._notify_deciders()

    def action_approve(self):
        """Approve the level that is yours."""
        self._decide("granted")

    def action_refuse(self):
        """Ask why; then it ends here."""
        for promotion in self:
            promotion._check_can_decide()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "bsc_appraisal.bsc_promotion_refuse_action"
        )
        return {**action, "context": {"default_promotion_ids": self.ids}}

    def action_cancel(self):
        """Take proposals back that are not applied."""
        self._check_officer()
        self._check_state("draft", "submitted", "approved")
        promotions_sudo = self.sudo()  # closed to clients, checked above
        promotions_sudo.state = "cancelled"
        promotions_sudo.activity_unlink(["mail.mail_activity_data_todo"])
        promotions_sudo._note_outcome("dropped")

    def action_apply(self):
        """Write the new post as a new version of the employee.

        :raise UserError: not approved, applied already, a condition is missing now, or
            the employee has a version on this very day
        """
        self.check_access("read")
        for promotion in self:
            reason = promotion._get_cannot_apply_reason()
            if reason:
                raise UserError(reason)
            promotion.sudo()._do_apply(self.env.user)  # checked above

    def _check_officer(self):
        self.check_access("read")
        self._check_not_own()
        if not self.env.su and not self.env.user.has_group(
            "bsc_appraisal.group_appraisal_officer"
        ):
            raise UserError(self.env._("Only an appraisal officer does this."))

    def _check_state(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for promotion in self:
            if promotion.state not in states:
                raise UserError(
                    self.env._(
                        "“%(promotion)s” is %(state)s; this starts from: %(sources)s.",
                        promotion=promotion.display_name,
                        state=labels[promotion.state],
                        sources=", ".join(labels[state] for state in states),
                    )
                )

    def _get_cannot_apply_reason(self):
        """Return why the user cannot apply it, False when he can."""
        if self.user_id == self.env.user:
            return self.env._("Nobody applies his own promotion.")
        if not self.env.user.has_group("bsc_appraisal.group_appraisal_manager"):
            return self.env._("An appraisal manager applies promotions.")
        # sudo: whether a wage changes, not which
        if self.sudo().wage and not self.env.user.has_group(PAY):
            return self.env._("It changes the wage: an HR manager applies it.")
        return False

    def _examine(self):
        """Note the present post, the last result and every condition, in sudo."""
        self.ensure_one()
        rule = self.env["bsc.promotion.rule"]._find(self.company_id, self.job_id)
        person = self.employee_id
        judged = rule._judge(person, self.job_id, self.date_effective)[person]
        before = self.scorecard_id
        self.write(
            {
                "from_job_id": person.job_id.id,
                "from_department_id": person.department_id.id,
                "scorecard_id": rule._get_published_cards(person)[-1:].id,
                "conditions": [list(one) for one in judged],
            }
        )
        if not before:
            self._note_outcome("proposed")

    def _check_conditions(self):
        """:raise UserError: with every condition, when one is missing now; in sudo"""
        if self.employee_id.job_id == self.job_id:
            raise UserError(
                self.env._(
                    "%(name)s holds the post “%(post)s” already.",
                    name=self.employee_id.name,
                    post=self.job_id.name,
                )
            )
        self._examine()
        if not all(met for _code, met, _values in self.conditions or ()):
            raise UserError(
                self.env._(
                    "%(name)s cannot be promoted yet:\n%(conditions)s",
                    name=self.employee_id.name,
                    conditions=self.explanation,
                )
            )

    def _do_apply(self, user):
        """Apply it exactly once, in sudo.

        The state moves by a conditional update: of two who apply at once one waits,
        then sees that there is nothing left to do.
        """
        self.ensure_one()
        self.flush_recordset(["state"])
        moved = self.env.execute_query(
            SQL(
                """UPDATE bsc_promotion SET state = 'applied'
                    WHERE id = %s AND state = 'approved' RETURNING id""",
                self.id,
            )
        )
        self.invalidate_recordset(["state"])
        if not moved:
            self._check_state("approved")
        self._check_unchanged()
        self._check_conditions()
        version = self._create_version()
        self.write(
            {
                "version_id": version.id,
                "applied_date": fields.Datetime.now(),
                "applied_by_id": user.id,
            }
        )
        self._note_outcome("applied")
        self.activity_unlink(["mail.mail_activity_data_todo"])
        self._tell_employee()

    def _create_version(self):
        """Return the new version of the employee, read back and verified.

        :raise UserError: he has a version on this day, or the values did not arrive
        """
        person = self.employee_id
        taken = self.env["hr.version"].search_count(
            [
                ("employee_id", "=", person.id),
                ("date_version", "=", self.date_effective),
            ]
        )
        if taken:
            raise UserError(
                self.env._(
                    "%(name)s has a version of %(day)s already; a second change on the"
                    " same day would be lost. Take the proposal back and choose another"
                    " day.",
                    name=person.name,
                    day=self.date_effective,
                )
            )
        values = {"job_id": self.job_id.id}
        if self.department_id:
            values["department_id"] = self.department_id.id
        if self.wage:
            values["wage"] = self.wage
        # As the system: the method drops sudo on its way, and whoever applies a
        # promotion without a wage need not be in the HR application.
        version = person.with_user(SUPERUSER_ID).create_version(
            {**values, "date_version": self.date_effective}
        )
        version.flush_recordset()
        version.invalidate_recordset()
        arrived = {
            name: version[name].id if hasattr(version[name], "id") else version[name]
            for name in values
        }
        if version.date_version != self.date_effective or arrived != values:
            raise UserError(
                self.env._(
                    "The new version of %s does not hold what was decided: nothing was"
                    " applied.",
                    person.name,
                )
            )
        return version.with_env(self.env)

    def _note_outcome(self, state):
        for promotion in self.filtered("scorecard_id"):
            promotion.scorecard_id._set_outcome("promotion", state, promotion)

    def _tell_employee(self):
        partner = self.user_id.partner_id
        if not partner:
            return
        promotion_lang = self.with_context(lang=self.user_id.lang)
        promotion_lang.message_notify(
            partner_ids=partner.ids,
            subject=promotion_lang.env._("Your promotion"),
            body=promotion_lang.env._(
                "From %(day)s your post is “%(post)s”. Congratulations!",
                day=self.date_effective,
                post=promotion_lang.job_id.name,
            ),
        )
