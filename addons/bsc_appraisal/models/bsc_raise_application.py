from odoo import fields, models
from odoo.exceptions import UserError


class BscRaise(models.Model):
    """Writes the award into the employee's record, once, and takes it back."""

    _inherit = "bsc.raise"

    def _note_outcomes(self, state):
        """Note on the scorecards how far the consequences have come, in sudo."""
        for kind, lines in self.grouped("kind").items():
            documents = {line.scorecard_id: line for line in lines if line.scorecard_id}
            self.env["bsc.scorecard"]._set_outcomes(kind, state, documents)

    def _get_letter_language(self):
        """Return the language that the employee reads."""
        self.ensure_one()
        # sudo: the user of an employee may be of another company
        employee_sudo = self.employee_id.sudo()
        return (
            employee_sudo.user_id.lang
            or employee_sudo.lang
            or employee_sudo.work_contact_id.lang
            or self.env.lang
        )

    def _apply(self):
        """Apply the lines together; whoever calls holds their locks.

        What cannot be applied says why and stays: nothing is ever overwritten.
        """
        able = self.browse()
        for line in self:
            reason = line._get_cannot_apply_reason()
            if reason:
                line.write({"state": "failed", "failure": reason})
            else:
                able |= line
        try:
            with self.env.cr.savepoint():
                able._do_apply()
        except UserError as error:
            if len(able) == 1:
                able.write({"state": "failed", "failure": str(error)})
            else:  # one of them: the others are not to suffer for it
                for line in able:
                    line._apply()

    def _get_cannot_apply_reason(self):
        """Return why the award cannot be written any more, False when it can."""
        self.ensure_one()
        employee, day = self.employee_id, self.date_effective
        if not employee.active:
            return self.env._("The employee was archived since.")
        if self.kind == "bonus" or not self.base:
            return False
        versions = employee.version_ids
        if day in versions.mapped("date_version"):
            return self.env._(
                "There is a version of %s already: it is not overwritten. Enter the"
                " wage there, or choose another date.",
                day,
            )
        later = versions.filtered(lambda one: one.date_version > day)
        if later:
            return self.env._(
                "A later version starts on %s and would undo the raise: apply it there"
                " by hand.",
                min(later.mapped("date_version")),
            )
        version = employee._get_version(day)
        if self.currency_id.compare_amounts(version.wage, self.wage_old):
            return self.env._("The wage was changed since the raise was computed.")
        return False

    def _do_apply(self):
        """Create the versions and what is paid once, and read them back."""
        raised = self.filtered(lambda line: line.base and line.kind == "raise")
        versions = raised._create_versions()
        self.write({"state": "applied", "failure": False})
        for line, version in versions.items():
            line.version_id = version
        self.env["bsc.bonus"].create(
            [line._prepare_bonus_vals() for line in self if line.lump]
        )
        self._note_outcomes("applied")

    def _create_versions(self):
        """Return ``{line: its new version}``.

        :raise UserError: a wage is not stored as it was decided
        """
        known = self.employee_id.version_ids
        made = {
            line: line.employee_id.create_version(
                {"date_version": line.date_effective, "wage": line.wage_new}
            )
            for line in self
        }
        versions = self.env["hr.version"].union(*made.values())
        versions.flush_recordset()
        versions.invalidate_recordset(["wage", "date_version"])
        versions.fetch(["wage", "date_version"])  # they were made one by one
        for line, version in made.items():
            if (
                version in known
                or version.date_version != line.date_effective
                or line.currency_id.compare_amounts(version.wage, line.wage_new)
            ):
                raise UserError(
                    self.env._(
                        "The wage was not stored as it was decided: nothing changed."
                    )
                )
        return made

    def _prepare_bonus_vals(self):
        return {
            "raise_id": self.id,
            "employee_id": self.employee_id.id,
            "company_id": self.company_id.id,
            "kind": "bonus" if self.kind == "bonus" else "lump",
            "amount": self.lump,
            "date": self.date_effective,
        }

    def _reverse(self, day):
        """Take the lines back from a day on; whoever calls holds their locks."""
        for line in self:
            try:
                with self.env.cr.savepoint():
                    line._do_reverse(day)
            except UserError as error:
                line.failure = str(error)

    def _do_reverse(self, day):
        """Remove the version if it lies ahead, otherwise restore the wage by a new one.

        :raise UserError: somebody has built on the version since
        """
        self.ensure_one()
        bonuses = self.env["bsc.bonus"].search([("raise_id", "=", self.id)])
        version = self.version_id
        if version:
            self._check_untouched(version)
            if version.date_version > fields.Date.today():
                version.unlink()
            else:
                self._restore_wage(
                    max(day, fields.Date.add(version.date_version, days=1))
                )
        bonuses.filtered(lambda one: one.state == "due")._cancel()
        paid = bonuses.filtered(lambda one: one.state == "paid")
        self.write(
            {
                "state": "reversed",
                "failure": self.env._("What was paid once stays paid.")
                if paid
                else False,
            }
        )
        self._note_outcomes("dropped")

    def _check_untouched(self, version):
        """:raise UserError: the version is not the last, or its wage is another"""
        versions = self.employee_id.version_ids
        before = versions.filtered(lambda one: one.date_version < version.date_version)
        before = before.sorted("date_version")[-1:]
        touched = (
            version != versions.sorted("date_version")[-1:]
            or self.currency_id.compare_amounts(version.wage, self.wage_new)
            or (before and version.job_id != before.job_id)
            or (before and version.department_id != before.department_id)
        )
        if touched:
            raise UserError(
                self.env._(
                    "The version of %s was changed or followed by another since: put"
                    " the wage right by hand.",
                    version.date_version,
                )
            )

    def _restore_wage(self, day):
        version = self.employee_id.create_version(
            {"date_version": day, "wage": self.wage_old}
        )
        self.env.flush_all()
        version.invalidate_recordset(["wage", "date_version"])
        if version.date_version != day or self.currency_id.compare_amounts(
            version.wage, self.wage_old
        ):
            raise UserError(
                self.env._("There is a version of %s already: choose another day.", day)
            )
