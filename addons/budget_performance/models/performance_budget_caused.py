from odoo import fields, models
from odoo.exceptions import AccessError


class PerformanceBudgetCaused(models.AbstractModel):
    """What a variance can be put down to: a budget line, or a document on it.

    The cause is recorded by who answers for the line and by finance, with name and
    date. Reports take the cause of the document first, else that of the line. A
    document model that inherits this has nothing else to do.
    """

    _name = "performance.budget.caused"
    _description = "Budget Variance with a Cause"

    _CAUSE_FIELDS = frozenset(
        {
            "budget_cause_id",
            "budget_cause_note",
            "budget_cause_user_id",
            "budget_cause_date",
        }
    )

    budget_cause_id = fields.Many2one(
        "performance.budget.cause",
        string="Variance Cause",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    budget_cause_note = fields.Char(
        string="Explanation of the Cause", readonly=True, copy=False
    )
    budget_cause_user_id = fields.Many2one(
        "res.users", string="Cause Recorded By", readonly=True, copy=False
    )
    budget_cause_date = fields.Date(
        string="Cause Recorded On", readonly=True, copy=False
    )

    def _has_field_access(self, field, operation):
        if (
            operation == "write"
            and field.name in self._CAUSE_FIELDS
            and not self.env.su
        ):
            return False
        return super()._has_field_access(field, operation)

    def action_record_budget_cause(self):
        """Ask for the cause.

        :raise AccessError: see :meth:`_check_may_record_cause`
        """
        self.ensure_one()
        self._check_may_record_cause()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "budget_performance.performance_budget_cause_record_action"
        )
        return {
            **action,
            "context": {
                "default_res_model": self._name,
                "default_res_id": self.id,
                "default_cause_id": self.budget_cause_id.id,
                "default_note": self.budget_cause_note,
            },
        }

    def _record_cause(self, cause, note):
        """Keep the cause with who says so and when; an empty cause takes it back.

        :raise AccessError: see :meth:`_check_may_record_cause`
        """
        self._check_may_record_cause()
        self.sudo().write(  # protected fields, checked above
            {
                "budget_cause_id": cause.id,
                "budget_cause_note": bool(cause) and note,
                "budget_cause_user_id": bool(cause) and self.env.user.id,
                "budget_cause_date": bool(cause) and fields.Date.context_today(self),
            }
        )

    def _check_may_record_cause(self):
        """:raise AccessError: neither finance nor owner of a line that is concerned"""
        self.check_access("read")
        if self.env.user.has_group("budget_performance.group_budget_officer"):
            return
        for record in self:
            if self.env.user not in record._get_concerned_lines().owner_id:
                raise AccessError(
                    self.env._(
                        "The cause on “%s” is recorded by the owner of its budget line"
                        " and by finance.",
                        record.display_name,
                    )
                )

    def _get_concerned_lines(self):
        """Return the lines that the document holds or held something on."""
        self.ensure_one()
        # sudo: finds out whether the person may say why, nothing of it is shown
        entries_sudo = self.env["performance.budget.entry"].sudo()
        found_sudo = entries_sudo.search(
            [("res_model", "=", self._name), ("res_id", "=", self.id)]
        )
        return found_sudo.line_id
