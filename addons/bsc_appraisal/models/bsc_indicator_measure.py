from odoo import api, fields, models
from odoo.exceptions import ValidationError


class BscIndicator(models.Model):
    """One thing is counted by one rule, whatever the level it is counted on.

    "Contract value" by one department and "received value" by another under one name
    is how figures come to contradict each other. Two active indicators of a company
    that measure the same thing must carry the same statistical rule; the same
    indicator on several levels is welcome.
    """

    _inherit = "bsc.indicator"

    objective_id = fields.Many2one(
        "bsc.objective",
        index="btree_not_null",
        check_company=True,
        ondelete="set null",
        domain="[('perspective_id', '=', perspective_id)]",
        tracking=True,
        help="The objective of the strategy map that it shows the way of.",
    )
    measured_thing = fields.Char(
        translate=True,
        tracking=True,
        help="What is counted, in a word or two: “contract value”, “received value”."
        " Active indicators of the same thing share one statistical rule. Empty: the"
        " name of the indicator.",
    )
    measured_key = fields.Char(compute="_compute_measured_key", store=True, index=True)
    assignment_ids = fields.One2many("bsc.indicator.assignment", "indicator_id")

    @api.depends("measured_thing", "name")
    def _compute_measured_key(self):
        # Compared in the source language: every indicator has it, once.
        for indicator in self.with_context(lang="en_US"):
            thing = indicator.measured_thing or indicator.name or ""
            indicator.measured_key = self._normalise(thing)

    @api.constrains("objective_id", "perspective_id")
    def _check_objective_of_perspective(self):
        for indicator in self.filtered("objective_id"):
            if indicator.objective_id.perspective_id != indicator.perspective_id:
                raise ValidationError(
                    self.env._(
                        "“%(objective)s” belongs to another perspective than"
                        " %(indicator)s. Choose an objective of the same perspective.",
                        objective=indicator.objective_id.name,
                        indicator=indicator.display_name,
                    )
                )

    def _get_definition_gaps(self) -> list[str]:
        return super()._get_definition_gaps() + self._get_rule_conflicts()

    def _get_rule_conflicts(self) -> list[str]:
        """Name the active indicators that count the same thing by another rule."""
        rule = self._get_rule_text()
        if not self.measured_key or not rule:
            return []
        same_thing = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "active"),
                ("measured_key", "=", self.measured_key),
                ("id", "!=", self._origin.id),
            ]
        )
        return [
            self.env._(
                "Statistical rule: %(other)s counts “%(thing)s” by another rule. Take"
                " over its rule, or say more precisely what is measured.",
                other=other.display_name,
                thing=self.measured_thing or self.name,
            )
            for other in same_thing
            if other._get_rule_text() != rule
        ]

    def _get_rule_text(self) -> str:
        source = self.with_context(lang="en_US")
        return self._normalise(source.statistical_rule or "")

    @api.model
    def _normalise(self, text: str) -> str:
        return " ".join(text.casefold().split()).rstrip(".")
