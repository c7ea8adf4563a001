from odoo import Command, fields, models


class PerformanceBudgetAdjustment(models.Model):
    """An adjustment that changes targets with the money: both or neither.

    It is decided once, by every level of its kind whatever the amount, because a
    target has none. Whoever is measured by one of the targets counts as one who asks.
    """

    _inherit = "performance.budget.adjustment"

    target_ids = fields.One2many(
        "bsc.target.adjustment",
        "adjustment_id",
        string="Indicator Targets",
        help="Targets of scorecards that change together with the money.",
    )

    def _get_effect_fingerprint(self):
        return super()._get_effect_fingerprint() + [
            row._get_fingerprint_values() for row in self.target_ids.sorted("id")
        ]

    def _has_content(self):
        # EXTENDS: a target alone is asked for on its scorecard, where it is decided
        has_legs = any(leg.amount or leg.amount_document for leg in self.line_ids)
        return super()._has_content() and bool(
            has_legs or self.carry_ids or not self.target_ids
        )

    def _get_not_ready_reasons(self):
        return super()._get_not_ready_reasons() + (
            self.target_ids._get_not_ready_reasons()
        )

    def _get_levels(self):
        if not self.target_ids:
            return super()._get_levels()
        return self.env["performance.budget.adjustment.level"]._find(
            self.company_id, self.kind, float("inf")
        )

    def _get_requester_ids(self):
        subjects = self.target_ids.scorecard_id.responsible_id
        return super()._get_requester_ids() | set(subjects.ids)

    def _do_submit(self, user):
        result = super()._do_submit(user)
        self._tell_asked_targets()
        return result

    def _apply_effects(self):
        res = super()._apply_effects()
        self.target_ids._apply()
        return res

    def _prepare_reversal_vals(self):
        return {
            **super()._prepare_reversal_vals(),
            "target_ids": [
                Command.create(row._prepare_reversal_vals())
                for row in self.target_ids.filtered("change_id")
            ],
        }

    def _tell_asked_targets(self):
        """Tell subjects and appraisers what is asked for, before it is decided."""
        for row in self.target_ids:
            card = row.scorecard_id
            users = (card.responsible_id | card.appraiser_id) - self.env.user
            card.message_notify(
                partner_ids=users.partner_id.ids,
                subject=self.env._(
                    "Another target is asked for: %s", row.line_id.display_name
                ),
                body=self.env._(
                    "Together with the budget adjustment %(adjustment)s the target of"
                    " “%(indicator)s” would change from %(before)s to %(after)s on"
                    " %(day)s. Speak to %(person)s if something speaks against it.",
                    adjustment=self.name,
                    indicator=row.line_id.display_name,
                    before=row.aim_before,
                    after=row.aim,
                    day=row.date_effective,
                    person=self.requester_id.name,
                ),
            )
