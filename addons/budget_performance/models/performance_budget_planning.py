from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import Command, fields, models


class PerformanceBudget(models.Model):
    """A budget knows the round that it was agreed in."""

    _inherit = "performance.budget"

    round_id = fields.Many2one(
        "performance.budget.round",
        string="Agreed In",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    _round_uniq = models.UniqueIndex(
        "(round_id) WHERE round_id IS NOT NULL", "A round makes one budget."
    )

    def _has_field_access(self, field, operation):
        # EXTENDS: the system says where a budget comes from
        if operation == "write" and field.name == "round_id" and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def action_open_round(self):
        """Open the round that the budget was agreed in."""
        self.ensure_one()
        self.check_access("read")
        return self.round_id._get_records_action()

    def _prepare_next_round(self):
        """Return the round that follows the budget; make it from its execution.

        Each line is proposed with what is expected to be spent on it, raised or lowered
        by the results of its department.
        """
        self.ensure_one()
        Round = self.env["performance.budget.round"]
        date_from = self.date_to + timedelta(days=1)
        known = Round.search(
            [
                ("company_id", "=", self.company_id.id),
                ("date_from", "=", date_from),
                ("state", "!=", "cancelled"),
            ],
            limit=1,
        )
        if known:
            return known
        date_to = date_from + relativedelta(date_from, self.date_from)
        date_to -= timedelta(days=1)
        made = Round.create(
            {
                "name": self._get_next_name(date_from, date_to),
                "company_id": self.company_id.id,
                "date_from": date_from,
                "date_to": date_to,
                "base_budget_id": self.id,
                "department_ids": [
                    Command.set(self.line_ids.department_id.ids),
                ],
            }
        )
        Copy = self.env["performance.budget.proposal.copy"]
        Copy._make(made, made.proposal_ids).action_copy()
        return made

    def _get_next_name(self, date_from, date_to):
        """Return the name of what follows: by its year, if it is one."""
        if (date_from.month, date_to.month) == (1, 12) and (
            date_from.year == date_to.year
        ):
            return self.env._("Budget %(year)s", year=date_from.year)
        return self.env._(
            "Budget from %(first)s to %(last)s", first=date_from, last=date_to
        )
