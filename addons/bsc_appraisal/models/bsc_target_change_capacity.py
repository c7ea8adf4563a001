import logging

from odoo import Command, api, models
from odoo.exceptions import RedirectWarning, ValidationError


class BscTargetChange(models.Model):
    """A target far beyond what was assessed as possible is not asked for alone.

    What is possible rises with the money: who may ask for money is led to a budget
    adjustment that changes both, with one approval.
    """

    _inherit = "bsc.target.change"

    @api.model_create_multi
    def create(self, vals_list):
        changes = super().create(vals_list)
        # sudo: whether an adjustment carries it, not what that says
        for change in changes.filtered(lambda change: not change.sudo().adjustment_id):
            change._check_is_possible()
        return changes

    def _check_is_possible(self):
        """:raise RedirectWarning: far beyond what was assessed, to who may ask for the
            money that makes it possible
        :raise ValidationError: to everybody else
        """
        line = self.line_id
        excess = line._get_excess(self.value, line.capacity)
        if not excess:
            return
        message = self.env._(
            "%(line)s: the target is %(excess).1f %% above what was assessed as"
            " possible (%(limit).0f %% is the limit). Ask for less, or together with"
            " the money it takes: an adjustment of the budget changes the target, and"
            " what is possible, with one approval.",
            line=line.indicator_id.display_name,
            excess=excess,
            limit=line.cycle_id.over_capacity,
        )
        if not self.env["performance.budget.adjustment"].has_access("create"):
            raise ValidationError(message)
        warning = RedirectWarning(
            message,
            {
                "type": "ir.actions.act_window",
                "name": self.env._("Money and Target"),
                "res_model": "performance.budget.adjustment",
                "views": [(False, "form")],
            },
            self.env._("Ask with the Money"),
            self._prepare_adjustment_defaults(),
        )
        warning.loglevel = logging.INFO  # a refusal like any other, not an error
        raise warning

    def _prepare_adjustment_defaults(self) -> dict:
        """Return the context in which an adjustment starts with this target."""
        row = {
            "scorecard_id": self.scorecard_id.id,
            "line_id": self.line_id.id,
            "value": self.value,
            "capacity": self.line_id.capacity,
            "date_effective": self.date_effective.isoformat(),
        }
        return {
            "default_kind": "supplement",
            "default_company_id": self.company_id.id,
            "default_reason": self.reason,
            "default_target_ids": [Command.create(row)],
        }
